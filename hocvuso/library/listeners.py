"""What follows on publishing within this room, and takes long."""

from __future__ import annotations

from hocvuso.base.events import on
from hocvuso.library.events import EditionPublished

from . import services_speech
from .models import Edition


@on(EditionPublished, "lesson-sounds")
def _ask_for_sounds(event: EditionPublished) -> None:
    """Ask for the sound of its lessons."""
    services_speech.ask_for(Edition.objects.get(pk=event.edition_id))
