"""A list of units from a file: seen first, then taken whole or not at all, and only into one's own reach."""

import io
import re

import openpyxl
import pytest
from django.test import Client

from hocvuso.base.models import JournalEntry
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.units.models import Unit
from tests import world

pytestmark = pytest.mark.django_db
IMPORT = "/dieu-hanh/don-vi/nhap/"
HEAD = "Mã,Tên,Loại,Mã cấp trên\n"
GOOD = HEAD + "P-1,Phòng Một,school,SO-1\nT-9,Trường Chín,trường học,P-1\n"


@pytest.fixture
def lan(cast):
    client = Client()
    world.sign_in(client, cast.lan)
    return client


def choose(client, content, name="ds.csv"):
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = name
    return client.post(IMPORT, {"file": file})


def apply(client, page):
    """Press “Nhập” on the page that shows what would be done."""
    carried = re.search(r'name="waiting" value="([^"]+)"', page.text).group(1)
    return client.post(IMPORT, {"waiting": carried, "apply": "1"})


def codes():
    return set(Unit.objects.values_list("code", flat=True))


class TestGoodLists:
    def test_first_it_is_shown_and_nothing_is_written(self, lan):
        before = codes()
        page = choose(lan, GOOD)
        assert page.status_code == 200
        assert "Xem trước: ds.csv" in page.text and "Thêm 2, sửa 0, giữ nguyên 0." in page.text
        assert codes() == before

    def test_then_it_is_taken_whole_and_the_journal_tells_of_it(self, lan, cast):
        answer = apply(lan, choose(lan, GOOD))
        assert answer["Location"] == "/dieu-hanh/don-vi/"
        assert "Đã nhập 2 đơn vị." in lan.get("/dieu-hanh/don-vi/").text
        made = Unit.objects.get(code="T-9")
        assert (made.name, made.kind, made.parent.code) == ("Trường Chín", "school", "P-1")
        assert made.path.startswith(cast.here.path)
        assert JournalEntry.objects.filter(act="units.imported", actor=str(cast.lan.pk)).exists()

    def test_a_second_time_changes_nothing(self, lan):
        apply(lan, choose(lan, GOOD))
        assert "Thêm 0, sửa 0, giữ nguyên 2." in choose(lan, GOOD).text

    def test_a_changed_name_is_a_change(self, lan):
        page = choose(lan, HEAD + "T-1,Trường Một Mới,school,SO-1\n")
        assert "Thêm 0, sửa 1, giữ nguyên 0." in page.text
        apply(lan, page)
        assert Unit.objects.get(code="T-1").name == "Trường Một Mới"
        assert "T-1" in lan.get("/dieu-hanh/don-vi/?q=mot+moi").text

    def test_excel_as_people_keep_it(self, lan):
        book = openpyxl.Workbook()
        for row in (["DANH SÁCH TRƯỜNG"], [], ["Mã trường", "Tên trường", "Loại hình", "Trực thuộc"]):
            book.active.append(row)
        book.active.append([123, "Trường Excel", "Trường học", "SO-1"])
        out = io.BytesIO()
        book.save(out)
        page = choose(lan, out.getvalue(), "ds.xlsx")
        assert "Thêm 1, sửa 0, giữ nguyên 0." in page.text
        apply(lan, page)
        assert Unit.objects.get(code="123").name == "Trường Excel"


