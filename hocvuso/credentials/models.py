"""Credentials (Open Badges 3.0 / W3C Verifiable Credentials 2.0) and the keys that sign them."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hocvuso.assess.models import Attempt
from hocvuso.base.models import Entity
from hocvuso.library.models import Edition
from hocvuso.people.models import Person, TwoPersonRequest
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit


class IssuerKey(Entity):
    """An Ed25519 key of the issuer. Rotation retires it: it signs no more, yet what it signed stays valid."""

    word = "issuer-key"

    public = models.CharField(max_length=80, unique=True)
    sealed = models.TextField()
    retired_at = models.DateTimeField(null=True, blank=True)
    compromised_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=Q(retired_at=None), name="one_issuer_key_signs")
        ]


class CredentialQuerySet(models.QuerySet["Credential"]):
    def visible_to(self, person: Any) -> Self:
        """The holder's own; the public sees only what `queries.verification` shows."""
        return self.filter(holder=person)

    def answered_for_by(self, person: Any) -> Self:
        """Those of the units where the person may suspend and revoke."""
        return self.filter(unit__in=units_in_reach(person, May.REVOKE))


class Credential(Entity):
    """One certificate: signed at issue, never deleted; `signed` is the verifiable credential itself.

    `unit` answers for it: the owner of the programme when it was issued, for good. `status_index` is its bit in the
    status list. The holder chooses whether the public page shows the name. A name that was wrong is put right by
    another certificate for the same test, which supersedes this one.
    """

    word = "credential"

    class State(models.TextChoices):
        ISSUED = "issued", _("còn hiệu lực")
        SUSPENDED = "suspended", _("tạm dừng")
        REVOKED = "revoked", _("đã thu hồi")
        SUPERSEDED = "superseded", _("đã được thay")

    holder = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="credentials")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="credentials")
    attempt = models.ForeignKey(Attempt, models.SET_NULL, null=True, blank=True, related_name="credentials")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ISSUED)
    holder_name = models.CharField(max_length=120)
    tier = models.PositiveSmallIntegerField(null=True)
    key = models.ForeignKey(IssuerKey, models.PROTECT, related_name="credentials")
    status_index = models.PositiveIntegerField(unique=True)
    signed = models.JSONField()
    show_name = models.BooleanField(default=False)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt"], condition=~Q(state="superseded"), name="one_credential_that_stands"
            ),
        ]


class RevocationRequest(TwoPersonRequest):
    """Asked: to revoke a certificate, or to lift a revocation that was wrong."""

    word = "revocation-request"
    permission = May.REVOKE

    credential = models.ForeignKey(Credential, models.CASCADE, related_name="requests")
    to = models.CharField(max_length=10, choices=Credential.State.choices)

    class Meta(TwoPersonRequest.Meta):
        ordering = ["-created_at"]
        constraints = [
            *TwoPersonRequest.Meta.constraints,
            models.UniqueConstraint(fields=["credential"], condition=Q(state="open"), name="one_open_revocation"),
        ]

    @property
    def lifts(self) -> bool:
        return self.to == Credential.State.ISSUED

    def same_subject(self) -> dict[str, Any]:
        return {"credential": self.credential_id}

    def owner(self) -> Unit:
        return self.credential.unit

    def told(self) -> dict[str, Any]:
        return {"credential": self.credential_id, "to": self.to}
