"""Reports: drafted, figures filled in, submitted, returned, taken in; by whom, and by whom not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from hocvuso.base.attachments import BadFile, attached_to
from hocvuso.base.errors import IllegalMove, NeedsReason, NeedsWords, NotAllowed, TwoEyes
from hocvuso.base.models import JournalEntry
from hocvuso.base.versions import Stale
from hocvuso.indicators.models import Value
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.reports.models import Report, ReportMove
from hocvuso.reports.services import reporting, threads
from hocvuso.reports.services.figures import NotPlausible
from hocvuso.reports.services.reporting import Declared, Evidence, Incomplete, NotOnDesk, TooEarly, TooLong, Writing

from .world import country, filled, hand_in, on, value

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 evidence"


@pytest.fixture
def there():
    return country()


@pytest.fixture
def submitted(there):
    return hand_in(there.commune, by=there.cabinet.tu)


class TestDrafting:
    def test_template_and_figures_are_laid_out(self, there):
        report = reporting.draft(report=there.commune, by=there.cabinet.tu)
        assert [s.title for s in report.sections.all()] == ["Kết quả", "Kiến nghị"]
        assert [f.indicator.key for f in report.figures.select_related("indicator")] == there.regime.indicators

    def test_a_neighbour_or_a_unit_above_without_the_duty_may_not(self, there):
        with pytest.raises(NotAllowed):
            reporting.draft(report=there.commune, by=there.cabinet.xuan)

    def test_only_once(self, there):
        reporting.draft(report=there.commune, by=there.cabinet.tu)
        with pytest.raises(IllegalMove):
            reporting.draft(report=there.commune, by=there.cabinet.tu)


class TestFigures:
    def test_what_the_platform_knows_cannot_be_overtyped(self, there):
        report = reporting.draft(report=there.commune, by=there.cabinet.tu)
        measured = report.figures.get(indicator__key="tai-khoan")
        before = measured.value
        comments, declared = {measured.pk: "Có người chưa có điện thoại."}, {measured.pk: Declared(value=999)}
        reporting.write(report=report, writing=Writing(comments=comments, declared=declared), by=there.cabinet.tu)
        measured.refresh_from_db()
        assert (measured.value, measured.own_value) == (before, None)
        assert measured.comment.startswith("Có người")

    def test_a_declared_share_is_formed_from_its_parts(self, there, submitted):
        figure = submitted.figures.get(indicator__key="ti-le")
        assert (figure.value, figure.numerator, figure.denominator) == (75, 30, 40)

    def test_a_ratio_of_figures_in_the_report_is_computed(self, submitted):
        assert value(submitted, "may-moi-to") == 5

    def test_out_of_range_is_refused_beside_the_figure(self, there):
        report = reporting.draft(report=there.commune, by=there.cabinet.tu)
        figure = report.figures.get(indicator__key="may")
        with pytest.raises(NotPlausible) as refusal:
            reporting.write(
                report=report, writing=Writing(declared={figure.pk: Declared(value=-4)}), by=there.cabinet.tu
            )
        assert refusal.value.field == f"value-{figure.pk}"

    def test_evidence_is_kept_with_the_figure(self, there):
        report = reporting.draft(report=there.commune, by=there.cabinet.tu)
        figure = report.figures.get(indicator__key="may")
        given = Writing(evidence=[Evidence(figure, "a.pdf", PDF)])
        reporting.write(report=report, writing=given, by=there.cabinet.tu)
        assert [file.name for file in attached_to(figure)] == ["a.pdf"]

    def test_with_evidence_that_is_refused_nothing_is_written(self, there):
        report = reporting.draft(report=there.commune, by=there.cabinet.tu)
        section = report.sections.get(key="ket-qua")
        given = Writing(texts={"ket-qua": "Tốt."}, evidence=[Evidence(section, "a.pdf", b"MZ")])
        with pytest.raises(BadFile) as refusal:
            reporting.write(report=report, writing=given, by=there.cabinet.tu)
        section.refresh_from_db()
        assert (refusal.value.field, section.text) == ("file-section-ket-qua", "")

    def test_evidence_of_another_report_is_refused(self, there):
        report = reporting.draft(report=there.commune, by=there.cabinet.tu)
        other = reporting.draft(report=there.province, by=there.cabinet.nam)
        given = Writing(evidence=[Evidence(other.sections.first(), "a.pdf", PDF)])
        with pytest.raises(NotOnDesk):
            reporting.write(report=report, writing=given, by=there.cabinet.tu)


class TestSubmitting:
    def test_in_time(self, there, submitted):
        assert (submitted.state, submitted.late_days, submitted.submitted_by) == ("submitted", 0, there.cabinet.tu)

    def test_late_is_noted(self, there):
        assert hand_in(there.commune, by=there.cabinet.tu, at=on(9)).late_days == 4

    def test_lateness_stays_through_return_and_second_submission(self, there):
        report = hand_in(there.commune, by=there.cabinet.tu, at=on(9))
        reporting.return_for_revision(report=report, note="Thiếu minh chứng", by=there.cabinet.nam, at=on(10))
        again = reporting.submit(report=report, by=there.cabinet.tu, at=on(20))
        assert again.late_days == 4
        assert list(ReportMove.objects.filter(to="submitted").values_list("late_days", "first")) == [
            (4, True),
            (15, False),
        ]

    def test_not_before_the_period_is_over(self, there):
        report = reporting.draft(report=there.commune, by=there.cabinet.tu)
        reporting.write(report=report, writing=filled(report), by=there.cabinet.tu)
        with pytest.raises(TooEarly):
            reporting.submit(report=report, by=there.cabinet.tu, at=on(30, 9))

    def test_a_required_section_and_every_declared_figure(self, there):
        report = reporting.draft(report=there.commune, by=there.cabinet.tu)
        with pytest.raises(Incomplete) as refusal:
            reporting.submit(report=report, by=there.cabinet.tu, at=on(3))
        assert refusal.value.field == "section-ket-qua"
        reporting.write(report=report, writing=Writing(texts={"ket-qua": "Tốt."}), by=there.cabinet.tu)
        with pytest.raises(Incomplete) as refusal:
            reporting.submit(report=report, by=there.cabinet.tu, at=on(3))
        assert refusal.value.field.startswith(("value-", "numerator-"))
        assert Report.objects.get(pk=report.pk).state == "drafted"

    def test_a_section_has_its_limit(self, there):
        report = reporting.draft(report=there.commune, by=there.cabinet.tu)
        with pytest.raises(TooLong):
            reporting.write(report=report, writing=Writing(texts={"ket-qua": "chữ " * 51}), by=there.cabinet.tu)

    def test_afterwards_nobody_writes_in_it(self, there, submitted):
        for act in (
            lambda: reporting.write(report=submitted, writing=Writing(), by=there.cabinet.tu),
            lambda: reporting.aggregate(report=submitted, by=there.cabinet.tu),
        ):
            with pytest.raises(NotOnDesk):
                act()


class TestDeciding:
    def test_a_unit_above_takes_it_in(self, there, submitted):
        report = reporting.accept(report=submitted, by=there.cabinet.nam)
        assert (report.state, report.decided_by) == ("accepted", there.cabinet.nam)

    def test_what_was_declared_and_measured_becomes_values(self, there, submitted):
        report = reporting.accept(report=submitted, by=there.cabinet.nam)
        kept = {v.indicator.key: (v.kind, v.value) for v in Value.objects.filter(unit=report.unit)}
        assert kept["may"] == ("d", 10)
        assert kept["tai-khoan"][0] == "m"

    def test_evidence_goes_with_the_value(self, there):
        report = reporting.draft(report=there.commune, by=there.cabinet.tu)
        figure = report.figures.get(indicator__key="may")
        given = replace(filled(report), evidence=[Evidence(figure, "a.pdf", PDF)])
        reporting.write(report=report, writing=given, by=there.cabinet.tu)
        reporting.submit(report=report, by=there.cabinet.tu, at=on(3))
        reporting.accept(report=report, by=there.cabinet.nam, at=on(4))
        assert [f.name for f in attached_to(Value.objects.get(indicator__key="may"))] == ["a.pdf"]

    def test_nobody_of_the_unit_itself_nor_next_door(self, there, submitted):
        leader = there.hire(there.cabinet.communes[0], Role.LEADER)
        for person in (there.cabinet.tu, leader, there.cabinet.xuan):
            with pytest.raises(NotAllowed):
                reporting.accept(report=submitted, by=person)

    def test_not_who_wrote_it_even_from_above(self, there):
        report = hand_in(there.commune, by=there.cabinet.nam)  # an officer of the province writes for the commune
        with pytest.raises(TwoEyes):
            reporting.accept(report=report, by=there.cabinet.nam)
        reporting.accept(report=report, by=there.cabinet.lan)

    def test_the_database_keeps_two_eyes_and_lateness_too(self, there, submitted):
        for changes in ({"state": "accepted", "decided_by": there.cabinet.tu}, {"late_days": None}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Report.objects.filter(pk=submitted.pk).update(**changes)

    def test_a_return_names_reasons_figure_by_figure(self, there, submitted):
        with pytest.raises(NeedsReason):
            reporting.return_for_revision(report=submitted, note=" ", by=there.cabinet.nam)
        figure = submitted.figures.get(indicator__key="may")
        report = reporting.return_for_revision(
            report=submitted, note="Xem lại máy", figure_notes={figure.pk: "Tháng trước 3 máy"}, by=there.cabinet.nam
        )
        assert (report.state, report.note) == ("returned", "Xem lại máy")
        assert report.figures.get(pk=figure.pk).return_note == "Tháng trước 3 máy"

    def test_the_top_unit_decides_with_a_second_person_of_its_own(self, there):
        top = hand_in(there.report(there.cabinet.ministry), by=there.cabinet.ha)
        with pytest.raises(TwoEyes):
            reporting.accept(report=top, by=there.cabinet.ha)
        assert reporting.accept(report=top, by=there.cabinet.thuy).state == "accepted"

    def test_every_move_stands_in_the_journal(self, there, submitted):
        reporting.accept(report=submitted, by=there.cabinet.nam)
        acts = JournalEntry.objects.filter(subject=f"report:{submitted.pk}").values_list("act", flat=True)
        assert {"report.drafted", "report.written", "report.submitted", "report.accepted"} <= set(acts)


class TestManyAtOnce:
    def test_all_that_wait_are_taken_in_but_not_ones_own(self, there):
        first, second = there.cabinet.communes[:2]
        hand_in(there.report(first), by=there.cabinet.tu)
        hand_in(there.report(second), by=there.cabinet.nam)
        hand_in(there.report(there.cabinet.communes[3]), by=there.writer(there.cabinet.communes[3]))
        taken, left = reporting.accept_many(reports=Report.objects.all(), by=there.cabinet.nam, at=on(4))
        assert (taken, left) == (1, 2)  # one is their own, one next door
        assert there.report(first).state == "accepted"
        assert Value.objects.filter(unit=first, indicator__key="may").exists()

    def test_awaiting_shows_what_one_may_decide(self, there, submitted):
        def waiting(person):
            return list(Report.objects.awaiting(Person.objects.get(pk=person.pk)))

        assert waiting(there.cabinet.nam) == [submitted]
        assert waiting(there.cabinet.thuy) == [submitted]
        assert waiting(there.cabinet.tu) == waiting(there.cabinet.xuan) == []


class TestVisibility:
    def test_a_neighbour_sees_nothing(self, there):
        assert not Report.objects.visible_to(there.cabinet.xuan).filter(unit=there.cabinet.one).exists()
        assert Report.objects.visible_to(there.cabinet.nam).count() == 4
        assert Report.objects.visible_to(there.cabinet.tu).count() == 1

    def test_late_ones_are_found_handed_in_or_not(self, there):
        hand_in(there.commune, by=there.cabinet.tu, at=on(9))
        hand_in(there.report(there.cabinet.communes[1]), by=there.cabinet.nam)
        late = Report.objects.filter(unit__in=there.cabinet.communes).late(date(2026, 10, 10))
        assert late.count() == 4


class TestQuestions:
    def test_asked_answered_resolved(self, there, submitted):
        figure = submitted.figures.get(indicator__key="may")
        thread = threads.ask(figure=figure, text="Vì sao tăng?", by=there.cabinet.nam)
        threads.answer(thread=thread, text="Được tặng 5 máy.", by=there.cabinet.tu)
        thread = threads.resolve(thread=thread, by=there.cabinet.nam)
        assert thread.resolved_by == there.cabinet.nam
        with pytest.raises(threads.AlreadyResolved):
            threads.answer(thread=thread, text="Thêm", by=there.cabinet.tu)

    def test_only_who_asked_or_decides_resolves(self, there, submitted):
        thread = threads.ask(figure=submitted.figures.first(), text="?", by=there.cabinet.nam)
        with pytest.raises(NotAllowed):
            threads.resolve(thread=thread, by=there.cabinet.tu)

    def test_a_neighbour_neither_asks_nor_answers(self, there, submitted):
        thread = threads.ask(figure=submitted.figures.first(), text="?", by=there.cabinet.nam)
        with pytest.raises(NotAllowed):
            threads.ask(figure=submitted.figures.first(), text="?", by=there.cabinet.xuan)
        with pytest.raises(NotAllowed):
            threads.answer(thread=thread, text="!", by=there.cabinet.xuan)

    def test_nothing_is_no_question(self, there, submitted):
        with pytest.raises(NeedsWords):
            threads.ask(figure=submitted.figures.first(), text=" ", by=there.cabinet.nam)


class TestVersions:
    """Who changes a report says which one they saw."""

    def test_each_verb_begins_the_next_version_of_what_was_seen(self, there):
        tu, nam = there.cabinet.tu, there.cabinet.nam
        report = reporting.draft(report=there.commune, by=tu, version=1)
        report = reporting.aggregate(report=report, by=tu, version=2)
        report = reporting.write(report=report, writing=filled(report), by=tu, version=3)
        report = reporting.submit(report=report, by=tu, version=4, at=on(3))
        report = reporting.return_for_revision(report=report, note="Xem lại", by=nam, version=5)
        report = reporting.submit(report=report, by=tu, version=6, at=on(4))
        report = reporting.accept(report=report, by=nam, version=7)
        assert report.version == 8

    def test_what_was_changed_meanwhile_is_not_overwritten(self, there):
        report = reporting.draft(report=there.commune, by=there.cabinet.tu)
        for act in (
            lambda: reporting.write(report=report, writing=Writing(), by=there.cabinet.tu, version=1),
            lambda: reporting.aggregate(report=report, by=there.cabinet.tu, version=1),
            lambda: reporting.submit(report=report, by=there.cabinet.tu, version=1),
        ):
            with pytest.raises(Stale):
                act()
        hand_in(there.report(there.cabinet.communes[1]), by=there.writer(there.cabinet.communes[1]))
        sent = there.report(there.cabinet.communes[1])
        for act in (
            lambda: reporting.accept(report=sent, by=there.cabinet.nam, version=1),
            lambda: reporting.return_for_revision(report=sent, note="Xem lại", by=there.cabinet.nam, version=1),
        ):
            with pytest.raises(Stale):
                act()

    def test_those_taken_in_or_summed_together_are_changed_too(self, there):
        sent = hand_in(there.commune, by=there.cabinet.tu)
        reporting.accept_many(reports=Report.objects.filter(pk=sent.pk), by=there.cabinet.nam)
        reporting.aggregate(report=there.province, by=there.cabinet.nam)
        assert Report.objects.get(pk=sent.pk).version == sent.version + 2