class TestFaults:
    @pytest.mark.parametrize(
        ("row", "said"),
        [
            ("T-8,Trường Tám,lâu đài,SO-1", "dòng 3, cột loai: “lâu đài”"),
            ("T-8,,school,SO-1", "dòng 3, cột ten: “” – để trống"),
            ("T-8,Trường Tám,school,SO-9", "dòng 3, cột cap tren: “SO-9” – không có đơn vị mang mã này"),
            ("T-8,Trường Tám,school,SO-2", "“SO-2” – nằm ngoài phạm vi của bạn"),
            ("T-8,Trường Tám,school,BO", "“BO” – nằm ngoài phạm vi của bạn"),
            ("T-7,Trường Bảy lần nữa,school,SO-1", "“T-7” – trùng với dòng 2"),
        ],
    )
    def test_one_bad_row_is_named_and_holds_up_all(self, lan, row, said):
        before = codes()
        page = choose(lan, HEAD + f"T-7,Trường Bảy,school,SO-1\n{row}\n")
        assert page.status_code == 200 and "Có 1 chỗ cần sửa. Chưa có gì được ghi." in page.text
        assert said in page.text and 'name="waiting"' not in page.text
        assert codes() == before

    def test_a_file_with_faults_cannot_be_pressed_through(self, lan):
        before = codes()
        file = io.BytesIO((HEAD + "T-7,Trường Bảy,school,SO-1\nT-8,,school,SO-1\n").encode())
        file.name = "ds.csv"
        page = lan.post(IMPORT, {"file": file, "apply": "1"})
        assert "Có 1 chỗ cần sửa." in page.text and codes() == before

    def test_a_list_that_went_bad_between_seeing_and_pressing_is_not_taken(self, lan):
        page = choose(lan, GOOD)
        Unit.objects.filter(code="SO-1").update(code="SO-1-cu")
        again = apply(lan, page)
        assert again.status_code == 200 and "chỗ cần sửa" in again.text and "T-9" not in codes()

    @pytest.mark.parametrize(
        "content",
        ["x", "a,b\n1,2\n", b"\xff\xfe\x00", b"PK\x03\x04 broken", b"\x00" * 50, HEAD.replace("Tên,", "")],
        ids=["word", "other columns", "no utf-8", "broken excel", "zeros", "a column is missing"],
    )
    def test_what_is_no_list_says_what_is_missing(self, lan, content):
        before = codes()
        page = choose(lan, content)
        assert page.status_code == 200 and "Có 1 chỗ cần sửa." in page.text and codes() == before

    def test_no_file_at_all(self, lan):
        for sent in ({}, {"file": ""}, {"waiting": "nonsense", "apply": "1"}):
            page = lan.post(IMPORT, sent)
            assert page.status_code == 400 and "Hãy chọn tệp Excel hoặc CSV, hoặc dán" in page.text

    def test_a_file_that_is_too_large(self, lan):
        page = choose(lan, GOOD + " " * (2 * 1024 * 1024))
        assert page.status_code == 400 and "lớn quá 2" in page.text

    def test_what_was_seen_cannot_be_changed_on_the_way(self, lan):
        carried = re.search(r'name="waiting" value="([^"]+)"', choose(lan, GOOD).text).group(1)
        page = lan.post(IMPORT, {"waiting": ("b" if carried[0] == "a" else "a") + carried[1:], "apply": "1"})
        assert page.status_code == 400 and "T-9" not in codes()

    def test_names_of_the_file_are_text(self, lan):
        page = choose(lan, HEAD + "T-8,<script>x,<b>lâu đài,SO-1\n", "<i>ds.csv")
        assert "<b>lâu" not in page.text and "<i>ds" not in page.text


class TestReach:
    @pytest.mark.parametrize("who", ["an", "minh", "hoa"])
    def test_it_is_for_those_who_keep_units(self, cast, who):
        client = Client()
        world.sign_in(client, getattr(cast, who))
        assert client.get(IMPORT).status_code == choose(client, GOOD).status_code == 404

    def test_a_list_seen_by_one_is_not_taken_from_another(self, lan, cast):
        carried = re.search(r'name="waiting" value="([^"]+)"', choose(lan, GOOD).text).group(1)
        xuan = Client()
        world.sign_in(xuan, cast.xuan)
        page = xuan.post(IMPORT, {"waiting": carried, "apply": "1"})
        assert page.status_code == 400 and "T-9" not in codes()

    def test_a_unit_of_the_neighbour_is_not_changed_by_naming_ones_own_as_its_parent(self, lan, cast):
        page = choose(lan, HEAD + "SO-2,Đổi tên hàng xóm,school,SO-1\n")
        assert "chỗ cần sửa" in page.text and 'name="waiting"' not in page.text

    def test_what_was_taken_away_comes_back_unchanged(self, lan):
        taken = lan.get("/dieu-hanh/don-vi/tai/").content
        page = choose(lan, taken)
        assert "Thêm 0, sửa 0, giữ nguyên 2." in page.text and "chỗ cần sửa" not in page.text

    def test_several_roles_reach_as_far_as_all_of_them_together(self, cast):
        for unit, by in ((cast.school, cast.lan), (cast.next_door, cast.xuan)):
            roles.grant(person=cast.hoa, role=Role.OFFICER, unit=unit, by=by)
        client = Client()
        world.sign_in(client, cast.hoa)
        page = choose(client, HEAD + "L-1,Tổ Một,faculty,T-1\nT-5,Trường Năm,school,SO-2\n")
        assert "Thêm 2, sửa 0, giữ nguyên 0." in page.text and "chỗ cần sửa" not in page.text
        assert "nằm ngoài phạm vi của bạn" in choose(client, HEAD + "T-6,Trường Sáu,school,SO-1\n").text

    def test_a_role_that_does_not_keep_units_adds_nothing(self, cast):
        roles.grant(person=cast.hoa, role=Role.OFFICER, unit=cast.school, by=cast.lan)
        roles.grant(person=cast.hoa, role=Role.TEACHER, unit=cast.next_door, by=cast.xuan)
        client = Client()
        world.sign_in(client, cast.hoa)
        assert "nằm ngoài phạm vi của bạn" in choose(client, HEAD + "T-5,Trường Năm,school,SO-2\n").text

    def test_an_officer_of_a_school_keeps_to_the_school(self, cast):
        roles.grant(person=cast.hoa, role=Role.OFFICER, unit=cast.school, by=cast.lan)
        client = Client()
        world.sign_in(client, cast.hoa)
        assert "nằm ngoài phạm vi của bạn" in choose(client, GOOD).text
        assert "Thêm 1" in choose(client, HEAD + "L-1,Tổ Một,faculty,T-1\n").text
