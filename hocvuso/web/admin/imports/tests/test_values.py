"""Values from a file: previewed, applied as a whole, only within one's reach."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hocvuso.indicators.models import Indicator, Value
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from tests import world

URL = "/dieu-hanh/nhap-so-lieu/"
GOOD = "indicator,unit,period,value\nmay-tinh,SO-1,2026,12\n"


@pytest.fixture
def steward(client, cast, settings, tmp_path):
    settings.DATA = tmp_path
    Indicator.objects.create(key="may-tinh", title="Máy tính", kind="declared", period_type="year")
    roles.grant(person=cast.binh, role=Role.STEWARD, unit=cast.here, by=None)
    world.sign_in(client, cast.binh)
    return client


def upload(client, text):
    return client.post(URL, {"file": SimpleUploadedFile("so-lieu.csv", text.encode())})


def test_a_preview_stores_nothing_and_its_ticket_applies(steward):
    seen = upload(steward, GOOD)
    assert seen.context["plan"].count == 1 and not Value.objects.exists()
    steward.post(URL, {"waiting": seen.context["waiting"], "apply": "1"})
    assert Value.objects.get().value == 12


def test_a_file_with_faults_names_them_and_cannot_be_applied(steward):
    seen = upload(steward, GOOD + "may-tinh,SO-2,2026,1\n")
    assert "không có đơn vị này trong phạm vi của bạn" in seen.text
    steward.post(URL, {"waiting": seen.context["waiting"], "apply": "1"})
    assert not Value.objects.exists()
    listed = steward.post(URL, {"waiting": seen.context["waiting"], "faults": "1"}).content.decode()
    assert "3,unit,SO-2" in listed


def test_the_list_of_faults_holds_no_formula(steward):
    seen = upload(steward, "indicator,unit,period,value\n=HYPERLINK(1),SO-1,2026,1\n")
    listed = steward.post(URL, {"waiting": seen.context["waiting"], "faults": "1"}).content.decode()
    assert ",'=HYPERLINK(1)," in listed


def test_what_is_no_table_is_refused_in_words(steward):
    answer = upload(steward, "một,hai\n1,2\n")
    assert answer.status_code == 400 and "unit và period" in answer.text


@pytest.mark.parametrize("sent", [{}, {"waiting": "\0", "apply": "1"}, {"waiting": "x" * 100_000, "faults": "1"}])
def test_without_a_file_it_is_said_at_the_field(steward, sent):
    answer = steward.post(URL, sent)
    assert answer.status_code == 400 and 'id="error-file"' in answer.text and "Hãy chọn tệp" in answer.text


def test_somebody_elses_ticket_is_worth_nothing(steward, client, cast):
    ticket = upload(steward, GOOD).context["waiting"]
    roles.grant(person=cast.minh, role=Role.STEWARD, unit=cast.here, by=None)
    world.sign_in(client, cast.minh)
    client.post(URL, {"waiting": ticket, "apply": "1"})
    assert not Value.objects.exists()


def test_the_template_imports_what_it_asks_for(steward):
    assert (
        b"".join(steward.get(f"{URL}?mau=csv").streaming_content).decode("utf-8-sig").strip()
        == "indicator,unit,period,value"
    )


def test_whoever_keeps_no_data_finds_nothing(client, cast):
    world.sign_in(client, cast.an)
    assert client.get(URL).status_code == 404
