"""Guardians of children under 16: asked, answering, taking back; found in person where a family has one number only."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.base import addresses, gateways, journal, outbox, throttle
from hocvuso.base.errors import Refusal, TooMany
from hocvuso.base.events import emit
from hocvuso.base.secrets import decrypt, encrypt

from ..events import ConsentWithdrawn
from ..models import Consent, Guardianship, OneTimeCode, Person
from ..queries import SEALED, address_of, consents_of, lookup_of
from ..rules import by_day, masked, name_in_messages
from ..rules_consent import NOTICE, Purpose, Said
from . import codes, consents, signin
from .ages import BadYear, check_year
from .codes import CannotSend
from .signin import read_address

LINK = "guardian-link"  # what its token is sealed for
LOUD = "phone:"  # an address beneath which a message rings: whoever a child names is not woken
GUARDIAN_DAYS = 14
AGAIN = timedelta(minutes=10)  # within which asking the same guardian again is the same press, not another letter
ASKED_A_DAY = 5  # messages that a child sets off
TOLD_A_DAY = 2  # messages to one receiver, whoever asks: with the codes to a number ten a day are the most


class GuardianAsked(Refusal):
    """The link of a request for consent is unknown, used or too old."""

    code = "guardian-link"
    says = _("Đường dẫn này không còn dùng được. Hãy nhờ con gửi lại đường dẫn mới.")


class OwnAddress(Refusal):
    """A child's own number cannot show that somebody else agrees."""

    code = "own-address"
    says = _(
        "Đây là số hoặc địa chỉ bạn đang dùng để đăng nhập, nên không cho biết người giám hộ có đồng ý hay không. Hãy"
        " ghi số hoặc thư điện tử khác của người giám hộ, hoặc nhờ thầy cô, cán bộ xã xác nhận (cách 2)."
    )


class ToldEnough(TooMany):
    """This receiver had their messages of the day."""

    code = "told-enough"
    says = _("Hôm nay đã nhắn đủ số lần tới người này. Hãy đợi %(minutes)s phút, hoặc hỏi trực tiếp.")


@transaction.atomic
def ask_guardian(*, child: Person, address: str, name: str) -> Guardianship:
    """Send a guardian the link at which to consent; asked again within `AGAIN`, or while it waits for the morning, the
    first asking stands and nothing is sent, unless it could not be.

    Raises NotAnAddress, OwnAddress, CannotSend, NotThere, Spent, ToldEnough, TooMany.
    """
    kind, value = read_address(address)
    codes.expect_served(kind, value)
    if child.identifiers.filter(kind=kind, lookup=lookup_of(kind, value)).exists():
        raise OwnAddress(field="address")
    asked, is_new = _asked_once(child, kind, value, name)
    if not is_new:
        return asked
    journal.write("guardian.asked", asked, by=child)
    if gateways.leave(kind):
        outbox.queue(Guardianship.word, [(asked.pk, f"{Guardianship.word}:{asked.pk}", timezone.now())])
        outbox.send_soon(Guardianship.word)
        return asked
    letter = _letter(asked)
    try:
        gateways.send(kind, value, subject=letter.subject, text=letter.text)
    except OSError:
        raise CannotSend(field="address") from None
    _sent(asked.pk, timezone.now())
    asked.token_sealed = ""
    return asked


def is_unsent(child: Person) -> bool:
    """Whether the last message to a guardian was tried in vain."""
    last = child.guardianships.order_by("created_at").last()
    return last is not None and _failed(last)


def _failed(asked: Guardianship) -> bool:
    delivery = codes.delivery_of_message(asked.pk)
    return delivery == codes.Delivery.FAILED or (delivery == codes.Delivery.DELAYED and not waits(asked))


def waits(asked: Guardianship) -> bool:
    """Whether its message waits for the morning; until it had the time to go out then, it is not late."""
    lately = timezone.localtime() - codes.LONGEST_SENDING
    return bool(asked.token_sealed) and _opened(asked).startswith(LOUD) and by_day(lately) is not None


