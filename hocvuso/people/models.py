"""Persons and what the platform knows of them."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from hocvuso.base.ids import uuid7
from hocvuso.base.models import Entity
from hocvuso.units.models import Place, Unit

from .rules import AGE_OF_OWN_CONSENT, Asked, May, Role
from .rules_consent import Said


def new_salt() -> str:
    return secrets.token_hex(8)


class Person(AbstractBaseUser):
    """One account. Identifiers (phone, e-mail …) are separate rows, encrypted.

    There is no password: people sign in by a one-time code, OpenID Connect or a passkey.
    """

    word = "person"

    password = None  # type: ignore[assignment]
    last_login = None

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=120, blank=True)
    position = models.CharField(max_length=120, blank=True, help_text="chức vụ of who holds a role, as they wrote it")
    serves = models.BooleanField(default=False, editable=False, help_text="was given a role that permits something")
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=10, blank=True, choices=[("female", _("nữ")), ("male", _("nam"))])
    audience = models.SlugField(max_length=40, blank=True)
    language = models.CharField(max_length=10, default="vi")
    large_type = models.BooleanField(default=False)
    ethnicity = models.SlugField(max_length=20, blank=True, help_text="of data/ethnicities.csv; only if told")
    home_place = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="+")
    session_salt = models.CharField(max_length=16, default=new_salt, editable=False)
    keeps_records = models.BooleanField(
        default=False, editable=False, help_text="the last that was said to the purpose of learning records was yes"
    )
    ended_sessions = models.TextField(
        blank=True, editable=False, help_text="`<session>:<until>` of those signed out of"
    )
    totp_sealed = models.CharField(max_length=200, blank=True, editable=False)
    totp_last = models.BigIntegerField(default=0, editable=False)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, editable=False, help_text="made by `hocvuso demo`, removed with it")
    anonymised_at = models.DateTimeField(null=True, blank=True)

    objects = BaseUserManager()
    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name_plural = "people"
        indexes = [models.Index(fields=["id"], condition=Q(is_demo=True), name="person_of_demo")]
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_year=None) | Q(birth_year__gte=1900, birth_year__lte=2100),
                name="birth_year_plausible",
            )
        ]

    def __str__(self) -> str:
        """As colleagues read it: who gave no name has a mark, by which two of them are told apart."""
        return self.name or f"{self.plain_name} · {self.mark}"

    @property
    def plain_name(self) -> str:
        """As the person, and whoever has no reach over them, reads it."""
        return self.name or str(_("Cán bộ") if self.serves else _("Người học"))

    @property
    def mark(self) -> str:
        """Always the same for a person; says nothing of their id, which records without names end with."""
        return salted_hmac("hocvuso.people.mark", str(self.pk), algorithm="sha256").hexdigest()[:6]

    def get_session_auth_hash(self) -> str:
        """Changes when the person signs out everywhere: every older session ends."""
        return salted_hmac("hocvuso.people.session", self.session_salt, algorithm="sha256").hexdigest()

    def has_ended(self, session: str) -> bool:
        """Whether the person signed out of this session. Every request asks; no row but the person's is read."""
        return session in self.ended_sessions

    def is_child(self, on: date) -> bool:
        """Under 16 (Law 91/2025/QH15); in the year of the 16th birthday still counted as a child."""
        return self.birth_year is not None and on.year - self.birth_year <= AGE_OF_OWN_CONSENT


class Identifier(Entity):
    """A phone, e-mail, OpenID subject or pupil code of a person, encrypted; found by keyed hash."""

    word = "identifier"

    class Kind(models.TextChoices):
        PHONE = "phone", _("điện thoại")
        EMAIL = "email", _("thư điện tử")
        OIDC = "oidc", _("danh tính số")
        PUPIL_CODE = "pupil-code", _("mã học sinh")

    person = models.ForeignKey(Person, models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    sealed = models.TextField()
    lookup = models.CharField(max_length=64)
    verified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "lookup"], name="identifier_belongs_to_one")]


class OneTimeCode(Entity):
    """A code sent to a phone or e-mail. Bound to the browser that asked, so strangers burn only their own tries.

    Without `code_hash` nothing was sent: the day's key opens it (`services.codes`), a row of the purpose `day-key`.
    """

    word = "one-time-code"

    kind = models.CharField(max_length=12, choices=Identifier.Kind.choices)
    lookup = models.CharField(max_length=64)
    sealed = models.TextField()
    code_hash = models.CharField(max_length=64, blank=True)
    letter_sealed = models.TextField(blank=True, help_text="language and code, until it is sent or too old")
    asker = models.CharField(max_length=64, blank=True, help_text="keyed hash of the network address that asked")
    browser = models.CharField(max_length=32, blank=True, help_text="secret of the session of the browser that asked")
    purpose = models.CharField(max_length=20, default="sign-in")
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField(default=5)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["lookup"], condition=Q(purpose="day-key"), name="day_key_of"),
            models.Index(fields=["browser"], condition=~Q(browser=""), name="codes_of_a_browser"),
        ]


class Passkey(Entity):
    """A WebAuthn credential."""

    word = "passkey"

    person = models.ForeignKey(Person, models.CASCADE, related_name="passkeys")
    credential_id = models.CharField(max_length=400, unique=True)
    public_key = models.TextField()
    sign_count = models.BigIntegerField(default=0)
    label = models.CharField(max_length=80)
    last_used_at = models.DateTimeField(null=True, blank=True)


