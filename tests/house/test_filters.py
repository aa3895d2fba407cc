"""What holds for every list: a filter that cannot be read is named on its page, and no file is made of it."""

import re

import pytest
from django.urls import reverse

from hocvuso.indices import services as indices
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.units.services import open_unit
from tests.world import sign_in

pytestmark = pytest.mark.django_db
FAULT = re.compile(r'<(?:div|p) class="(?:error|notice warn)"')
INDEX = {
    "key": "thu",
    "year": 2026,
    "title": "Chỉ số thử",
    "definition": {
        "criteria": [{"code": "a", "title": "Lớp học", "weight": 100, "indicator": "lop", "full": 60}],
        "bands": [{"title": "Tốt", "least": 0}],
    },
}

UNREAD = [
    "reports?don-vi=zzz",
    "reports?xem=zzz",
    "flags?don-vi=zzz",
    "flags?trang-thai=zzz",
    "plan-board?trang-thai=zzz",
    "plan-calendar?trang-thai=zzz",
    "plan-board?ke-hoach=zzz",
    "pledges?don-vi=zzz",
    "pledges?tinh=zzz",
    "resident-requests?don-vi=zzz",
    "resident-requests?loai=zzz",
    "findings?don-vi=zzz",
    "target-lists?ky=zzz",
    "populations?nhom=zzz",
    "scheme-tasks?nhom=zzz",
    "scheme-indicators?nhom=zzz",
    "figure-sheet?ky=zzz",
    "figure-sheet?so-ky=zzz",
    "indicators?loai-ky=zzz",
    "urging?loai=zzz",
    "urge-log?duong=zzz",
    "documents?loai=zzz",
    "index?ky=zzz",
]


@pytest.fixture
def lan(cast, client):
    """Lan, who leads a department and helps at the desk of a commune."""
    indices.define(data=INDEX, by=None)
    commune = open_unit(code="X-1", name="Xã Một", kind="commune-committee", parent=cast.here)
    roles.grant(person=cast.lan, role=Role.OFFICER, unit=commune, by=None)
    sign_in(client, cast.lan)
    return client


def address(asked, **more):
    name, query = asked.split("?")
    return reverse(name, args=["thu", 2026] if name == "index" else [], query=dict([query.split("=")]) | more)


@pytest.mark.parametrize("asked", UNREAD)
def test_a_filter_that_cannot_be_read_is_named_and_no_file_is_made_of_it(lan, asked):
    page = lan.get(address(asked))
    assert page.status_code == 400 and FAULT.search(page.text)
    assert lan.get(address(asked, tai="csv")).status_code == 400


@pytest.mark.parametrize(
    ("name", "query"),
    [("urge-log-download", "duong"), ("urging-download", "loai"), ("reports-download", "xem")],
)
def test_no_file_of_a_list_is_made_of_a_filter_that_cannot_be_read(lan, name, query):
    answer = lan.get(reverse(name, query={query: "zzz", "tep": "csv"}))
    assert answer.status_code == 400 and FAULT.search(answer.text)


def test_what_a_form_cannot_begin_with_is_named(lan):
    page = lan.get(address("resident-request-new?unit=zzz"))
    assert page.status_code == 200 and 'role="alert">Nơi nhận: “zzz”' in page.text
