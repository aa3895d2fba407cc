"""What this room listens to."""

from hocvuso.assess.models import Attempt
from hocvuso.assess.news import AttemptScored
from hocvuso.base.news import hear
from hocvuso.people.news import PersonErased

from . import services


@hear(AttemptScored)
def _recognise(news: AttemptScored) -> None:
    """Issue at once when the holder's name is known; otherwise the result page asks for it."""
    attempt = Attempt.objects.select_related("person").filter(pk=news.attempt_id).first()
    if attempt and (attempt.result or {}).get("passed") and attempt.person.name:
        services.issue(attempt=attempt)


@hear(PersonErased)
def _forget(news: PersonErased) -> None:
    services.forget_holder(person_id=news.person_id)
