"""Browsers that let themselves be called: taken in, called, let go."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hocvuso.base import webpush
from hocvuso.base.calling import may_be_public
from hocvuso.base.errors import Refusal
from hocvuso.base.gateways import Call
from hocvuso.base.secrets import decrypt, encrypt
from hocvuso.people.models import Person

from ..models import PushDevice, PushKey

DEVICE, KEY = "push-device", "push-key"
MOST = 5  # browsers of a person: the newest


class NoDevice(Refusal):
    """The browser gave no address at which it can be called."""

    code = "no-device"
    says = _("Trình duyệt này chưa cho phép nhận thông báo. Hãy cho phép, hoặc chọn cách khác.")


def public_key() -> str:
    """What a browser is told of us when it is asked whether we may call it."""
    return webpush.public_key(_private_key())


def _private_key() -> str:
    found = PushKey.objects.filter(name=KEY).first()
    if found is None:
        sealed = encrypt(webpush.new_key(), purpose=KEY)
        found, _made = PushKey.objects.get_or_create(name=KEY, defaults={"sealed": sealed})
    return decrypt(found.sealed, purpose=KEY)


@transaction.atomic
def take_in(*, person: Person, subscription: str) -> PushDevice:
    """Let a browser be called for a person, and for nobody else any more. Raises NoDevice."""
    try:
        read = webpush.Subscription.read(subscription)
    except webpush.BadSubscription:
        raise NoDevice(field="way") from None
    if not may_be_public(read.endpoint):
        raise NoDevice(field="way")
    lookup = sha256(read.endpoint.encode()).hexdigest()
    sealed = encrypt(read.written(), purpose=DEVICE)
    device, _made = PushDevice.objects.update_or_create(lookup=lookup, defaults={"person": person, "sealed": sealed})
    kept = list(PushDevice.objects.filter(person=person).order_by("-created_at", "-pk").values_list("pk", flat=True))
    PushDevice.objects.filter(pk__in=set(kept[MOST:]) - {device.pk}).delete()
    return device


def let_go(*, person: Person) -> None:
    """Call no browser of a person any more."""
    PushDevice.objects.filter(person=person).delete()


def call_of(device: PushDevice, text: bytes, *, topic: str, now: datetime) -> Call:
    """A text for one browser, as the outbox sends it."""
    to = webpush.Subscription.read(decrypt(device.sealed, purpose=DEVICE))
    contact = settings.BASE_URL if settings.SECURE else f"mailto:{settings.DEFAULT_FROM_EMAIL}"
    return webpush.call(text, to, private=_private_key(), contact=contact, now=now, topic=topic)
