"""Open figures: what is public, for the country and its provinces, with small counts withheld."""

from __future__ import annotations

import pytest
from django.utils import timezone

from hocvuso.indicators.models import Indicator, Value


@pytest.fixture
def public(cast):
    made = Indicator.objects.create(
        key="lop", title="Lớp học", kind="declared", period_type="year", definition={"aggregate": "sum"}, public=True
    )
    Indicator.objects.create(key="kin", title="Việc nội bộ", kind="declared", period_type="year")
    for unit, value in [(cast.here, 12), (cast.next_door, 30)]:
        Value.objects.create(indicator=made, unit=unit, period="2026", value=value, at=timezone.now())
    return made


def test_only_public_indicators_are_listed(client, public):
    text = client.get("/so-lieu-mo/?ky=2026").text
    assert "Lớp học" in text and "Việc nội bộ" not in text


def test_each_province_has_its_row(client, public):
    rows = client.get("/so-lieu-mo/lop.json?ky=2026").json()["values"]
    assert {(r["unit"], r["value"]) for r in rows} >= {("SO-1", 12.0), ("SO-2", 30.0)}
    assert "SO-1,Sở Một,2026,12.0,0" in client.get("/so-lieu-mo/lop.csv?ky=2026").content.decode()


def test_small_counts_of_people_are_withheld(client, public):
    Indicator.objects.filter(pk=public.pk).update(measured_in="người")
    Value.objects.filter(value=12).update(value=3)
    [row] = [r for r in client.get("/so-lieu-mo/lop.json?ky=2026").json()["values"] if r["unit"] == "SO-1"]
    assert row == {"unit": "SO-1", "name": "Sở Một", "period": "2026", "value": None, "withheld": True}


@pytest.mark.parametrize("address", ["kin.csv", "khong-co.json", "lop.xml"])
def test_what_is_not_public_is_not_there(client, public, address):
    assert client.get(f"/so-lieu-mo/{address}").status_code == 404
