"""Pages of steering lead into one another: documents, urging, schemes, findings; numbers lead to what they count."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from hocvuso.consultations.services import consulting
from hocvuso.consultations.tests import world as consulted
from hocvuso.indicators.models import Flag, Indicator
from hocvuso.inspections.services import inspecting
from hocvuso.inspections.tests import world as inspected
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.plans.models import Plan, Scheme, SchemeLink, Task
from hocvuso.plans.rules import TaskState
from hocvuso.reports.models import Regime, Report, Review
from tests import world

COMPOSE = "/dieu-hanh/van-ban/tao/?tu="
today = timezone.localdate


@pytest.fixture
def plan(cast):
    """The ministry's plan in force, with a task that Sở Một leads and that is late."""
    made = Plan.objects.create(unit=cast.ministry, title="Kế hoạch", state=Plan.State.IN_FORCE)
    Task.objects.create(plan=made, title="Mở lớp", lead_unit=cast.here, due_on=today() - timedelta(days=3))
    return made


@pytest.fixture
def report(cast):
    regime = Regime.objects.create(issuer=cast.ministry, title="Báo cáo tháng", starts_on=today())
    return Report.objects.create(
        regime=regime, unit=cast.here, period="2026-09", due_on=today() - timedelta(days=3), ends_on=today()
    )


@pytest.fixture
def review(cast, plan):
    return Review.objects.create(plan=plan, title="Sơ kết", first=today(), last=today(), written_by=cast.oanh)


@pytest.fixture
def pages(cast, plan, report, review):
    """Every noun that a document is about → its page."""
    roles.grant(person=cast.hoa, role=Role.INSPECTOR, unit=cast.ministry, by=None)
    consultation = consulted.prepare(cast).consultation
    consulting.close(consultation=consultation, by=cast.hoa)
    inspection = inspecting.plan_inspection(unit=cast.ministry, by=cast.hoa, title="Kiểm tra")
    task = plan.tasks.get()
    return {
        f"plan:{plan.pk}": f"/dieu-hanh/ke-hoach/{plan.pk}/",
        f"task:{task.pk}": f"/dieu-hanh/ke-hoach/nhiem-vu/{task.pk}/",
        f"report:{report.pk}": f"/dieu-hanh/bao-cao/{report.pk}/",
        f"plan-review:{review.pk}": f"/dieu-hanh/bao-cao/danh-gia/{review.pk}/",
        f"consultation:{consultation.pk}": f"/dieu-hanh/lay-y-kien/{consultation.pk}/",
        f"inspection:{inspection.pk}": f"/dieu-hanh/kiem-tra/{inspection.pk}/ket-luan/",
    }


class TestDocuments:
    def test_whoever_plans_composes_one_about_every_noun(self, client, cast, pages):
        world.sign_in(client, cast.oanh)
        for name, page in pages.items():
            assert COMPOSE + name in client.get(page).text, page
            assert client.get(COMPOSE + name).status_code == 200, name

    def test_whoever_does_not_plan_is_offered_none(self, client, cast, pages):
        roles.grant(person=cast.minh, role=Role.STEWARD, unit=cast.ministry, by=None)
        world.sign_in(client, cast.minh)
        answers = [client.get(page) for page in pages.values()]
        assert [answer.status_code for answer in answers].count(200) >= 5
        assert not any(COMPOSE in answer.text for answer in answers)


class TestUrging:
    def test_whoever_urges_there_is_led_to_it(self, client, cast, plan, report):
        world.sign_in(client, cast.oanh)
        for page, urge in [
            (f"/dieu-hanh/ke-hoach/nhiem-vu/{plan.tasks.get().pk}/", f"task/{plan.tasks.get().pk}/"),
            (f"/dieu-hanh/bao-cao/{report.pk}/", f"report/{report.pk}/"),
        ]:
            assert f"/dieu-hanh/don-doc/viec/{urge}" in client.get(page).text
            assert client.get(f"/dieu-hanh/don-doc/viec/{urge}").status_code == 200

    def test_a_remedy_is_urged_as_one(self, client, cast):
        task = (begun := inspected.prepare(cast)).ask(begun.find(cast.here)).task
        world.sign_in(client, cast.oanh)
        text = client.get(f"/dieu-hanh/ke-hoach/nhiem-vu/{task.pk}/").text
        assert f"/dieu-hanh/don-doc/viec/remedy/{task.pk}/" in text
        assert client.get(f"/dieu-hanh/don-doc/viec/remedy/{task.pk}/").status_code == 200

    @pytest.mark.parametrize("who", ["minh", "xuan"])
    def test_others_are_not(self, client, cast, plan, who):
        roles.grant(person=cast.minh, role=Role.STEWARD, unit=cast.ministry, by=None)
        world.sign_in(client, getattr(cast, who))
        assert "don-doc/viec" not in client.get(f"/dieu-hanh/ke-hoach/nhiem-vu/{plan.tasks.get().pk}/").text

    def test_what_is_done_is_not_urged_on(self, client, cast, plan):
        Task.objects.update(done_on=today())
        world.sign_in(client, cast.oanh)
        assert "don-doc/viec" not in client.get(f"/dieu-hanh/ke-hoach/nhiem-vu/{plan.tasks.get().pk}/").text


