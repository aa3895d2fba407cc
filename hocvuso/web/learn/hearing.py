"""Pages follow the editions."""

from hocvuso.base.news import hear
from hocvuso.library.models import Edition, Programme
from hocvuso.library.news import EditionPublished, EditionWithdrawn

from . import publishing


@hear(EditionPublished)
def _write_pages(news: EditionPublished) -> None:
    programme = Programme.objects.select_related("current").get(editions__pk=news.edition_id)
    if programme.current:
        publishing.render_lessons(programme)


@hear(EditionWithdrawn)
def _remove_pages(news: EditionWithdrawn) -> None:
    publishing.remove_lessons(Edition.objects.select_related("programme").get(pk=news.edition_id).programme)
