"""The acts of steering on one installation, in a process of its own that makes the country first.

What is measured: for pages (`board`, `dashboard`, `drill`) the server's time from the request to the finished answer
— middleware, session, view, queries, template — for the ministry's leader, without the network; a round opens every
address once, the 95th percentile is over all requests of all rounds. For acts (`assign_all`, `index_recompute`,
`values_import`) the verb from the call to the commit; the import begins with opening the file. Processor time stands
beside the time by the clock, which a busy machine disturbs. All is in place when the pages are opened.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from typing import Any

import django

from .steering import Size

PREFIX = "/dieu-hanh"


class Acts:
    """One installation of one size: what is measured on it."""

    def __init__(self, size: Size) -> None:
        from . import country

        self.size = size
        self.country = country.make(size)

    def measure(self) -> dict[str, float]:
        """All figures by key."""
        figures = {**self.values_import(), **self.index_recompute(), **self.assign_all()}
        _analyze()
        client = self._leaders_client()
        for name, addresses in self._addresses().items():
            figures |= _pages(client, name, addresses, self.size.rounds)
        rows = self.country.rows()
        figures |= {"rows": float(sum(rows.values()))} | {f"rows.{name}": float(n) for name, n in rows.items()}
        return figures | {"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}

    def values_import(self) -> dict[str, float]:
        """A CSV file of units × indicators × periods from the disk into the table, and the same rows without checks."""
        from hocvuso.indicators import exchange as tables
        from hocvuso.indicators.services import importing

        from . import country

        with tempfile.TemporaryDirectory(prefix="hocvuso-bench-values-") as folder:
            file = Path(folder) / "values.csv"
            country.write_values(file, self.size)
            plans: list[importing.ValuesPlan] = []

            def bring_in() -> None:
                with file.open("rb") as table:
                    plans.append(importing.plan(rows=tables.read(table), by=None))
                importing.apply(made=plans[0], by=None, source=file.name)

            spent = _timed(bring_in)
            must_be(plans[0].count == country.value_count(self.size), f"{plans[0].count} values stored")
            self._faults(Path(folder) / "faulty.csv")
        raw = _timed(lambda: country.store_raw(plans[0]))
        _analyze()
        return {
            "values_import.s": spent[0],
            "values_import.cpu_s": spent[1],
            "values_import.ratio_to_raw": spent[1] / raw[1],
        }

    def _faults(self, file: Path) -> None:
        """A file in which some rows are wrong: every one of them is told, and no other."""
        from hocvuso.indicators import exchange as tables
        from hocvuso.indicators.services import importing

        from . import country

        wrong = country.write_values(file, self.size, units=max(self.size.reporting_units // 20, 1), every=997)
        with file.open("rb") as table:
            made = importing.plan(rows=tables.read(table), by=None)
        must_be(len(made.faults) + made.more_faults == wrong, f"{wrong} wrong rows, {len(made.faults)} told")

    def index_recompute(self) -> dict[str, float]:
        """The index of Decision 766/QĐ-TTg with its six declared indicators, for all communes; the second time."""
        from hocvuso.indices import services as indices

        index, period, communes = self.country.index, self.country.period, self.country.communes
        indices.compute(index=index, period=period, kind="commune-committee", by=None)
        clock, cpu = _timed(lambda: indices.compute(index=index, period=period, kind="commune-committee", by=None))
        must_be(index.scores.current().exclude(total=None).count() == len(communes), "not all communes have a total")
        return {"index_recompute.s": clock, "index_recompute.cpu_s": cpu}

    def assign_all(self) -> dict[str, float]:
        """One task to all provinces and communes, with one press."""
        from hocvuso.plans.models import Plan
        from hocvuso.plans.services import assigning

        task, units = self.country.free_task, self.country.units
        clock, cpu = _timed(lambda: assigning.assign(task=task, units=units, by=self.country.leader))
        must_be(Plan.objects.filter(answers=task).count() == units.count(), "not all units were given the task")
        return {"assign_all.s": clock, "assign_all.cpu_s": cpu}

    def _leaders_client(self) -> Any:
        from django.conf import settings
        from django.test import Client

        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(self.country.leader)
        session: Any = client.session
        session["strong"] = time.time()
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key  # the key is what is in the session
        return client

    def _addresses(self) -> dict[str, list[str]]:
        """What a leader opens: the views of the board, dashboards down to a commune, a figure down to records."""
        ministry, province, commune = self.country.path_down
        board = f"{PREFIX}/ke-hoach/bang/"
        views = ["", "?cot=late", "?cot=done&trang=3", f"?don-vi={province.code}", "?q=dịch vụ", "?cua-toi=1"]
        month = self.country.period
        return {
            "board": [board + view for view in views],
            "dashboard": [f"{PREFIX}/tong-quan/?unit={u.pk}&ky={month}" for u in (ministry, province, commune)],
            "drill": [
                f"{PREFIX}/chi-so/{key}/{end}?don-vi={unit.pk}&ky={month}"
                for key in ("learners", "lessons-done")
                for unit, end in ((ministry, ""), (province, ""), (commune, ""), (commune, "ban-ghi/"))
            ],
        }


def _pages(client: Any, name: str, addresses: list[str], rounds: int) -> dict[str, float]:
    clock, cpu = [], []
    for number in range(rounds + 1):  # the first warms up: templates are compiled, caches of the database filled
        for address in addresses:
            began, used = time.perf_counter(), time.process_time()
            status = client.get(address).status_code
            if number:
                clock.append((time.perf_counter() - began) * 1000)
                cpu.append((time.process_time() - used) * 1000)
            must_be(status == 200, f"{address}: {status}")
    return {f"{name}.p95_ms": quantiles(clock, n=20)[-1], f"{name}.cpu_p95_ms": quantiles(cpu, n=20)[-1]}


def _timed(act: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor."""
    began, used = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - began, time.process_time() - used


def _analyze() -> None:
    """What autovacuum does by itself a minute after much was stored."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def must_be(true: bool, otherwise: str) -> None:
    """End the run with a sentence: figures of an act that did something else would say nothing."""
    if not true:
        sys.exit(otherwise)


if __name__ == "__main__":
    django.setup()
    print(json.dumps(Acts(Size(**json.loads(sys.argv[1]))).measure()))
