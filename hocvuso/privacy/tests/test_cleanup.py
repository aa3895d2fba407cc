"""What is too old to be of use is deleted; what still counts stays."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from hocvuso.base import throttle
from hocvuso.base.models import Tries
from hocvuso.people.models import Guardianship, OneTimeCode
from hocvuso.people.services import guardians, signin

pytestmark = pytest.mark.django_db


def test_old_codes_requests_and_counters_go_and_fresh_ones_stay(cast, capsys):
    now = timezone.now()
    old, fresh = (signin.send_code(address=a, asker="x") for a in ("0912 345 678", "0912 345 679"))
    OneTimeCode.objects.filter(pk=old.pk).update(expires_at=now)
    asked = [guardians.ask_guardian(child=cast.hoa, address=f"0900 000 00{n}", name="Bố") for n in range(2, 5)]
    Guardianship.objects.filter(pk=asked[0].pk).update(expires_at=now)
    Guardianship.objects.filter(pk=asked[1].pk).update(expires_at=now, consented_at=now)
    Tries.objects.update(since=now - timedelta(minutes=throttle.LONGEST_MINUTES - 1))
    stale = Tries.objects.first()
    Tries.objects.filter(pk=stale.pk).update(since=now - timedelta(minutes=throttle.LONGEST_MINUTES + 1))
    counters = Tries.objects.count()
    call_command("cleanup")
    assert capsys.readouterr().out.split()[-1] == "3"
    assert list(OneTimeCode.objects.all()) == [fresh]
    assert {g.pk for g in Guardianship.objects.all()} == {asked[1].pk, asked[2].pk}
    assert Tries.objects.count() == counters - 1 and not Tries.objects.filter(pk=stale.pk).exists()


def test_no_window_is_longer_than_counters_are_kept(db):
    with pytest.raises(ValueError, match="longer"):
        throttle.count("x", "y", limit=1, minutes=throttle.LONGEST_MINUTES + 1)
