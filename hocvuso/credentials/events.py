"""What this room tells the rooms above."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class CredentialIssued:
    """A credential was signed."""

    kind: ClassVar = "credential.issued"

    credential_id: str


@dataclass(frozen=True)
class RevocationLifted:
    """A revocation was wrong: the certificate is valid again, and was never rightly counted as revoked."""

    kind: ClassVar = "credential.revocation-lifted"

    credential_id: str
