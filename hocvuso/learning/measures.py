"""What this room can count for indicators."""

from django.utils.translation import gettext_lazy as _

from hocvuso.indicators.rules import measure

from .models import Enrolment, LessonProgress


@measure("learning.learners", version=1, title=_("Người đang học"))
def learners() -> int:
    """People enrolled in at least one programme."""
    return Enrolment.objects.values("person").distinct().count()


@measure("learning.lessons-done", version=1, title=_("Lượt bài học đã xong"))
def lessons_done() -> int:
    """Lessons done, each person and lesson counted once."""
    return LessonProgress.objects.filter(state=LessonProgress.State.DONE).count()
