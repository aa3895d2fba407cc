"""Home and programme paths follow the editions."""

from hocvuso.base.news import hear
from hocvuso.library.news import EditionPublished, EditionWithdrawn

from . import publishing


@hear(EditionPublished)
def _write_pages(_news: EditionPublished) -> None:
    publishing.render_all()


@hear(EditionWithdrawn)
def _rewrite_pages(_news: EditionWithdrawn) -> None:
    publishing.render_all()
