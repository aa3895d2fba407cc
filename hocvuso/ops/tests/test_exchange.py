"""`hocvuso import`: shows what a list would do, does it when told so, names what is wrong."""

from __future__ import annotations

from datetime import date

import pytest

from hocvuso.indicators.models import Population, Target
from hocvuso.indicators.tests import world as country
from hocvuso.ops import exchange
from hocvuso.ops.command import parser
from hocvuso.units.models import Place, Unit

pytestmark = pytest.mark.django_db

LISTS = {
    "populations": "place,on,count,source\n01,31/12/2025,900,Niên giám\n02,31/12/2025,800,Niên giám\n",
    "targets": "indicator,unit,period,value,source\nshare,SO-01,2026,80,KH 1\nshare,SO-02,2026,70,KH 2\n",
    "units": "code,name,kind,parent\nT-1,Trường Một,school,SO-01\nT-2,Trường Hai,school,SO-02\n",
}
WRONG = {"populations": ("900", "ít"), "targets": ("80", "x"), "units": ("school,SO-01", "castle,SO-01")}
THERE = {
    "populations": Population.objects,
    "targets": Target.objects,
    "units": Unit.objects.filter(code__startswith="T-"),
}


@pytest.fixture(autouse=True)
def land(db):
    made = country.country()
    country.indicator("share", kind="declared", minimum=0, maximum=100, period_type="year")
    return made


@pytest.fixture(params=LISTS)
def what(request):
    return request.param


def run(what, tmp_path, text, *more):
    file = tmp_path / "list.csv"
    file.write_text(text, "utf-8")
    chosen = parser().parse_args(["import", what, str(file), *more])
    return exchange.import_file(chosen.what, chosen.file, apply=chosen.apply, numbers=chosen.numbers)


def test_without_apply_it_only_tells(what, tmp_path, capsys):
    assert run(what, tmp_path, LISTS[what]) == 0
    assert "new 2, changed 0, same 0, faults 0" in capsys.readouterr().out and not THERE[what].exists()


def test_with_apply_it_is_done_and_again_changes_nothing(what, tmp_path, capsys):
    assert run(what, tmp_path, LISTS[what], "--apply") == 0
    assert f"2 {what} written" in capsys.readouterr().out and THERE[what].count() == 2
    assert run(what, tmp_path, LISTS[what]) == 0
    assert "new 0, changed 0, same 2" in capsys.readouterr().out


def test_a_fault_is_named_and_nothing_is_done(what, tmp_path, capsys):
    right, wrong = WRONG[what]
    assert run(what, tmp_path, LISTS[what].replace(right, wrong), "--apply") == 1
    assert "dòng 2" in capsys.readouterr().out and not THERE[what].exists()


PLACES = (
    "code,name,name_en,kind,type,parent,valid_from,valid_to,successors,latitude,longitude,special_difficulty,source\n"
)


def test_places_come_in_with_a_mark_of_byte_order_and_days_as_people_write_them(tmp_path, capsys):
    text = "\ufeff" + PLACES + "03,Tỉnh Ba,,province,tinh,,01/07/2025,,,21.0285,105.854,0,NQ 202\n"
    assert run("places", tmp_path, text, "--apply") == 0
    place = Place.objects.get(code="03")
    assert (place.valid_from, place.latitude, place.longitude) == (date(2025, 7, 1), 21.0285, 105.854)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("03,,,province,tinh,,,,,,,,", "để trống"),
        ("03,Ba,,planet,tinh,,,,,,,,", "planet"),
        ("03,Ba,,province,tinh,99,,,,,,,", "99"),
        ("03,Ba,,province,tinh,,31/02/2025,,,,,,", "31/02/2025"),
        ("03,Ba,,province,tinh,,2025-07-01,2025-07-01,,,,,", "phải sau"),
        ("03,Ba,,province,tinh,,,,,hai mốt,,,", "hai mốt"),
        ("03,Ba,,province,tinh,,,,,105.8,21.0,,", "từ -90 đến 90"),
        (f"03,{'B' * 121},,province,tinh,,,,,,,,", "120"),
        ("03,Ba,,province,tinh,,,,,,,2,", "special_difficulty"),
        ('03,"Ba,,province,tinh,,,,,,,,', "dòng 2"),
    ],
)
def test_a_wrong_place_is_named_and_none_is_stored(tmp_path, capsys, row, said):
    before = Place.objects.count()
    assert run("places", tmp_path, f"{PLACES}{row}\n", "--apply") == 1
    assert said in capsys.readouterr().out and Place.objects.count() == before


def test_a_file_that_is_not_there_is_said(capsys, tmp_path):
    assert exchange.import_file("places", tmp_path / "x.csv", apply=True) == 1
    assert "x.csv" in capsys.readouterr().out


@pytest.mark.parametrize(("numbers", "done"), [("en", 0), ("vi", 1)])
def test_how_numbers_are_written_can_be_said(tmp_path, capsys, numbers, done):
    country.indicator("rate", kind="declared", period_type="year", decimals=1)
    text = "indicator;unit;period;value\nrate;SO-01;2026;1,234.5\n"
    assert run("values", tmp_path, text, "--numbers", numbers) == done
