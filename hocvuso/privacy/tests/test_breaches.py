"""A breach: the clock of 72 hours, what may follow what, who is reminded, both texts."""

from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from hocvuso.base.errors import IllegalMove, NeedsReason, NeedsTitle, NeedsWords, NotAllowed
from hocvuso.base.models import JournalEntry
from hocvuso.documents import composers
from hocvuso.privacy import services
from hocvuso.privacy.models import Breach
from hocvuso.privacy.queries import words_to_people
from hocvuso.reminders.models import Notice
from tests import world

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def known():
    return timezone.now() - HOUR


@pytest.fixture
def breach(cast, known):
    return services.record(
        by=cast.oanh, title="Lộ danh sách", known_at=known, what="Tệp bị tải.", data=["account", "ethnicity", "none"],
        whose="người học", people_count=120, consequences="Lừa đảo.", measures="Đã khoá.",
    )  # fmt: skip


def test_only_who_answers_for_the_whole_site_records_one(cast, known):
    for person in (cast.lan, cast.hoa, cast.an):
        with pytest.raises(NotAllowed):
            services.record(by=person, title="x", known_at=known)


def test_it_needs_no_more_than_a_title_and_when_it_was_known(cast, known):
    assert services.record(by=cast.oanh, title="Nghi lộ", known_at=known).state == "open"
    with pytest.raises(NeedsTitle):
        services.record(by=cast.oanh, title=" ", known_at=known)
    with pytest.raises(services.NotYet):
        services.record(by=cast.oanh, title="x", known_at=timezone.now() + HOUR)


def test_the_clock_runs_from_the_discovery(breach, known):
    assert breach.due_at == known + 72 * HOUR and breach.data == ["account", "ethnicity"]


def test_told_in_time_then_closed_with_what_was_learned(cast, breach):
    told = services.tell_authority(breach=breach, told_at=timezone.now(), by=cast.oanh)
    assert (told.state, told.told_by, told.why_late) == ("told", cast.oanh, "")
    with pytest.raises(NeedsReason):
        services.close(breach=breach, conclusion=" ", by=cast.oanh)
    assert services.close(breach=breach, conclusion="Đã vá.", by=cast.oanh).closed_at
    acts = list(JournalEntry.objects.filter(act__startswith="breach.").values_list("act", flat=True))
    assert acts == ["breach.recorded", "breach.told", "breach.closed"]


def test_told_late_it_says_why(cast, breach):
    Breach.objects.update(known_at=timezone.now() - 80 * HOUR)
    with pytest.raises(NeedsReason) as refused:
        services.tell_authority(breach=breach, told_at=timezone.now(), by=cast.oanh)
    assert refused.value.field == "why_late"
    assert services.tell_authority(breach=breach, told_at=timezone.now(), by=cast.oanh, why_late="Mất điện").why_late


def test_it_is_not_told_before_it_is_described(cast, known):
    bare = services.record(by=cast.oanh, title="Nghi lộ", known_at=known)
    with pytest.raises(NeedsWords):
        services.tell_authority(breach=bare, told_at=timezone.now(), by=cast.oanh)


def test_not_owed_says_why_and_can_be_opened_again_on_the_same_clock(cast, breach):
    with pytest.raises(NeedsReason):
        services.not_owed(breach=breach, reason="", by=cast.oanh)
    services.not_owed(breach=breach, reason="Dữ liệu đã mã hoá", by=cast.oanh)
    again = services.reopen(breach=breach, by=cast.oanh)
    assert again.state == "open" and again.due_at == breach.due_at


def test_what_is_closed_stays(cast, breach):
    services.not_owed(breach=breach, reason="x", by=cast.oanh)
    services.close(breach=breach, conclusion="x", by=cast.oanh)
    for verb in (services.reopen, services.describe, partial(services.tell_people, people_told_at=timezone.now())):
        with pytest.raises(IllegalMove):
            verb(breach=breach, by=cast.oanh)


def test_when_people_were_told_is_written_once(cast, breach):
    first = services.tell_people(breach=breach, people_told_at=timezone.now(), by=cast.oanh).people_told_at
    with pytest.raises(services.PeopleTold):
        services.tell_people(breach=breach, people_told_at=timezone.now(), by=cast.oanh)
    breach.refresh_from_db()
    assert breach.people_told_at == first


