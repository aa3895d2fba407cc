"""Home and programme paths follow the editions."""

from hocvuso.base.events import on
from hocvuso.library.events import EditionPublished, EditionWithdrawn

from . import publishing


@on(EditionPublished, "public-pages")
def _write_pages(_news: EditionPublished) -> None:
    """Write home and the paths of programmes anew."""
    publishing.render_all()


@on(EditionWithdrawn, "public-pages")
def _rewrite_pages(_news: EditionWithdrawn) -> None:
    """Write home and the paths of programmes anew."""
    publishing.render_all()
