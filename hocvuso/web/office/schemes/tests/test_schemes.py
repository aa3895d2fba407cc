"""The pages of schemes: keeping them, the matrices of shares; with the neighbour at every door."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from hocvuso.indicators.models import Indicator
from hocvuso.indicators.services import declare
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.plans.models import Plan, Scheme, SchemeLink, Task
from hocvuso.plans.services import linking
from tests.world import flat, sign_in


@pytest.fixture
def keeper(cast):
    roles.grant(person=cast.hoa, role=Role.STEWARD, unit=cast.ministry, by=None)
    return cast.hoa


@pytest.fixture
def family(keeper):
    return [
        linking.keep_scheme(key=key, title=key, number=key.upper(), source="QĐ", family="so", by=keeper)
        for key in ("de-an-a", "de-an-b")
    ]


@pytest.fixture
def tasks(cast):
    plan = Plan.objects.create(unit=cast.here, title="Kế hoạch Sở Một", state="in-force")
    return [Task.objects.create(plan=plan, title=f"Việc {n}", position=n, lead_unit=cast.here) for n in (1, 2)]


def page(name, *keys):
    return reverse(name, args=keys)


class TestKeeping:
    def test_added_and_changed(self, client, keeper):
        sign_in(client, keeper)
        sent = {"key": "de-an-06", "title": "Đề án", "source": "Quyết định", "family": ""}
        answer = client.post(page("scheme-new"), sent | {"source": ""})
        assert answer.status_code == 400 and 'id="error-source"' in answer.text and "de-an-06" in answer.text
        client.post(page("scheme-new"), sent)
        client.post(page("scheme-edit", "de-an-06"), sent | {"issuer": "Thủ tướng", "starts_on": "2022-01-06"})
        assert "Thủ tướng" in client.get(page("scheme", "de-an-06")).text
        assert page("scheme", "de-an-06") in client.get(page("schemes")).text

    def test_the_list_as_a_file(self, client, keeper, family):
        sign_in(client, keeper)
        rows = list(load_workbook(BytesIO(client.get(page("schemes") + "?tai=xlsx").content)).active.values)
        assert [row[0] for row in rows[1:]] == ["de-an-a", "de-an-b"]


class TestTheMatrix:
    def test_shares_of_tasks(self, client, cast, family, tasks):
        sign_in(client, cast.lan)
        field = f"s_{tasks[0].pk}_"
        client.post(page("scheme-tasks"), {field + "de-an-a": "0,4", field + "de-an-b": "60 %"})
        assert sorted(SchemeLink.objects.values_list("share", flat=True)) == [Decimal("0.4"), Decimal("0.6")]
        text = client.get(page("scheme-tasks")).text
        assert 'value="0,4"' in text and "1 nhiệm vụ phục vụ" in text
        assert "Việc 1" in client.get(page("scheme", "de-an-a")).text

    def test_one_refusal_and_nothing_is_saved(self, client, cast, family, tasks):
        sign_in(client, cast.lan)
        first, second = (f"s_{task.pk}_de-an-a" for task in tasks)
        other = f"s_{tasks[1].pk}_de-an-b"
        answer = client.post(page("scheme-tasks"), {first: "1", second: "0,7", other: "0,7"})
        assert answer.status_code == 400 and "vượt quá 1" in answer.text and 'value="0,7"' in answer.text
        assert not SchemeLink.objects.exists()
        assert client.post(page("scheme-tasks"), {first: "nửa"}).status_code == 400

    def test_shares_of_indicators_and_the_scheme_s_part(self, client, keeper, family):
        Indicator.objects.create(key="lop", title="Số lớp", kind="declared", period_type="year")
        sign_in(client, keeper)
        client.post(page("scheme-indicators"), {"s_lop_de-an-a": "0,5"})
        assert "50 %" in client.get(page("scheme", "de-an-a"), {"ky": "2026"}).text

    def test_a_refusal_names_the_indicator_and_its_sum_as_people_do(self, client, keeper, family):
        Indicator.objects.create(key="lop", title="Số lớp", kind="declared", period_type="year")
        sign_in(client, keeper)
        answer = client.post(page("scheme-indicators"), {"s_lop_de-an-a": "0,7", "s_lop_de-an-b": "0,5"})
        assert "“Số lớp” trong nhóm đề án “so” là 1,2," in answer.text

    def test_schemes_of_one_number_are_told_apart_by_their_titles(self, client, cast, family, tasks):
        Scheme.objects.update(number="06/QĐ")
        sign_in(client, cast.lan)
        text = client.get(page("scheme-tasks")).text
        for scheme in family:
            assert f"06/QĐ<br>{scheme.title}" in flat(text) and f'data-label="06/QĐ, {scheme.title}"' in text
        rows = list(load_workbook(BytesIO(client.get(page("scheme-tasks") + "?tai=xlsx").content)).active.values)
        assert len(set(rows[0])) == len(rows[0])

    def test_as_files(self, client, cast, family, tasks):
        linking.set_shares(shares={family[0]: Decimal("0.5")}, task=tasks[0], by=cast.lan)
        sign_in(client, cast.lan)
        rows = list(load_workbook(BytesIO(client.get(page("scheme-tasks") + "?tai=xlsx").content)).active.values)
        assert rows[1][:2] == ("Việc 1", 0.5)
        assert client.get(page("scheme-indicators") + "?tai=csv").status_code == 200


class TestFaults:
    def faults(self, answer, form="form"):
        return set(answer.context[form].errors)

    def test_of_a_scheme_are_named_at_once_and_what_was_typed_stays(self, client, keeper):
        sign_in(client, keeper)
        sent = {
            "unit": "x", "title": "T" * 100_000, "key": "", "number": "n" * 81, "source": "\x00", "issuer": "Giữ lại",
            "issued_on": "31/02/2026", "starts_on": "-1", "ends_on": "mai",
        }  # fmt: skip
        answer = client.post(page("scheme-new"), sent)
        assert answer.status_code == 400 and self.faults(answer) == {*sent} - {"issuer"}
        assert all(typed in answer.text for typed in ("Giữ lại", "31/02/2026", "mai")) and not Scheme.objects.exists()

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"key": "Đề án"}, "key"),
            ({"key": "de-an-a"}, "key"),
            ({"family": "nhóm một"}, "family"),
            ({"starts_on": "2026-02-02", "ends_on": "2026-01-01"}, "ends_on"),
        ],
    )
    def test_what_the_verb_refuses_stands_at_its_field(self, client, keeper, family, typed, field):
        sign_in(client, keeper)
        answer = client.post(page("scheme-new"), {"key": "moi-1", "title": "T", "source": "QĐ"} | typed)
        assert answer.status_code == 400 and self.faults(answer) == {field} and Scheme.objects.count() == 2

    def test_shares_that_would_exceed_the_whole_are_said_at_the_family(self, client, keeper, family):
        Indicator.objects.create(key="lop", title="Số lớp", kind="declared", period_type="year")
        other = linking.keep_scheme(key="khac", title="Khác", source="QĐ", by=keeper)
        for scheme in (family[0], other):
            linking.set_shares(shares={scheme: Decimal("0.7")}, indicator="lop", by=keeper)
        sign_in(client, keeper)
        sent = {"key": "khac", "title": "Khác", "source": "QĐ", "family": "so"}
        answer = client.post(page("scheme-edit", "khac"), sent)
        assert answer.status_code == 400 and self.faults(answer) == {"family"} and "vượt quá 1" in answer.text

    def test_of_a_matrix_are_said_in_their_rows_and_nothing_is_saved(self, client, cast, family, tasks):
        sign_in(client, cast.lan)
        cells = [f"s_{task.pk}_{scheme.key}" for task in tasks for scheme in family]
        sent = dict(zip(cells, ["nửa", "-0,1", "0,5", "1" * 100_000], strict=True))
        answer = client.post(page("scheme-tasks"), sent)
        assert answer.status_code == 400 and answer.text.count('class="error"') == 3 and 'value="nửa"' in answer.text
        assert all(f'href="#{cell}"' in answer.text for cell in (cells[0], cells[1], cells[3]))
        assert not SchemeLink.objects.exists()

    @pytest.mark.parametrize("name", ["scheme-tasks", "scheme-indicators", "scheme-sums", "scheme"])
    def test_of_a_filter_are_named_and_not_applied(self, client, keeper, family, tasks, name):
        Indicator.objects.create(key="lop", title="Số lớp", kind="declared", period_type="year")
        linking.set_shares(shares={family[0]: Decimal("0.7")}, indicator="lop", by=keeper)
        sign_in(client, keeper)
        keys = [family[0].key] if name == "scheme" else []
        query = {"ke-hoach": "x", "nhom": "lạ", "ky": "2026-13", "don-vi": "x", "cs": "lạ", "da": "lạ"}
        answer = client.get(page(name, *keys), query)
        assert answer.status_code == 400 and 'class="error"' in answer.text

    def test_any_period_may_be_asked_for(self, client, keeper, family):
        sign_in(client, keeper)
        answer = client.get(page("scheme", "de-an-a"), {"ky": "2019-Q3"})
        assert answer.status_code == 200 and '<option value="2019-Q3" selected>' in answer.text


class TestTwoPeople:
    def test_both_texts_of_a_scheme_are_shown_and_saving_again_works(self, client, keeper, family):
        sign_in(client, keeper)
        address = page("scheme-edit", "de-an-a")
        seen = client.get(address).context["form"]["version"].value()
        linking.keep_scheme(key="de-an-a", title="Tên kia", source="QĐ", scheme=family[0], by=keeper)
        mine = {"key": "de-an-a", "title": "Tên này", "source": "QĐ", "version": seen}
        answer = client.post(address, mine)
        assert answer.status_code == 409 and "Tên kia" in answer.text and "Tên này" in answer.text
        again = mine | {"version": answer.context["form"]["version"].value()}
        assert client.post(address, again).status_code == 302
        assert Scheme.objects.get(key="de-an-a").title == "Tên này"

    @pytest.fixture
    def shown(self, client, cast, family, tasks):
        """What a browser sends of the matrix when nothing is typed."""
        sign_in(client, cast.lan)
        form = client.get(page("scheme-tasks")).context["matrix"].form
        return {field.html_initial_name: field.value() or "" for field in form} | {
            field.html_name: field.value() or "" for field in form
        }

    def test_cells_that_one_did_not_change_stay_as_another_saved_them(self, client, cast, family, tasks, shown):
        linking.set_shares(shares={family[0]: Decimal("0.5")}, task=tasks[0], by=cast.lan)
        sent = shown | {f"s_{tasks[1].pk}_de-an-a": "1"}
        assert client.post(page("scheme-tasks"), sent).status_code == 302
        assert dict(SchemeLink.objects.values_list("task", "share")) == {tasks[0].pk: Decimal("0.5"), tasks[1].pk: 1}

    def test_a_cell_that_both_changed_is_named_and_saving_again_works(self, client, cast, family, tasks, shown):
        linking.set_shares(shares={family[0]: Decimal("0.5")}, task=tasks[0], by=cast.lan)
        cell = f"s_{tasks[0].pk}_de-an-a"
        answer = client.post(page("scheme-tasks"), shown | {cell: "0,3"})
        assert answer.status_code == 409 and "vừa lưu 0,5" in answer.text and 'value="0,3"' in answer.text
        assert f'name="initial-{cell}" value="0,5"' in answer.text
        assert client.post(page("scheme-tasks"), {f"initial-{cell}": "0,5"}).status_code == 302  # without the cell
        assert client.post(page("scheme-tasks"), shown | {f"initial-{cell}": "0,5", cell: "0,3"}).status_code == 302
        assert SchemeLink.objects.get().share == Decimal("0.3")

    def test_every_cell_that_both_changed_is_named_also_beside_one_that_cannot_be_read(
        self, client, cast, family, tasks, shown
    ):
        linking.set_shares(shares={family[0]: Decimal("0.5"), family[1]: Decimal("0.2")}, task=tasks[0], by=cast.lan)
        cells = [f"s_{tasks[0].pk}_{scheme.key}" for scheme in family[:2]]
        sent = shown | dict.fromkeys(cells, "0,3") | {f"s_{tasks[1].pk}_{family[0].key}": "nửa"}
        answer = client.post(page("scheme-tasks"), sent)
        assert answer.status_code == 409 and "vừa lưu 0,5" in answer.text and "vừa lưu 0,2" in answer.text
        assert 'value="nửa"' in answer.text

    def test_a_cell_that_one_did_not_change_is_shown_as_it_is_stored_and_not_put_back(
        self, client, cast, family, tasks, shown
    ):
        linking.set_shares(shares={family[0]: Decimal("0.5")}, task=tasks[0], by=cast.lan)
        answer = client.post(page("scheme-tasks"), shown | {f"s_{tasks[1].pk}_{family[0].key}": "nửa"})
        form = answer.context["matrix"].form
        again = {f.html_initial_name: "" for f in form} | {f.html_name: f.value() or "" for f in form}
        again |= {f"initial-s_{tasks[0].pk}_{family[0].key}": "0,5", f"s_{tasks[1].pk}_{family[0].key}": "0,4"}
        assert client.post(page("scheme-tasks"), again).status_code == 302
        assert dict(SchemeLink.objects.values_list("task", "share")) == {
            tasks[0].pk: Decimal("0.5"),
            tasks[1].pk: Decimal("0.4"),
        }

    def test_who_saves_in_the_very_moment_is_seen_under_the_lock(self, client, cast, family, tasks, shown, monkeypatch):
        save, cell = linking.set_shares, f"s_{tasks[0].pk}_{family[0].key}"

        def overtaken(**arguments):
            save(shares={family[0]: Decimal("0.5")}, task=tasks[0], by=cast.lan)
            return save(**arguments)

        monkeypatch.setattr(linking, "set_shares", overtaken)
        answer = client.post(page("scheme-tasks"), shown | {cell: "0,3"})
        assert answer.status_code == 409 and "vừa lưu 0,5" in answer.text
        assert f'name="initial-{cell}" value="0,5"' in answer.text


class TestTheNeighbour:
    def test_a_unit_of_another_s_is_no_choice(self, client, cast):
        sent = {"key": "moi-1", "title": "T", "source": "QĐ", "unit": str(cast.next_door.pk)}
        sign_in(client, cast.lan)
        answer = client.post(page("scheme-new"), sent)
        assert answer.status_code == 400 and set(answer.context["form"].errors) == {"unit"}
        assert client.post(page("scheme-new"), sent | {"unit": ""}).status_code == 400 and not Scheme.objects.exists()

    def test_a_plan_or_unit_of_another_s_is_not_shown(self, client, cast, family, tasks):
        sign_in(client, cast.xuan)
        answer = client.get(page("scheme-tasks"), {"ke-hoach": str(tasks[0].plan_id)})
        assert answer.status_code == 400 and "Việc 1" not in answer.text
        answer = client.get(page("scheme", "de-an-a"), {"don-vi": str(cast.here.pk)})
        assert answer.status_code == 400 and cast.here.name not in answer.text

    def test_sees_and_changes_nothing_of_another_s(self, client, cast, family, tasks):
        linking.keep_scheme(key="cua-so-1", title="Riêng Sở Một", source="QĐ", by=cast.lan, unit=cast.here)
        sign_in(client, cast.xuan)
        assert "Riêng Sở Một" not in client.get(page("schemes")).text
        assert client.get(page("scheme", "cua-so-1")).status_code == 404
        assert client.get(page("scheme-edit", "cua-so-1")).status_code == 404
        assert client.get(page("scheme-edit", "de-an-a")).status_code == 403
        sent = {f"s_{tasks[0].pk}_de-an-a": "1"}
        url = f"{page('scheme-tasks')}?ke-hoach={tasks[0].plan_id}"
        assert "Việc 1" not in client.post(url, sent).text
        client.post(page("scheme-indicators"), {"s_lop_de-an-a": "1"})
        assert not SchemeLink.objects.exists()

    def test_people_without_a_role_are_not_let_in(self, client, cast):
        sign_in(client, cast.minh)
        for name in ("schemes", "scheme-tasks", "scheme-indicators", "scheme-new"):
            assert client.get(page(name)).status_code == 404


class TestWeight:
    def test_the_matrix_does_not_ask_more_with_more_rows(
        self, client, cast, family, tasks, django_assert_max_num_queries
    ):
        for number in range(20):
            Task.objects.create(plan=tasks[0].plan, title=f"Việc {number}", position=number + 3)
        sign_in(client, cast.lan)
        for name in ("scheme-tasks", "scheme-indicators", "schemes"):
            with django_assert_max_num_queries(20):
                assert client.get(page(name)).status_code == 200
        assert Scheme.objects.count() == 2


class TestSums:
    def test_each_by_its_share_and_together_nothing_twice(self, client, keeper, family, cast):
        Indicator.objects.create(
            key="lop", title="Lớp đã mở", kind="declared", period_type="year", definition={"aggregate": "sum"}
        )
        linking.set_shares(shares={family[0]: Decimal("0.6"), family[1]: Decimal("0.4")}, indicator="lop", by=keeper)
        declare(
            indicator=Indicator.objects.get(key="lop"), unit=cast.ministry, period="2026", value=1000, by=keeper,
        )  # fmt: skip
        sign_in(client, keeper)
        both = client.get(page("scheme-sums"), {"ky": "2026"}).text
        assert all(number in both for number in ("600", "400", "1.000"))
        one = client.get(page("scheme-sums"), {"ky": "2026", "da": "de-an-a"}).text
        assert "600" in one and ">400<" not in one and "1.000" in one

    def test_without_links_it_says_where_to_make_them(self, client, keeper):
        sign_in(client, keeper)
        assert "Chưa gắn chỉ số nào với đề án" in client.get(page("scheme-sums")).text