def test_who_answers_is_reminded_once_at_each_mark_until_it_is_told(cast, breach, known):
    for hours, expected in [(1.1, 1), (2, 1), (25, 2), (49, 3), (67, 4), (80, 5), (100, 5)]:
        services.remind(known + hours * HOUR)
        assert Notice.objects.filter(person=cast.oanh).count() == expected, hours
    assert not Notice.objects.exclude(person=cast.oanh).exists()
    services.not_owed(breach=breach, reason="x", by=cast.oanh)
    assert services.remind(known + 200 * HOUR) == 0


def test_the_letter_names_what_the_law_asks_for(breach):
    letter = composers.compose(breach)
    text = "\n".join(block["text"] for block in letter["body"])
    assert letter["addressees"] == ["Cục An ninh mạng và phòng, chống tội phạm sử dụng công nghệ cao, Bộ Công an"]
    for part in ("Mẫu số 08", "Tệp bị tải.", "Dân tộc (dữ liệu nhạy cảm)", "120", "Lừa đảo.", "Đã khoá.", "Hạn 72 giờ"):
        assert part in text
    assert "Tệp bị tải." in words_to_people(breach) and "Dân tộc" in words_to_people(breach)


class TestPages:
    @pytest.fixture
    def oanh(self, cast):
        client = Client()
        world.sign_in(client, cast.oanh)
        return client

    def test_recorded_described_told_and_closed_on_the_page(self, oanh):
        now = timezone.localtime() - HOUR
        new = oanh.get("/dieu-hanh/du-lieu-ca-nhan/vi-pham/moi/")
        typed = {"title": "Lộ tệp", "known_on": f"{now:%Y-%m-%d}", "known_hour": f"{now:%H:%M}"}
        typed["once"] = new.context["form"]["once"].value() or ""
        many = oanh.post("/dieu-hanh/du-lieu-ca-nhan/vi-pham/moi/", typed | {"people_count": "9" * 12})
        assert many.status_code == 400 and 'id="error-people_count"' in many.text
        page = oanh.post("/dieu-hanh/du-lieu-ca-nhan/vi-pham/moi/", typed, follow=True)
        assert "còn 7" in page.text and "Lộ tệp" in page.text
        found = Breach.objects.get()
        at = f"/dieu-hanh/du-lieu-ca-nhan/vi-pham/{found.pk}/"
        assert oanh.post(at, typed | {"what": "x", "measures": "y", "version": found.version}).status_code == 302
        found.refresh_from_db()
        told = timezone.localtime()
        step = {"told_on": f"{told:%Y-%m-%d}", "told_hour": f"{told:%H:%M}", "version": found.version}
        assert oanh.post(f"{at}buoc/co-quan/", {**step, "told_hour": "xx"}).status_code == 400
        assert oanh.post(f"{at}buoc/co-quan/", step).status_code == 302
        found.refresh_from_db()
        assert found.state == "told"
        oanh.post(f"{at}buoc/ket-thuc/", {"conclusion": "z", "version": found.version})
        found.refresh_from_db()
        assert found.state == "closed" and "Lộ tệp" in oanh.get("/dieu-hanh/du-lieu-ca-nhan/").text

    @pytest.mark.parametrize("path", ["", "so/", "vi-pham/moi/"])
    def test_a_leader_of_a_department_and_a_learner_do_not_find_it(self, cast, path):
        for person in (cast.lan, cast.hoa):
            client = Client()
            world.sign_in(client, person)
            assert client.get(f"/dieu-hanh/du-lieu-ca-nhan/{path}").status_code == 404

    def test_the_register_is_a_page_and_a_file(self, oanh):
        assert "Dân tộc" in oanh.get("/dieu-hanh/du-lieu-ca-nhan/so/").text
        csv = b"".join(oanh.get("/dieu-hanh/du-lieu-ca-nhan/so/?tai=csv").streaming_content).decode()
        assert "people.Person.ethnicity" in csv and csv.count("\n") > 15