class GrantQuerySet(models.QuerySet["RoleGrant"]):
    def active(self, at: datetime) -> Self:
        return self.filter(Q(starts_at__lte=at), Q(ends_at=None) | Q(ends_at__gt=at))


class RoleGrant(Entity):
    """A role at a unit, from a time to a time; reaches the unit's subtree. Ended, never deleted."""

    word = "role-grant"

    person = models.ForeignKey(Person, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="grants")
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "unit"], condition=Q(ends_at=None), name="one_open_grant_of_a_role"
            ),
            models.CheckConstraint(condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="grant_ends_later"),
        ]


class OfferQuerySet(models.QuerySet["RoleOffer"]):
    def waiting(self, at: datetime) -> Self:
        return self.filter(state=RoleOffer.State.WAITING, expires_at__gt=at)


class RoleOffer(Entity):
    """A role offered to whoever has a phone number or address; it gives nothing until that person accepts it.

    The number, encrypted, and the name are kept while the offer waits and not longer: what became of it is in the
    journal.
    """

    word = "role-offer"

    class State(models.TextChoices):
        WAITING = "waiting", _("đang chờ")
        ACCEPTED = "accepted", _("đã nhận")
        DECLINED = "declined", _("đã từ chối")
        WITHDRAWN = "withdrawn", _("đã rút")
        EXPIRED = "expired", _("đã hết hạn")

    kind = models.CharField(max_length=12, choices=Identifier.Kind.choices)
    lookup = models.CharField(max_length=64, blank=True, db_index=True)
    sealed = models.TextField(blank=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="role_offers")
    name = models.CharField(max_length=120, blank=True, help_text="what colleagues will read if the person has none")
    offered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["lookup", "role", "unit"], condition=Q(state="waiting"), name="one_waiting_offer_of_a_role"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", closed_at=None) | (~Q(state="waiting") & Q(closed_at__isnull=False)),
                name="offer_waits_or_is_closed",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(sealed="", lookup="", name=""), name="closed_offer_forgets"
            ),
        ]


class TwoPersonRequest(Entity):
    """Base of requests that another person must confirm; what they are about stands in the rooms that have them.

    `permission`, held at `owner()`, is what asking and confirming take.
    """

    word: str
    permission: ClassVar[May]
    objects: models.Manager[Any]

    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=Asked.choices, default=Asked.OPEN)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="confirmed") | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="%(class)s_takes_two",
            )
        ]

    def same_subject(self) -> dict[str, Any]:
        """What finds other requests about the same thing."""
        raise NotImplementedError

    def owner(self) -> Unit:
        """The unit that answers for what it is about."""
        raise NotImplementedError

    def told(self) -> dict[str, Any]:
        """What the journal keeps of it."""
        raise NotImplementedError


class Guardianship(Entity):
    """A guardian's consent for a child under 16: asked by the child, answered by the guardian with a code.

    Of a family without an address of the guardian's own, `guardian_sealed` is empty: somebody of the school or commune
    who met the guardian confirms it (`confirmed_by`, `confirmed_how`), finding it by the code that the child shows.
    """

    word = "guardianship"

    class How(models.TextChoices):
        MET = "met", _("đã gặp hoặc gọi trực tiếp người giám hộ")
        PAPER = "paper", _("đã nhận giấy đồng ý có chữ ký")

    child = models.ForeignKey(Person, models.CASCADE, related_name="guardianships")
    guardian = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="wards")
    guardian_sealed = models.TextField(blank=True)
    guardian_name = models.CharField(max_length=120, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    token_sealed = models.CharField(max_length=200, blank=True, help_text="until the link is sent, or the code is used")
    expires_at = models.DateTimeField()
    consented_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    confirmed_how = models.CharField(max_length=5, blank=True, choices=How.choices)

    @property
    def holds(self) -> bool:
        """Whether it is a consent that was given and not taken back."""
        return self.consented_at is not None and self.withdrawn_at is None


class AppendedQuerySet(models.QuerySet["Consent"]):
    def update(self, **values: Any) -> int:
        """History is added to, never changed."""
        raise TypeError("consents are only added to")


class Consent(Entity):
    """What a person (or the guardian) said to a purpose: under which wording, when, by which act.

    Rows are only added; the last one of a purpose holds. Erasing the account deletes them, the journal keeps the acts.
    """

    word = "consent"

    GUARDIANSHIP: ClassVar[str] = "guardianship:"

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    purpose = models.SlugField(max_length=40)
    said = models.CharField(max_length=10, choices=Said.choices)
    wording = models.CharField(max_length=20)
    evidence = models.CharField(max_length=200)

    objects = AppendedQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["person", "purpose", "-created_at"], name="last_consent_of_a_purpose")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("consents are only added to")
        super().save(*args, **kwargs)

    @property
    def by_guardian(self) -> bool:
        """Whether a guardian said it, and not the person."""
        return self.evidence.startswith(self.GUARDIANSHIP)


class PrivacyRequest(Entity):
    """A person's request about their own data, and what became of it."""

    word = "privacy-request"

    class Kind(models.TextChoices):
        SEE = "see", _("xem")
        CORRECT = "correct", _("sửa")
        EXPORT = "export", _("tải về")
        ERASE = "erase", _("xoá")

    person = models.ForeignKey(Person, models.CASCADE, related_name="privacy_requests")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    done_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)


def active_grants(person: Any, at: datetime) -> list[RoleGrant]:
    """The person's grants in force at `at`, each with its unit."""
    return list(RoleGrant.objects.active(at).filter(person=person).select_related("unit"))
