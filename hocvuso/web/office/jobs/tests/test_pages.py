"""Long work on pages: small at once, large in line; how it goes; nobody else's; never beyond one's reach."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hocvuso.base.words import name_of
from hocvuso.indicators.jobs import check_quality
from hocvuso.indicators.models import Flag
from hocvuso.indicators.tests import world
from hocvuso.indices import jobs as indices
from hocvuso.jobs import services as jobs
from hocvuso.jobs.models import Job
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.units import services as units
from hocvuso.units.models import Unit
from hocvuso.web.kit import uploads
from hocvuso.web.kit.long_work import leads_to, title_of
from tests.world import sign_in

HOME = "/dieu-hanh/viec-chay/"
HEAD = "code,name,kind,parent\n"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def as_(client, cast):
    def become(name):
        sign_in(client, getattr(cast, name))
        return client

    return become


def worked():
    """The worker does the next job, here."""
    job = jobs.take("here")
    jobs.do(job, lambda done, total: None)
    job.refresh_from_db()
    return job


def long_list(cast, *more):
    rows = [f"X{n},Trường số {n},school,{cast.here.code}\n" for n in range(5000)]
    return (HEAD + "".join([*rows, *more])).encode()


def send_list(client, content):
    return client.post(reverse("units-import"), {"file": SimpleUploadedFile("truong.csv", content)}, follow=True)


def kept(cast, **more):
    fields = {"kind": "quality.check", "args": {"period": "2026-06"}, "language": "vi", "by_id": cast.lan.pk}
    return Job.objects.create(**fields | more)


class TestOneJob:
    def test_a_long_list_is_looked_at_by_the_worker_and_written_when_that_is_asked_for(self, cast, as_):
        client = as_("lan")
        answer = send_list(client, long_list(cast))
        assert "Nhập danh sách đơn vị: truong.csv" in answer.text and "đang chờ" in answer.text
        job = worked()
        answer = client.get(f"{HOME}{job.pk}/")
        assert "Thêm 5.000, sửa 0, giữ nguyên 0" in answer.text and "Nhập các đơn vị này" in answer.text
        assert not Unit.objects.filter(code="X1").exists()
        client.post(reverse("job-next", args=[job.pk]))
        assert worked().says == "Đã nhập 5.000 đơn vị." and Unit.objects.filter(code="X4999").exists()

    def test_a_short_list_is_seen_at_once(self, cast, as_):
        answer = send_list(as_("lan"), f"{HEAD}X1,Trường,school,{cast.here.code}\n".encode())
        assert "Xem trước" in answer.text and not Job.objects.exists()

    def test_faults_are_named_and_come_as_a_file(self, cast, as_):
        client = as_("lan")
        send_list(client, long_list(cast, f"Y1,Trường,ship,{cast.here.code}\n"))
        job = worked()
        page = client.get(f"{HOME}{job.pk}/").text
        assert "Có 1 chỗ cần sửa" in page and "không có loại này" in page and "Nhập các đơn vị này" not in page
        file = b"".join(client.get(f"{HOME}{job.pk}/?tai=csv").streaming_content).decode()
        assert "5002" in file and "không có loại này" in file

    def test_progress_is_seen_and_the_page_is_fresh_without_a_script_too(self, cast, as_):
        job = kept(cast, state="running", done=424, total=3356)
        page = as_("lan").get(f"{HOME}{job.pk}/").text
        assert "424 / 3.356" in page and 'value="12" max="100"' in page
        assert '<meta http-equiv="refresh" content="5">' in page.partition("<noscript>")[2].partition("</noscript>")[0]

    def test_it_is_found_again(self, cast, as_):
        job = kept(cast, state="running", done=424, total=3356)
        client = as_("lan")
        for page in ("/dieu-hanh/", HOME):
            text = client.get(page).text
            assert f"{HOME}{job.pk}/" in text and "12 %" in text and "Xét chất lượng số liệu" in text

    def test_it_is_stopped(self, cast, as_):
        job = kept(cast)
        answer = as_("lan").post(reverse("job-cancel", args=[job.pk]), follow=True)
        assert "Đã dừng theo yêu cầu. Chưa có gì được ghi." in answer.text
        assert as_("lan").post(reverse("job-cancel", args=[job.pk])).status_code == 409
        assert jobs.take("w") is None

    def test_too_many_are_refused_in_words(self, cast, as_):
        for n in range(jobs.MOST_LIVING):
            kept(cast, args={"period": f"2026-{n + 1:02}"})
        answer = send_list(as_("lan"), long_list(cast))
        assert answer.status_code == 400 and "5 việc đang chờ hoặc đang chạy" in answer.text
        assert Job.objects.count() == jobs.MOST_LIVING

    def test_in_english(self, cast, as_):
        client = as_("lan")
        client.cookies["hv_lang"] = "en"
        text = client.get(f"{HOME}{kept(cast, state='running', done=1, total=2).pk}/").text
        assert "running" in text and "Stop this" in text

    @pytest.mark.parametrize("name", ["xuan", "oanh", "an"])
    def test_nobody_else_knows_that_it_is_there(self, cast, as_, name):
        job = kept(cast, state="done", faults=[[1, "", "", "bí mật"]], then={"apply": True})
        client = as_(name)
        assert client.get(f"{HOME}{job.pk}/").status_code == 404
        assert client.get(f"{HOME}{job.pk}/?tai=csv").status_code == 404
        for act in ("job-cancel", "job-next"):
            assert client.post(reverse(act, args=[job.pk])).status_code == 404
        assert str(job.pk) not in client.get(HOME).text

    def test_what_was_made_is_a_press_away(self, cast):
        job = kept(cast, state="done", leads_to=name_of(cast.here))
        assert leads_to(job) == reverse("unit", args=[cast.here.pk])


class TestReach:
    @pytest.fixture
    def figures(self, cast):
        """Figures that are owed, and missing, here and next door."""
        world.indicator("owed", kind="declared", definition={"owed_by": ["provincial-department"], "due": 5})

    def steward(self, cast, unit):
        roles.grant(person=cast.hoa, role=Role.STEWARD, unit=unit, by=None)
        return Person.objects.get(pk=cast.hoa.pk)

    def test_a_look_for_doubts_stays_within_the_units_whose_data_one_keeps(self, cast, as_, figures):
        self.steward(cast, cast.here)
        answer = as_("hoa").post(reverse("flags-check"), {"period": "2026-06"}, follow=True)
        assert "Đã xét xong" in answer.text
        assert set(Flag.objects.values_list("unit", flat=True)) == {cast.here.pk}

    def test_the_whole_country_is_looked_at_by_who_keeps_it_and_by_the_worker(self, cast, as_, figures, monkeypatch):
        monkeypatch.setitem(jobs._kinds, "quality.check", jobs.Kind("quality.check", check_quality, 30, 1, True, True))
        self.steward(cast, cast.ministry)
        as_("hoa").post(reverse("flags-check"), {"period": "2026-06"})
        assert not Flag.objects.exists()
        assert "Cảnh báo mới: 2" in worked().says
        assert set(Flag.objects.values_list("unit", flat=True)) == {cast.here.pk, cast.next_door.pk}

    def test_rights_are_asked_again_when_it_is_done(self, cast, as_, figures):
        by = self.steward(cast, cast.here)
        jobs.ask("quality.check", by=by, args={"period": "2026-06"})
        RoleGrant.objects.filter(person=by).delete()
        job = worked()
        assert job.state == "failed" and "không có quyền" in job.says and not Flag.objects.exists()

    def test_an_account_that_is_no_more_writes_nothing(self, cast, figures):
        jobs.ask("quality.check", by=self.steward(cast, cast.here), args={"period": "2026-06"})
        Person.objects.filter(pk=cast.hoa.pk).update(is_active=False)
        assert worked().state == "failed" and not Flag.objects.exists()

    def test_a_list_of_units_stays_beneath_ones_own(self, cast, as_):
        rows = f"Z1,Trường,school,{cast.next_door.code}\n"
        send_list(as_("lan"), long_list(cast, rows))
        job = worked()
        assert [fault[3] for fault in job.faults] == ["nằm ngoài phạm vi của bạn"]

    def test_only_who_defines_indices_computes_them(self, cast):
        index = indices.IndexDefinition.objects.create(key="a", year=2026, title="A", definition={"criteria": []})
        args = {"index": str(index.pk), "period": "2026", "kind": "school"}
        jobs.ask("index.compute", by=cast.lan, args=args)
        assert worked().state == "failed"


class TestKinds:
    def test_a_kind_that_is_no_more_still_has_a_page(self, cast, as_):
        job = kept(cast, kind="gone", state="failed")
        assert as_("lan").get(f"{HOME}{job.pk}/").status_code == 200 and title_of(job) == "gone"

    def test_packed_lists_are_long_sooner(self):
        assert uploads.is_long(b"PK" + b"x" * uploads.BOOK_AT_ONCE)
        assert not uploads.is_long(b"a," + b"x" * uploads.BOOK_AT_ONCE)

    def test_many_units_are_opened_as_one_is(self, cast):
        one = units.open_unit(code="ONE", name="Tổ Một", kind="digital-team", parent=cast.here)
        rows = [
            {"code": "TWO", "name": "Tổ Hai", "kind": "digital-team", "parent": cast.here.code.lower()},
            {"code": "SUB", "name": "Tổ Ba", "kind": "digital-team", "parent": "TWO"},
        ]
        two, sub = units.open_units(rows, source="")
        cast.here.refresh_from_db()
        assert [one.path, two.path] == [cast.here.tree_path.child(cast.here.last_child - n).text for n in (1, 0)]
        assert sub.path == two.tree_path.child(1).text and Unit.objects.get(pk=two.pk).last_child == 1
        assert units.open_unit(code="NEXT", name="Tổ", kind="school", parent=two).path == two.tree_path.child(2).text
