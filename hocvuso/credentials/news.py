"""What this room announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CredentialIssued:
    """A credential was signed."""

    credential_id: str
