"""Pages follow the editions."""

from hocvuso.base.events import on
from hocvuso.library.events import EditionPublished, EditionWithdrawn
from hocvuso.library.models import Edition, Programme

from . import publishing


@on(EditionPublished, "lesson-pages")
def _write_pages(event: EditionPublished) -> None:
    """Write the pages of its lessons."""
    programme = Programme.objects.select_related("current").get(editions__pk=event.edition_id)
    if programme.current:
        publishing.render_lessons(programme)


@on(EditionWithdrawn, "lesson-pages")
def _remove_pages(event: EditionWithdrawn) -> None:
    """Remove the pages of its lessons."""
    publishing.remove_lessons(Edition.objects.select_related("programme").get(pk=event.edition_id).programme)
