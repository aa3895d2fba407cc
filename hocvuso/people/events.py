"""What this room tells the rooms above."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class RoleEnded:
    """A role ended: `own` when its holder laid it down (or erased the account), else by others."""

    kind: ClassVar = "role.ended"

    grant_id: str
    own: bool


@dataclass(frozen=True)
class RoleOfferDeclined:
    """Whoever was offered a role does not want it. Says nothing of who that is."""

    kind: ClassVar = "role-offer.declined"

    offer_id: str


@dataclass(frozen=True)
class ConsentWithdrawn:
    """A person takes a consent back, or does not give it; rooms above end what rested on it."""

    kind: ClassVar = "consent.withdrawn"

    person_id: str
    purpose: str


@dataclass(frozen=True)
class PersonErased:
    """A person was anonymised; rooms above erase what is theirs."""

    kind: ClassVar = "person.erased"

    person_id: str
