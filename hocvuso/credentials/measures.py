"""What this room can count for indicators."""

from django.utils.translation import gettext_lazy as _

from hocvuso.indicators.rules import measure

from .models import Credential


@measure("credentials.valid", version=1, title=_("Chứng nhận còn hiệu lực"))
def valid() -> int:
    """Credentials neither suspended nor revoked."""
    return Credential.objects.filter(state=Credential.State.ISSUED).count()