def _asked_once(child: Person, kind: str, value: str, name: str) -> tuple[Guardianship, bool]:
    """The request, and whether it is new: not when it was made just before, or waits for the morning.

    Two presses at the same time wait here.
    """
    Person.objects.select_for_update().get(pk=child.pk)
    address = f"{kind}:{value}"
    unanswered = Guardianship.objects.filter(child=child, consented_at=None, withdrawn_at=None)
    for asked in unanswered.filter(expires_at__gt=timezone.now()).exclude(guardian_sealed=""):
        lately = asked.created_at > timezone.now() - AGAIN or waits(asked)
        if lately and _opened(asked) == address and not _failed(asked):
            return asked, False
    throttle.count("guardian-asked", str(child.pk), limit=ASKED_A_DAY, minutes=24 * 60)
    try:
        throttle.count("guardian-told", lookup_of(kind, value), limit=TOLD_A_DAY, minutes=24 * 60)
    except TooMany as refusal:
        raise ToldEnough(field="address", **refusal.values) from None
    codes.spend(kind)
    token = secrets.token_urlsafe(24)
    made = Guardianship.objects.create(
        child=child,
        guardian_sealed=encrypt(address, purpose=SEALED),
        guardian_name=name.strip()[:120],
        token_hash=token_hash(token),
        token_sealed=encrypt(token, purpose=LINK),
        expires_at=timezone.now() + timedelta(days=GUARDIAN_DAYS),
    )
    return made, True


def _sent(key: UUID, _now: datetime) -> None:
    Guardianship.objects.filter(pk=key).update(token_sealed="")


@outbox.source(Guardianship.word, sent=_sent)
def _letters(keys: Collection[UUID], now: datetime) -> dict[UUID, outbox.Answer]:
    """To guardians who have not answered yet, while the link is good; what rings goes out by day."""
    rows = Guardianship.objects.filter(pk__in=keys, expires_at__gt=now, consented_at=None).exclude(token_sealed="")
    morning = by_day(timezone.localtime(now))
    found: dict[UUID, outbox.Answer] = {}
    for row in rows.select_related("child"):
        rings = _opened(row).startswith(LOUD)
        found[row.pk] = outbox.Later(morning) if morning and rings else _letter(row)
    return found


def _letter(asked: Guardianship) -> gateways.Letter:
    kind, _colon, value = _opened(asked).partition(":")
    link = settings.BASE_URL + addresses.address_of("guardian-link", decrypt(asked.token_sealed, purpose=LINK))
    hotline = settings.ENV["HOCVUSO_HOTLINE"]
    with translation.override(asked.child.language):
        said = {
            "child": name_in_messages(asked.child.name) or _t("Một em nhỏ"),
            "from": address_of(asked.child),
            "link": link,
            "call": _t(" hoặc gọi %(hotline)s") % {"hotline": hotline} if hotline else "",
        }
        text = _t(
            "%(child)s muốn học cùng Học vụ số (gửi từ số, địa chỉ %(from)s). Em dưới 16 tuổi nên cần bạn, người giám"
            " hộ, đồng ý lưu kết quả học. Hãy hỏi lại em%(call)s cho chắc. Chúng tôi không hỏi mật khẩu, không đòi"
            " tiền. Trả lời tại: %(link)s"
        )
        return gateways.Letter(kind, value, _t("Xin bạn đồng ý cho con học"), text % said)


def open_request(token: str) -> Guardianship:
    """The request behind a link, which stays good for taking the consent back. Raises GuardianAsked."""
    rows = Guardianship.objects.select_related("child").exclude(guardian_sealed="")  # what goes by hand, staff find
    found = rows.filter(token_hash=token_hash(token)).first()
    if found is None or found.withdrawn_at or (found.expires_at < timezone.now() and not found.consented_at):
        raise GuardianAsked
    return found


