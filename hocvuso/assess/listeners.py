"""What this room listens to."""

from hocvuso.base.events import on
from hocvuso.library.events import EditionPublished
from hocvuso.library.models import Edition
from hocvuso.people.events import PersonErased

from . import services


@on(EditionPublished, "item-bank")
def _stock_the_bank(event: EditionPublished) -> None:
    """Bring the bank of test items up to date."""
    services.sync_items(edition=Edition.objects.select_related("programme").get(pk=event.edition_id))


@on(PersonErased, "attempts")
def _forget(event: PersonErased) -> None:
    """Delete attempts and answers."""
    services.erase(person_id=event.person_id)
