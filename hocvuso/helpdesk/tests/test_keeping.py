"""What residents asked goes at its time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hocvuso.helpdesk.models import RequestMove, RequestReply, ResidentRequest
from hocvuso.privacy import keeping

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ended(key, now):
    return keeping.of(key).end(now)


class TestRequests:
    @pytest.fixture
    def request_of_a_stranger(self, cast):
        made = ResidentRequest.objects.create(
            unit=cast.here, topic="other", text="Tôi cần giúp", contact_name="Bà Tư", contact_sealed="sealed",
            recorded_by=cast.lan, state=ResidentRequest.State.WITHDRAWN,
        )  # fmt: skip
        RequestMove.objects.create(request=made, unit=cast.here, to=made.state, at=timezone.now())
        RequestReply.objects.create(request=made, by=cast.lan, text="Mời bà đến xã")
        return made

    def test_name_and_phone_go_some_days_after_the_end(self, request_of_a_stranger):
        days = keeping.of("help-contacts").number
        assert ended("help-contacts", timezone.now() + days * DAY - timedelta(minutes=1)) == 0
        assert ended("help-contacts", timezone.now() + days * DAY + timedelta(minutes=1)) == 1
        request_of_a_stranger.refresh_from_db()
        assert (request_of_a_stranger.contact_name, request_of_a_stranger.text) == ("", "Tôi cần giúp")

    def test_of_an_open_one_nothing_goes(self, request_of_a_stranger):
        ResidentRequest.objects.update(state=ResidentRequest.State.ASKED)
        assert ended("help-contacts", timezone.now() + 1000 * DAY) == 0

    def test_words_stay_until_a_time_is_set(self, request_of_a_stranger, settings):
        keeping.end_all(timezone.now() + 5000 * DAY)
        assert ResidentRequest.objects.get().text and "Chưa đặt" in keeping.of("help").sentence
        settings.ENV = {**settings.ENV, "HOCVUSO_KEEP_REQUESTS_DAYS": 365}
        keeping.end_all(timezone.now() + 366 * DAY)
        assert (ResidentRequest.objects.get().text, RequestReply.objects.get().text) == ("", "")
        assert "365" in keeping.of("help").sentence