@transaction.atomic
def guardian_consents(*, request: Guardianship, by: Person, birth_year: int | None = None) -> Guardianship:
    """The guardian, who has shown that the address is theirs to which the request was sent, consents; a child cannot.

    `birth_year`: the child's, where it is written down wrong. Twice is once, unless the child said no in between.
    Raises GuardianAsked, BadYear.
    """
    request = locked(request)
    if not is_guardian(request, by) or request.withdrawn_at:
        raise GuardianAsked
    if birth_year not in (None, request.child.birth_year):
        correct_year(request, birth_year, by)
    if request.consented_at and request.guardian_id == by.pk and request.child.keeps_records:
        return request  # pressed twice
    request.guardian, request.consented_at = by, timezone.now()
    request.save(update_fields=["guardian", "consented_at"])
    note(request, Said.GIVEN)
    journal.write("guardian.consented", request, by=by)
    return request


@transaction.atomic
def guardian_withdraws(*, request: Guardianship, by: Person) -> Guardianship:
    """A guardian takes the consent back, or does not give it: from now on nothing is recorded for the child.

    Twice is once. Where two agreed, the word of one who does not any more ends both.
    """
    request = locked(request)
    if request.withdrawn_at and request.guardian_id == by.pk:
        return request
    if request.guardian_id != by.pk and (request.consented_at or not is_guardian(request, by)):
        raise GuardianAsked
    take_back(request, by)
    return request


def is_guardian(request: Guardianship, person: Person) -> bool:
    """Whether a person has the address that was asked; neither the child nor another child has a say."""
    kind, _colon, value = _opened(request).partition(":")
    has = bool(kind) and person.identifiers.filter(kind=kind, lookup=lookup_of(kind, value)).exists()
    return has and person.pk != request.child_id and not person.is_child(timezone.localdate())


def take_back(request: Guardianship, by: Person) -> None:
    """Write down that `request`, locked, is not agreed to, or not any more; who says so has shown that they may."""
    now = timezone.now()
    said = Said.WITHDRAWN if request.consented_at else Said.DECLINED
    request.guardian_id = request.guardian_id or (None if request.confirmed_by_id else by.pk)
    request.withdrawn_at = now
    request.save(update_fields=["guardian", "withdrawn_at"])
    held = Guardianship.objects.filter(child=request.child_id, consented_at__isnull=False, withdrawn_at=None)
    held.update(withdrawn_at=now)
    last = consents_of(request.child).get(Purpose.LEARNING)
    if (
        last is not None
        and last.said == Said.GIVEN
        and (last.by_guardian or request.child.is_child(timezone.localdate()))
    ):
        note(request, Said.WITHDRAWN)  # who has grown up and said yes themselves is not spoken for any more
        emit(ConsentWithdrawn(person_id=str(request.child_id), purpose=str(Purpose.LEARNING)))
    journal.write("guardian.withdrew" if said == Said.WITHDRAWN else "guardian.declined", request, by=by)


@transaction.atomic
def guardian_corrects_year(*, request: Guardianship, birth_year: int | None, by: Person) -> Guardianship:
    """The guardian says in which year the child was born: what the child cannot change alone. Raises BadYear."""
    request = locked(request)
    if not is_guardian(request, by) or request.withdrawn_at:
        raise GuardianAsked
    return correct_year(request, birth_year, by)


def correct_year(request: Guardianship, birth_year: int | None, by: Person) -> Guardianship:
    """Write the child's year of birth as an adult says it, of a `request` that is locked. Raises BadYear."""
    if birth_year is None:
        raise BadYear(field="birth_year")
    check_year(birth_year)
    request.child.birth_year = birth_year
    request.child.save(update_fields=["birth_year"])
    journal.write("guardian.corrected-year", request, by=by)
    return request


