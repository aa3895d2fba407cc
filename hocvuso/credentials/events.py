"""What this room tells the rooms above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CredentialIssued:
    """A credential was signed."""

    credential_id: str
