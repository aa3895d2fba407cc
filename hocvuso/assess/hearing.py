"""What this room listens to."""

from hocvuso.base.news import hear
from hocvuso.library.models import Edition
from hocvuso.library.news import EditionPublished
from hocvuso.people.news import PersonErased

from . import services


@hear(EditionPublished)
def _stock_the_bank(news: EditionPublished) -> None:
    services.sync_items(edition=Edition.objects.select_related("programme").get(pk=news.edition_id))


@hear(PersonErased)
def _forget(news: PersonErased) -> None:
    services.erase(person_id=news.person_id)
