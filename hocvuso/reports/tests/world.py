"""A reporting country: a monthly regime for two provinces and their communes, with figures to declare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from hocvuso.base.periods import parse
from hocvuso.indicators.models import Indicator
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.plans.tests.cabinet import Cabinet, cabinet
from hocvuso.reports.models import Regime, Report
from hocvuso.reports.services import regimes, reporting
from hocvuso.reports.services.regimes import RegimeTerms
from hocvuso.reports.services.reporting import Declared, Writing

PERIOD = parse("2026-09")
KINDS = ["provincial-department", "commune-committee"]


def on(day: int, month: int = 10) -> datetime:
    """Nine o'clock in the morning in Vietnam."""
    return datetime(2026, month, day, 2, tzinfo=UTC)


def indicators() -> None:
    """Devices declared and summed; a declared share; accounts measured; teams per device as a ratio in the report."""
    rows = [
        ("may", "Máy dùng chung", "declared", {"aggregate": "sum"}, "máy"),
        ("ti-le", "Tỉ lệ hộ có mạng", "declared", {}, "%"),
        ("tai-khoan", "Người có tài khoản", "measure", {"measure": "people.accounts"}, "người"),
        ("to", "Tổ công nghệ số", "declared", {"aggregate": "sum"}, "tổ"),
        ("may-moi-to", "Máy mỗi tổ", "ratio", {"numerator": "may", "denominator": "to"}, "máy/tổ"),
    ]
    for key, title, kind, definition, sign in rows:
        Indicator.objects.create(
            key=key, title=title, kind=kind, definition=definition, measured_in=sign, minimum=0, decimals=1
        )


@dataclass
class Country:
    """The cabinet, its regime, and the reports of one period."""

    cabinet: Cabinet
    regime: Regime

    def report(self, unit) -> Report:
        return Report.objects.get(regime=self.regime, unit=unit, period=PERIOD.code)

    @property
    def commune(self) -> Report:
        return self.report(self.cabinet.communes[0])

    @property
    def province(self) -> Report:
        return self.report(self.cabinet.one)

    def writer(self, unit) -> Person:
        """An officer of a unit; hired when there is none."""
        held = Person.objects.filter(grants__unit=unit, grants__role=Role.OFFICER).first()
        return held or self.hire(unit, Role.OFFICER)

    def hire(self, unit, role) -> Person:
        made = Person.objects.create(name=f"{role} {unit.code}")
        roles.grant(person=made, role=role, unit=unit, by=None)
        return made


def terms(**changes) -> RegimeTerms:
    base = {
        "title": "Báo cáo tháng", "period_type": "month", "starts_on": date(2026, 9, 1), "kinds": KINDS,
        "indicators": ["may", "ti-le", "tai-khoan", "to", "may-moi-to"],
        "sections": [("Kết quả", True, 50), ("Kiến nghị", False, 0)],
    }  # fmt: skip
    return RegimeTerms(**base | changes)


def country(**changes) -> Country:
    """Units, people, indicators, a regime, and September opened."""
    there = cabinet()
    indicators()
    made = regimes.set_regime(issuer=there.ministry, terms=terms(**changes), by=there.ha)
    regimes.open_period(regime=made, period=PERIOD, by=there.ha, on=PERIOD.last)
    return Country(there, made)


def filled(report: Report, *, devices: float = 10, homes: tuple[float, float] = (30, 40), teams: float = 2) -> Writing:
    """Everything that a report needs."""
    by_key = {f.indicator.key: f.pk for f in report.figures.select_related("indicator")}
    return Writing(
        texts={"ket-qua": f"Kết quả của {report.unit}."},
        declared={
            by_key["may"]: Declared(value=devices),
            by_key["ti-le"]: Declared(numerator=homes[0], denominator=homes[1]),
            by_key["to"]: Declared(value=teams),
        },
    )


def hand_in(report: Report, *, by: Person, at: datetime | None = None, **figures) -> Report:
    """Drafted, filled in and submitted."""
    at = at or on(3)
    report = reporting.draft(report=report, by=by, at=at)
    reporting.write(report=report, writing=filled(report, **figures), by=by, at=at)
    return reporting.submit(report=report, by=by, at=at)


def value(report: Report, key: str) -> float | None:
    return report.figures.get(indicator__key=key).value