class TestTask:
    def test_it_names_the_schemes_it_counts_for(self, client, cast, plan):
        task = plan.tasks.get()
        for key, unit in [("de-an-06", None), ("rieng-so-hai", cast.next_door)]:
            scheme = Scheme.objects.create(key=key, title=key, unit=unit, source="–")
            SchemeLink.objects.create(scheme=scheme, task=task, share="0.4", by=cast.oanh)
        world.sign_in(client, cast.lan)
        text = client.get(f"/dieu-hanh/ke-hoach/nhiem-vu/{task.pk}/").text
        assert (
            '<a href="/dieu-hanh/de-an/de-an-06/">de-an-06</a>(40 %)' in world.flat(text)
            and "/dieu-hanh/de-an/" in text
        )
        assert "rieng-so-hai" not in text

    def test_a_remedy_is_confirmed_on_the_page_of_its_finding(self, client, cast):
        remedy = (begun := inspected.prepare(cast)).ask(begun.find(cast.here))
        page = f"/dieu-hanh/ke-hoach/nhiem-vu/{remedy.task_id}/"
        world.sign_in(client, cast.lan)
        text = client.get(page).text
        assert f"/dieu-hanh/kiem-tra/ton-tai/{remedy.finding_id}/" in text and f"{page}xong/" not in text
        answer = client.post(f"{page}xong/")
        assert answer.status_code == 400 and "người kiểm tra xác nhận" in answer.text


class TestDashboard:
    """Every link of the dashboard and of a commune's page leads to a page that shows what it was pressed for."""

    @pytest.fixture
    def there(self, client, cast, plan, report):
        Indicator.objects.create(
            key="learners", title="Người học", kind="measure", definition={"measure": "learning.learners"}
        )
        for unit in (cast.here, cast.next_door):
            Flag.objects.create(kind="missing", detector="x", indicator="learners", unit=unit, period="2026")
        world.sign_in(client, cast.oanh)
        return client

    def links(self, client, page):
        main = client.get(page).text.partition("<main")[2]
        return [unescape(link) for link in re.findall(r'href="([^"#]+)"', main) if not link.startswith("?")]

    @pytest.mark.parametrize("page", ["/dieu-hanh/tong-quan/", "/dieu-hanh/tong-quan/man-hinh/"])
    def test_no_link_is_dead(self, there, page):
        links = set(self.links(there, page))
        assert len(links) >= 7
        assert {link: there.get(link).status_code for link in links if there.get(link).status_code != 200} == {}

    def test_numbers_open_what_they_count(self, there, cast):
        page = f"/dieu-hanh/tong-quan/?unit={cast.here.pk}"
        counted = there.get(page).context["alerts"]
        tasks, reports, flags = (
            there.get(next(link for link in self.links(there, page) if part in link))
            for part in ("trang-thai=late", "qua-han=1", "canh-bao/")
        )
        assert counted.late_tasks == tasks.context["page"].paginator.count == 1
        assert tasks.context["cards"][0].state == TaskState.LATE
        assert counted.late_reports == reports.context["page"].paginator.count == 1
        assert counted.flags == flags.context["page"].paginator.count == 1

    def test_a_figure_opens_for_the_unit_and_period_it_was_shown_for(self, there, cast):
        page = f"/dieu-hanh/tong-quan/?unit={cast.here.pk}&ky=2025-03"
        at = there.get(next(link for link in self.links(there, page) if "chi-so/learners/" in link)).context["at"]
        assert (at.unit, at.period.code) == (cast.here, "2025-03")

    def test_a_unit_out_of_reach_narrows_nothing_and_shows_nothing(self, client, cast, there):
        world.sign_in(client, cast.xuan)
        flags = client.get(f"/dieu-hanh/chi-so/canh-bao/?don-vi={cast.here.pk}").context["page"].object_list
        assert [flag.unit for flag in flags] == [cast.next_door]
        assert not client.get(f"/dieu-hanh/bao-cao/?xem=tat-ca&don-vi={cast.here.pk}").context["page"].object_list
