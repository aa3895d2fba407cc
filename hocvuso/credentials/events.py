"""What this room tells the rooms above."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class CredentialIssued:
    """A credential was signed."""

    kind: ClassVar = "credential.issued"

    credential_id: str
