"""Verbs on inspections: prepare, begin, conclude, close."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import EndsBeforeItStarts, FixedNow, NeedsTitle, NotAllowed, Refusal, TwoEyes
from hocvuso.base.states import check_move
from hocvuso.base.versions import expect
from hocvuso.checklists import rules as rules_checklists
from hocvuso.checklists import rules_xlsform
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.units.models import Unit
from hocvuso.units.queries import NotAddressable, addressing_unit

from ..models import Finding, Inspection, InspectionState, Remedy, RemedyState, Severity, Visit, VisitState
from ..queries import goes_along, inspectors_for, partial_to
from ..rules import MOVES


class NotReady(Refusal):
    """Something is missing before the next step."""

    code = "not-ready"
    says = _("Chưa đủ để sang bước sau.")


class NothingToAsk(NotReady):
    """No question."""

    code = "nothing-to-ask"
    says = _("Phiếu kiểm tra chưa có câu hỏi nào.")


class NobodyToVisit(NotReady):
    """No unit in the scope."""

    code = "nobody-to-visit"
    says = _("Chưa chọn đơn vị được kiểm tra.")


class NobodyGoes(NotReady):
    """No inspector in the team."""

    code = "nobody-goes"
    says = _("Đoàn kiểm tra chưa có ai.")


class Partial(Refusal):
    """Nobody inspects where they hold a role."""

    code = "partial"
    says = _("Người có vai trò ở đơn vị được kiểm tra không vào đoàn kiểm tra: %(who)s.")


class VisitsUnderWay(NotReady):
    """Some visits are not finished."""

    code = "visits-under-way"
    says = _("Còn %(n)s lượt kiểm tra chưa xong.")


class FindingsWithoutRemedy(NotReady):
    """Some findings have no remedy."""

    code = "findings-without-remedy"
    says = _("Còn %(n)s tồn tại chưa giao khắc phục.")


class NoConclusion(NotReady):
    """The conclusion is not written."""

    code = "no-conclusion"
    says = _("Hãy soạn kết luận trước khi ban hành.")


class RemediesOpen(NotReady):
    """Some remedies are not confirmed."""

    code = "remedies-open"
    says = _("Còn %(n)s việc khắc phục chưa được xác nhận.")


@transaction.atomic
def plan_inspection(*, unit: Unit, by: Person, title: str, **fields: Any) -> Inspection:
    """Prepare an inspection. `fields`: number, basis, starts_on, ends_on. Raises NotAllowed, NeedsTitle."""
    if not may(by, May.INSPECT, unit):
        raise NotAllowed
    _check_fields(title, fields.get("starts_on"), fields.get("ends_on"))
    made = Inspection.objects.create(unit=unit, title=title.strip(), written_by=by, **fields)
    journal.write("inspection.planned", made, by=by, title=made.title, unit=unit.code)
    return made


def _check_fields(title: str, starts_on: date | None, ends_on: date | None) -> None:
    if not title.strip():
        raise NeedsTitle(field="title")
    if starts_on and ends_on and ends_on < starts_on:
        raise EndsBeforeItStarts(field="ends_on")


@transaction.atomic
def edit_inspection(
    *, inspection: Inspection, by: Person, title: str, version: int | None = None, **fields: Any
) -> Inspection:
    """Change the head of an inspection that has not begun, seen at `version`. Raises Stale."""
    held = _locked(inspection, by, state=InspectionState.PLANNED)
    _check_fields(title, fields.get("starts_on"), fields.get("ends_on"))
    expect(held, version, by=by)
    for name, value in {"title": title.strip(), **fields}.items():
        setattr(held, name, value)
    held.save()
    journal.write("inspection.edited", held, by=by, title=held.title)
    return held


def read_checklist(*, text: str = "", workbook: bytes = b"") -> tuple[dict[str, Any], list[rules_checklists.Fault]]:
    """A checklist from lines of text or from an XLSForm workbook, and what cannot be taken; nothing is stored."""
    return rules_xlsform.read(workbook) if workbook else rules_checklists.from_text(text)


@transaction.atomic
def set_checklist(
    *, inspection: Inspection, checklist: dict[str, Any], by: Person, version: int | None = None
) -> Inspection:
    """Give an inspection that has not begun its questions. Raises NothingToAsk, Stale."""
    held = _locked(inspection, by, state=InspectionState.PLANNED)
    if not rules_checklists.questions(checklist):
        raise NothingToAsk(field="text")
    expect(held, version, by=by)
    held.checklist = checklist
    held.save(update_fields=["checklist"])
    journal.write("inspection.checklist", held, by=by, questions=len(rules_checklists.questions(checklist)))
    return held


@transaction.atomic
def set_scope(*, inspection: Inspection, units: Iterable[Unit], by: Person, version: int | None = None) -> Inspection:
    """Choose whom an inspection that has not begun will visit: units in the sphere of the one that issues it.

    Raises NotAddressable, Stale.
    """
    held = _locked(inspection, by, state=InspectionState.PLANNED)
    chosen = list(units)
    if any(not unit.path.startswith(addressing_unit(held.unit).path) for unit in chosen):
        raise NotAddressable(field="scope")
    expect(held, version, by=by)
    held.scope.set(chosen)
    journal.write("inspection.scope", held, by=by, units=len(chosen))
    return held


@transaction.atomic
def set_team(*, inspection: Inspection, people: Iterable[Person], by: Person, version: int | None = None) -> Inspection:
    """Choose who goes: people who may inspect at the issuing unit, above it or beneath it, and hold no role where the
    inspection goes. Before or during. Raises NotAllowed, IllegalMove, Partial, NotAddressable, Stale.
    """
    held = _locked(inspection, by)
    if held.state not in (InspectionState.PLANNED, InspectionState.RUNNING):
        check_move(MOVES, now=InspectionState(held.state), to=InspectionState.RUNNING)
    chosen = list(people)
    _check_impartial(held, chosen)
    _check_inspectors(held, chosen)
    expect(held, version, by=by)
    held.team.set(chosen)
    journal.write("inspection.team", held, by=by, people=[person.pk for person in chosen])
    return held


def _check_impartial(held: Inspection, people: list[Person]) -> None:
    if partial := partial_to(held, people):
        raise Partial(field="people", who=", ".join(str(person) for person in partial))


def _check_inspectors(held: Inspection, people: list[Person]) -> None:
    allowed = {inspector.person.pk for inspector in inspectors_for(held)}
    if any(person.pk not in allowed for person in people):
        raise NotAddressable(field="people")


@transaction.atomic
def start(*, inspection: Inspection, by: Person, version: int | None = None) -> Inspection:
    """Begin: one visit for every unit of the scope; checklist and scope are fixed from now on.

    Raises NotReady, Partial, NotAddressable, Stale.
    """
    held = _locked(inspection, by)
    expect(held, version, by=by)
    check_move(MOVES, now=InspectionState(held.state), to=InspectionState.RUNNING)
    if not rules_checklists.questions(held.checklist):
        raise NothingToAsk
    scope = list(held.scope.all())
    if not scope:
        raise NobodyToVisit
    team = list(held.team.all())
    if not team:
        raise NobodyGoes
    # The scope may have been chosen after the team, and a role may have ended since.
    _check_impartial(held, team)
    _check_inspectors(held, team)
    Visit.objects.bulk_create([Visit(inspection=held, unit=unit) for unit in scope], batch_size=500)
    return _moved(held, InspectionState.RUNNING, by, visits=len(scope))


@transaction.atomic
def draft_conclusion(*, inspection: Inspection, text: str, by: Person, version: int | None = None) -> Inspection:
    """Write the conclusion; somebody else issues it. Neither holds a role where the inspection went. Raises Stale."""
    held = _locked(inspection, by, state=InspectionState.RUNNING)
    expect(held, version, by=by)
    _check_impartial(held, [by])
    held.conclusion, held.drafted_by = text.strip(), by
    held.save(update_fields=["conclusion", "drafted_by"])
    held.drafters.add(by)
    journal.write("inspection.conclusion", held, by=by)
    return held


@transaction.atomic
def conclude(
    *, inspection: Inspection, by: Person, at: datetime | None = None, version: int | None = None
) -> Inspection:
    """Issue the conclusion seen at `version`: visits done, every finding that needs one has its remedy, and the drafter
    is another. Raises NotReady, TwoEyes, Stale.
    """
    held = _locked(inspection, by, team=False)
    expect(held, version, by=by)
    _check_impartial(held, [by])
    check_move(MOVES, now=InspectionState(held.state), to=InspectionState.CONCLUDED)
    under_way = held.visits.filter(state=VisitState.OPEN).count()
    if under_way:
        raise VisitsUnderWay(n=under_way)
    bare = Finding.objects.filter(visit__inspection=held, remedy=None).exclude(severity=Severity.NOTE).count()
    if bare:
        raise FindingsWithoutRemedy(n=bare)
    if not held.conclusion:
        raise NoConclusion(field="conclusion")
    if held.drafters.filter(pk=by.pk).exists():
        raise TwoEyes
    held.concluded_by, held.concluded_on = by, timezone.localdate(at)
    return _moved(held, InspectionState.CONCLUDED, by)


@transaction.atomic
def close(*, inspection: Inspection, by: Person, at: datetime | None = None, version: int | None = None) -> Inspection:
    """Close: every remedy has been confirmed. Raises RemediesOpen, Stale."""
    held = _locked(inspection, by, team=False)
    expect(held, version, by=by)
    check_move(MOVES, now=InspectionState(held.state), to=InspectionState.CLOSED)
    remedies = Remedy.objects.filter(finding__visit__inspection=held).exclude(state=RemedyState.VERIFIED).count()
    if remedies:
        raise RemediesOpen(n=remedies)
    held.closed_on = timezone.localdate(at)
    return _moved(held, InspectionState.CLOSED, by)


def _locked(
    inspection: Inspection, by: Person, *, state: InspectionState | None = None, team: bool = True
) -> Inspection:
    """The row, locked, for somebody who may inspect at its unit or (`team`) goes along."""
    held = Inspection.objects.select_for_update(of=("self",)).select_related("unit__parent").get(pk=inspection.pk)
    if not may(by, May.INSPECT, held.unit) and not (team and goes_along(by, held)):
        raise NotAllowed
    if state is not None and held.state != state:
        raise FixedNow(state=InspectionState(held.state).label)
    return held


def _moved(held: Inspection, to: InspectionState, by: Person, **data: Any) -> Inspection:
    before, held.state = held.state, to
    held.save()
    journal.write("inspection.moved", held, by=by, before=before, after=to, **data)
    return held