def send_code(*, request: Guardianship, asker: str, browser: str) -> OneTimeCode:
    """A code to the guardian's own address, by which they answer on whatever device shows the page.

    Raises what sending a code raises.
    """
    kind, _colon, value = _opened(request).partition(":")
    if not kind or request.withdrawn_at:
        raise GuardianAsked
    return signin.send_code(address=value, asker=asker, purpose=codes.GUARDIAN, browser=browser)


def guardian_of_code(*, code_id: UUID | str, code: str, browser: str) -> Person:
    """The guardian who typed the code that went to their address; nobody is signed in by it. Raises WrongCode."""
    used = signin.check_code(code_id=code_id, code=code, purpose=codes.GUARDIAN, browser=browser)
    return signin.person_of(code=used)[0]


class Stands(models.TextChoices):
    """Where a request stands, as the child reads it."""

    SENDING = "sending", _("đang gửi tin")
    BY_DAY = "by-day", _("sẽ nhắn lúc 7 giờ sáng")
    UNSENT = "unsent", _("chưa gửi được tin")
    WAITING = "waiting", _("chờ trả lời")
    AGREED = "agreed", _("đã đồng ý")
    DECLINED = "declined", _("không đồng ý")
    WITHDRAWN = "withdrawn", _("đã rút lại sự đồng ý")
    TOO_OLD = "too-old", _("quá hạn, không ai trả lời")


@dataclass(frozen=True)
class Standing:
    """One request as the child sees it: to whom (empty: by hand), when it was asked or answered, where it stands."""

    to: str
    at: datetime
    stands: Stands


def standing_of(child: Person, *, most: int = 10) -> list[Standing]:
    """The child's requests, the latest first."""
    rows = child.guardianships.order_by("-created_at")[:most]
    return [Standing(shown_address(row), *_stands(row)) for row in rows]


def _stands(row: Guardianship) -> tuple[datetime, Stands]:
    if row.withdrawn_at:
        return row.withdrawn_at, Stands.WITHDRAWN if row.consented_at else Stands.DECLINED
    if row.consented_at:
        return row.consented_at, Stands.AGREED
    if row.expires_at < timezone.now():
        return row.expires_at, Stands.TOO_OLD
    if row.guardian_sealed and _failed(row):
        return row.created_at, Stands.UNSENT
    if waits(row):
        return row.created_at, Stands.BY_DAY
    sending = bool(row.guardian_sealed and row.token_sealed)
    return row.created_at, Stands.SENDING if sending else Stands.WAITING


def shown_address(request: Guardianship) -> str:
    """Where the request went, masked; empty when it goes by hand."""
    kind, _colon, value = _opened(request).partition(":")
    return masked(kind, value) if kind else ""


def end_all(*, guardian: Person) -> None:
    """What a guardian agreed to ends with their account; what they were asked and did not answer goes."""
    for request in guardian.wards.filter(withdrawn_at=None, consented_at__isnull=False).select_related("child"):
        take_back(request, guardian)
    guardian.wards.all().delete()


def note(request: Guardianship, said: Said) -> None:
    """What the guardian said stands in the child's history."""
    request.child.keeps_records = consents.note_records([request.child_id], said)
    Consent.objects.create(
        person_id=request.child_id,
        purpose=Purpose.LEARNING,
        said=said,
        wording=NOTICE,
        evidence=f"{Consent.GUARDIANSHIP}{request.pk}",
    )


def locked(request: Guardianship) -> Guardianship:
    """The request as it stands now, held until the act is done."""
    return Guardianship.objects.select_for_update(of=("self",)).select_related("child").get(pk=request.pk)


def _opened(request: Guardianship) -> str:
    return decrypt(request.guardian_sealed, purpose=SEALED) if request.guardian_sealed else ""


def token_hash(token: str) -> str:
    """By what a link or a code finds its request."""
    return sha256(token.encode()).hexdigest()
