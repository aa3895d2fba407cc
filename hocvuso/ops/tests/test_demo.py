"""The demo country: marked, scored against what was planted, and taken away whole."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hocvuso import demo
from hocvuso.base.models import JournalEntry
from hocvuso.credentials import services as credentials
from hocvuso.demo import cases, learning
from hocvuso.demo.cases import SOURCE
from hocvuso.indicators.models import Flag, Indicator
from hocvuso.indicators.services import rollup
from hocvuso.library import services as library
from hocvuso.ops import integrity, setting_up
from hocvuso.people.models import Person
from hocvuso.plans.models import Plan, Task
from hocvuso.reports.models import Regime, Report
from hocvuso.units.models import Unit

PROVINCES = 5
FEWER = {
    cases: {"UNMOVED": 6, "TWINS": 4, "JUMPS": 6, "MISSING": 6, "LATE": 6, "OUTSIDE": 2, "FULL_PROVINCES": 2},
    learning: {"HASTY_COMMUNES": 2, "CROWDED_COMMUNES": 2, "CERTIFIED": 8},
}


@pytest.fixture
def country(db, monkeypatch, django_capture_on_commit_callbacks):
    """Reference data and a programme; the communes of a few provinces, so that a test does not take minutes."""
    with django_capture_on_commit_callbacks(execute=True):
        setting_up.load_reference()
        folder = min(p.parent for p in settings.CONTENT.glob("*/programme.yaml"))
        library.publish_folder(folder=folder, unit=Unit.objects.get(code=setting_up.MINISTRY))
    open_ones = Unit.objects.filter(kind=Unit.Kind.PROVINCIAL_DEPARTMENT).order_by("path")[:PROVINCES]
    others = Unit.objects.filter(kind=Unit.Kind.COMMUNE_COMMITTEE).exclude(parent__in=list(open_ones))
    others.update(closed_on=timezone.localdate() - timedelta(days=730))
    for module, numbers in FEWER.items():
        for name, number in numbers.items():
            monkeypatch.setattr(module, name, number)


def _counts() -> dict[str, int]:
    """Rows by table; the journal keeps what was done, also when what it was done to is gone."""
    return {m._meta.label: m._base_manager.count() for m in apps.get_models() if m is not JournalEntry}


def _scores(told: str) -> dict[str, list[str]]:
    table = told.partition("detector")[2].splitlines()[1:]
    return {line.split()[0]: line.split()[1:] for line in table}


@pytest.fixture
def real(country):
    """What was there before the demo."""
    commune = Unit.objects.filter(kind=Unit.Kind.COMMUNE_COMMITTEE, closed_on=None).latest("path")
    Flag.objects.create(kind="implausible", detector="too-fast", indicator="x", unit=commune, period="2020-01")
    Person.objects.create(name="Người thật")
    credentials.current_key()  # made once, and kept
    rollup.roll_up(full=True)


def test_the_country_is_scored_marked_and_taken_away_whole(real, capsys, django_capture_on_commit_callbacks):
    before = _counts()
    with django_capture_on_commit_callbacks(execute=True):
        assert demo.make(people_count=60, seed=7) == 0
    _check_scores(_scores(capsys.readouterr().out))
    _check_marks()
    _check_cases()
    assert [found for check in (integrity.statements, integrity.rows) for found in check(full=True)] == []

    assert demo.make(people_count=60, seed=7) == 1  # not twice
    assert "hocvuso demo --remove" in capsys.readouterr().out
    assert demo.remove() == 0
    after = _counts()
    assert {name: (n, after[name]) for name, n in before.items() if after[name] != n} == {}
    assert Flag.objects.get().indicator == "x"
    assert Person.objects.get(name="Người thật").is_demo is False


def _check_scores(scores: dict[str, list[str]]) -> None:
    """Every planted case is found; a false alarm by chance may be among them."""
    assert scores.keys() == {
        "all-full", "crowded-device", "jump", "late", "missing", "outside", "too-fast", "twin", "unmoved",
    }  # fmt: skip
    for detector, (planted, found, right, _other, precision, recall) in scores.items():
        assert int(planted) == int(right) <= int(found), f"{detector}: {right} of {planted}"
        assert float(recall) == 1, detector
        assert float(precision) >= 0.75, f"{detector}: {precision}"


def _check_marks() -> None:
    assert Person.objects.get(is_demo=False).name == "Người thật"
    assert not Plan.objects.filter(key=None).exclude(source=SOURCE).exists()
    assert set(Indicator.objects.filter(source=SOURCE).values_list("key", flat=True)) == {cases.CLASSES, cases.SHARE}
    assert Regime.objects.get().basis == SOURCE


def _check_cases() -> None:
    """Reports on time, late and missing; tasks that are late."""
    today = timezone.localdate()
    assert {"submitted", "accepted"} <= set(Report.objects.values_list("state", flat=True))
    assert Report.objects.filter(late_days__gt=0).exists()
    assert Report.objects.filter(submitted_at=None, due_on__lt=today).exists()
    assert Task.objects.filter(plan__source=SOURCE, done_on=None, due_on__lt=today).exists()


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_the_month_examined_is_the_last_that_is_over_for_declaring(today):
    month = cases.month_to_examine(today)
    spent = timedelta(days=cases.SAID_WITHIN + cases.LATE_BY)
    assert month.last + spent < today <= month.following().last + spent
