"""Places are complete, the tree is a tree, lists come in whole or not at all."""

from datetime import date
from io import BytesIO

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from hocvuso.base.models import JournalEntry
from hocvuso.units import lists, services
from hocvuso.units.models import Place, Unit
from hocvuso.units.rules import UnitPath, base36

numbers = st.lists(st.integers(1, 10**6), min_size=1, max_size=8)


def path_of(parts):
    return UnitPath("".join(base36(n) + "." for n in parts))


class TestPaths:
    @given(numbers, numbers)
    def test_a_path_is_under_another_exactly_when_it_begins_with_its_parts(self, a, b):
        assert path_of(a).is_under(path_of(b)) == (a[: len(b)] == b)

    @given(numbers)
    def test_ancestors_lead_from_the_root_to_the_path(self, parts):
        path = path_of(parts)
        assert len(path.ancestors) == path.depth == len(parts)
        assert path.ancestors[-1] == path.text

    @pytest.mark.parametrize("bad", ["", "1", "1..", ".1.", "A.", "1.%."])
    def test_bad_paths_cannot_exist(self, bad):
        with pytest.raises(ValueError, match="not a unit path"):
            UnitPath(bad)


@pytest.mark.django_db
class TestPlaces:
    def test_every_province_and_commune_is_there(self):
        services.load_places(settings.REFERENCE_DATA / "places.csv")
        assert Place.objects.provinces().count() == 34
        assert Place.objects.communes().count() == 3321
        counts = {t: Place.objects.filter(type=t).count() for t in ("tinh", "thanh-pho", "xa", "phuong", "dac-khu")}
        assert counts == {"tinh": 28, "thanh-pho": 6, "xa": 2621, "phuong": 687, "dac-khu": 13}
        assert not Place.objects.communes().exclude(parent__kind="province").exists()

    def test_loading_again_changes_nothing(self):
        services.load_places(settings.REFERENCE_DATA / "places.csv")
        services.load_places(settings.REFERENCE_DATA / "places.csv")
        assert Place.objects.count() == 1 + 34 + 3321

    def test_a_merger_is_data(self):
        services.load_places(settings.REFERENCE_DATA / "places.csv")
        old, new = Place.objects.communes()[:2]
        old.valid_to = date(2027, 1, 1)
        old.save()
        old.successors.add(new)
        assert old not in Place.objects.in_force(date(2027, 1, 1))
        assert old in Place.objects.in_force(date(2026, 12, 31))
        assert list(new.predecessors.all()) == [old]

    def test_nothing_ends_before_it_begins(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            Place.objects.create(
                code="x", name="x", kind="commune", type="xa", valid_from=date(2026, 1, 1), valid_to=date(2025, 1, 1)
            )


@pytest.mark.django_db
class TestTree:
    def test_the_ministry_its_departments_and_all_provincial_departments_are_there(self):
        services.load_places(settings.REFERENCE_DATA / "places.csv")
        services.load_units(settings.REFERENCE_DATA / "units.csv")
        ministry = Unit.objects.get(code="BGDDT")
        assert Unit.objects.under(ministry).filter(kind="provincial-department").count() == 34
        assert Unit.objects.under(ministry).filter(kind="department").count() == 14

    def test_under_reaches_the_subtree_and_not_the_neighbour(self, cast):
        assert set(Unit.objects.under(cast.here)) == {cast.here, cast.school}
        assert cast.next_door not in Unit.objects.under(cast.here)
        assert set(Unit.objects.above(cast.school)) == {cast.ministry, cast.here, cast.school}

    def test_closing_is_dated_and_journalled(self, cast):
        services.close_unit(unit=cast.school, on=date(2026, 6, 1), by=cast.lan)
        assert cast.school not in Unit.objects.open(date(2026, 6, 1))
        assert cast.school in Unit.objects.open(date(2026, 5, 31))
        assert JournalEntry.objects.filter(act="unit.closed").exists()


def excel(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.django_db
class TestLists:
    HEADER = ["STT", "Mã trường", "Tên trường", "Loại", "Mã cấp trên"]

    def test_an_excel_list_as_people_keep_it_comes_in(self, cast):
        content = excel(["DANH SÁCH TRƯỜNG"], [], self.HEADER, [1, 1001, "Trường Đông", "trường học", "SO-1"], [])
        plan = lists.plan("truong.xlsx", content)
        assert plan.faults == []
        assert lists.apply(plan, by=cast.lan) == 1
        assert Unit.objects.get(code="1001").path.startswith(cast.here.path)

    def test_every_fault_says_row_column_value_and_reason_and_nothing_is_written(self, cast):
        rows = [
            [1, "A", "", "trường học", "SO-1"],
            [2, "B", "Bê", "rạp hát", "SO-1"],
            [3, "B", "Bê", "trường học", "KHÔNG"],
        ]
        plan = lists.plan("x.xlsx", excel(self.HEADER, *rows))
        said = [str(fault) for fault in plan.faults]
        assert any("dòng 2" in s and "để trống" in s for s in said)
        assert any("dòng 3" in s and "rạp hát" in s for s in said)
        assert any("dòng 4" in s and "trùng với dòng 3" in s for s in said)
        assert any("dòng 4" in s and "KHÔNG" in s for s in said)
        with pytest.raises(ValueError, match="faults"):
            lists.apply(plan, by=cast.lan)
        assert not Unit.objects.filter(code__in=["A", "B"]).exists()

    def test_what_is_exported_comes_in_unchanged(self, cast):
        services.open_unit(code="F", name="=HYPERLINK(1)", name_en="-x", kind="school", parent=cast.here)
        plan = lists.plan("don-vi.csv", lists.export_csv(Unit.objects.all()).encode())
        assert (plan.new, plan.changed, plan.faults, plan.same) == ([], [], [], 5)

    def test_a_root_comes_in_reworded_and_a_new_one_not_at_all(self, cast):
        head = "code,name,kind,parent\n"
        plan = lists.plan("x.csv", f"{head}BO,Bộ Mới,ministry,\n".encode())
        assert (plan.faults, plan.changed[0][1]) == ([], {"name": "Bộ Mới"})
        assert "để trống" in str(lists.plan("x.csv", f"{head}BO-2,Bộ khác,ministry,\n".encode()).faults[0])
        assert "để trống" in str(lists.plan("x.csv", f"{head}T-1,Trường Một,school,\n".encode()).faults[0])

    @pytest.mark.parametrize("parent", ["SO-2", "BO"])
    def test_a_list_moves_no_unit(self, cast, parent):
        plan = lists.plan("x.csv", f"code,name,kind,parent\nT-1,Trường Một,school,{parent}\n".encode())
        assert "không đổi được cấp trên" in str(plan.faults[0])

    def test_columns_that_are_not_in_the_file_are_left_as_they_are(self, cast):
        Place.objects.create(code="01", name="Hà Nội", kind="province", type="thanh-pho")
        Unit.objects.filter(code="T-1").update(name_en="School One", place_id="01")
        lists.apply(lists.plan("x.csv", "code,name,kind,parent\nT-1,Trường Mới,school,SO-1\n".encode()), by=None)
        changed = Unit.objects.get(code="T-1")
        assert (changed.name, changed.name_en, changed.place_id) == ("Trường Mới", "School One", "01")

    def test_a_unit_reworded_beside_its_new_child_may_have_more_children(self, cast):
        rows = "code,name,kind,parent\nT-1,Trường Mới,school,SO-1\nL-1,Tổ Một,faculty,T-1\n"
        lists.apply(lists.plan("x.csv", rows.encode()), by=None)
        school = Unit.objects.get(code="T-1")
        second = services.open_unit(code="L-2", name="Tổ Hai", kind="faculty", parent=school)
        assert second.path != Unit.objects.get(code="L-1").path

    def test_limits_of_the_database_are_known_to_the_preview(self, cast):
        head = "code,name,kind,parent\n"
        rows = f"{'M' * 41},Trường,school,SO-1\nL-1,{'dài ' * 140},school,SO-1\n"
        faults = lists.plan("x.csv", (head + rows).encode()).faults
        assert [(fault.row, fault.column) for fault in faults] == [(2, "ma"), (3, "ten")]

    def test_a_tree_deeper_than_paths_go_is_a_fault_in_the_row_where_it_begins(self, cast):
        rows = "".join(f"S-{n},Tổ {n},school,{f'S-{n - 1}' if n else 'SO-1'}\n" for n in range(14))
        plan = lists.plan("x.csv", f"code,name,kind,parent\n{rows}".encode())
        assert [fault.row for fault in plan.faults] == list(range(12, 16))  # SO-1 is the second of twelve
        assert "sâu nhất 12" in str(plan.faults[0])
        fits = lists.plan("x.csv", f"code,name,kind,parent\n{''.join(rows.splitlines(True)[:10])}".encode())
        assert lists.apply(fits, by=None) == 10

    def test_codes_are_one_without_case_and_zeros_in_front_are_warned_of(self, cast):
        head = "code,name,kind,parent\n"
        assert lists.plan("x.csv", f"{head}t-1,Trường Một,school,so-1\n".encode()).same == 1
        twice = lists.plan("x.csv", f"{head}x-9,A,school,SO-1\nX-9,B,school,SO-1\n".encode())
        assert "trùng với dòng 2" in str(twice.faults[0])
        zeros = lists.plan("x.csv", f"{head}123,A,school,SO-1\n00123,B,school,SO-1\n".encode())
        assert zeros.faults == [] and "00123" in zeros.warnings[0]
        lists.apply(zeros, by=None)
        assert Unit.objects.filter(code__in=["123", "00123"]).count() == 2

    def test_columns_that_are_not_read_are_named(self, cast):
        plan = lists.plan("x.csv", "code,name,kind,parent,Điện thoại\nN,Tên,school,SO-1,0987\n".encode())
        assert plan.faults == [] and "Điện thoại" in plan.warnings[0]

    def test_cells_cannot_become_formulas(self, cast):
        services.open_unit(code="F", name="=HYPERLINK(1)", kind="school", parent=cast.here)
        assert ",'=HYPERLINK(1)," in lists.export_csv(Unit.objects.all())

    def test_nobody_reaches_beyond_their_own_subtree(self, cast):
        taken = lists.plan(
            "x.xlsx", excel(self.HEADER, [1, "SO-2", "Của tôi", "trường học", "SO-1"]), under=[cast.here]
        )
        assert "ngoài phạm vi" in str(taken.faults[0])
        plan = lists.plan("x.xlsx", excel(self.HEADER, [1, "N", "Lạc", "trường học", "SO-2"]), under=[cast.here])
        assert "ngoài phạm vi" in str(plan.faults[0])

    @pytest.mark.parametrize("content", [b"\x00\xff\xfe", b"PK\x03\x04broken", b"", b"a,b\n1,2\n"])
    def test_files_that_are_no_lists_are_refused(self, cast, content):
        assert lists.plan("x", content).faults


def test_a_digital_team_is_where_its_commune_is(db):
    Place.objects.create(code="9", name="Xã Chín", kind="commune", type="xa")
    root = services.open_unit(code="X-9", name="Uỷ ban", kind="commune-committee", parent=None, place_code="9")
    team = services.open_unit(code="TO-9", name="Tổ 9", kind="digital-team", parent=root)
    school = services.open_unit(code="T-9", name="Trường 9", kind="school", parent=root)
    assert (team.place_id, school.place_id) == ("9", None)
