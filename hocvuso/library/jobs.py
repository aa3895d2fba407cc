"""Long work of this room: a programme that comes in is compiled, an edition is published, its lessons are spoken."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hocvuso.base.words import name_of
from hocvuso.jobs import services as jobs
from hocvuso.jobs.services import Finish, Outcome, Run
from hocvuso.people.queries import asker
from hocvuso.units.models import Unit

from . import services, services_speech
from .models import Edition


@jobs.kind("edition.draft", few=512)
def draft(run: Run) -> Finish:
    """`unit`: a draft of that unit from the archive that came; many or large pictures take long. Size: kilobytes."""
    by = asker(run.by_id)
    unit = Unit.objects.filter(pk=run.args["unit"]).first() if run.args["unit"] else None
    compiled = services.compile_archive(content=run.content(), by=by, unit=unit)

    def finish() -> Outcome:
        made = services.draft_of(compiled, by=by, unit=unit)
        return Outcome(_("Đã có bản nháp: %(title)s.") % {"title": made.content["title"]}, leads_to=name_of(made))

    return finish


@jobs.kind("edition.publish", few=60)
def publish(run: Run) -> Finish:
    """`edition`: published, with all its pages. Size: lessons."""
    by = asker(run.by_id)
    edition = Edition.objects.select_related("programme__owner", "unit").get(pk=run.args["edition"])

    def finish() -> Outcome:
        done = services.publish(edition=edition, by=by)
        says = _("Đã chuyển sang: %(state)s.") % {"state": done.get_state_display()}
        return Outcome(says, leads_to=name_of(done))

    return finish


@jobs.kind(services_speech.KIND, minutes=120, whole=False)
def speak(run: Run) -> Finish:
    """`edition`: its lessons are spoken, each kept as soon as it is. Asked for by the site itself."""
    edition = Edition.objects.select_related("programme").filter(pk=run.args["edition"], state="published").first()
    count = services_speech.speak(edition, run.tell) if edition else 0
    return lambda: Outcome(_("Đã đọc thành tiếng %(n)s bài.") % {"n": count}, count)
