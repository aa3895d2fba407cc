"""From a folder sent in to a published programme: written by one person, approved by another."""

import io
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from django.test import Client

from hocvuso.library.models import Edition, Programme, ReviewComment, WithdrawalRequest
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from tests import world

pytestmark = pytest.mark.django_db
HOME, UPLOAD = "/bien-soan/", "/bien-soan/gui/"
SOURCE = world.ROOT / "tests" / "programmes" / "hai-bai"

RETURN = "return_for_revision"
ACTS = ("submit", "approve", RETURN, "publish")


def signed_in(person):
    client = Client()
    world.sign_in(client, person)
    return client


@pytest.fixture(autouse=True)
def _frameworks(db):
    world.frameworks()


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(SOURCE, tmp_path / "hai-bai"))


@pytest.fixture
def an(cast):
    return signed_in(cast.an)


@pytest.fixture
def minh(cast):
    return signed_in(cast.minh)


@pytest.fixture
def lan(cast):
    return signed_in(cast.lan)


def change(folder, file, old, new):
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")


def packed(folder):
    """The folder as a ZIP file, as a browser sends it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder.parent))
    out.seek(0)
    out.name = "hai-bai.zip"
    return out


def send(client, folder):
    return client.post(UPLOAD, {"file": packed(folder)})


@pytest.fixture
def draft(an, folder):
    """The address of a draft that An sent in."""
    return send(an, folder)["Location"]


def move(client, edition, act):
    return client.post(f"{edition}chuyen/", {"act": act})


def decide(client, how):
    return client.post(f"{HOME}rut/{WithdrawalRequest.objects.latest('created_at').pk}/", {"act": how})


def ask_and_confirm(one, other, edition):
    one.post(f"{edition}rut/", {"reason": "sai"})
    decide(other, "confirm")


def state():
    return Edition.objects.latest("number").state


class TestSendingIn:
    def test_a_folder_becomes_a_draft_of_its_author(self, an, draft, cast):
        made = Edition.objects.get()
        assert draft == f"{HOME}{made.pk}/" and (made.state, made.written_by) == ("draft", cast.an)
        page = an.get(draft).text
        assert "Hai bài thử" in page and "Không có gì cần sửa." in page and "soạn:" in page
        assert f'<a href="{draft}">Hai bài thử</a>' in an.get(HOME).text

    def test_a_draft_is_not_yet_for_learners(self, draft, client):
        assert client.get("/chuong-trinh/hai-bai/").status_code == 404
        assert "Hai bài thử" not in client.get("/chuong-trinh/").text

    def test_an_unchanged_folder_makes_no_second_one(self, an, draft, folder):
        assert send(an, folder)["Location"] == draft
        assert Edition.objects.count() == 1

    def test_every_fault_of_a_broken_source_is_named_by_file_and_place_and_nothing_is_kept(self, an, folder):
        change(folder, "bai-mot/lesson.md", "icon: shield", "icon: shield\nmau: xanh")
        change(folder, "bai-hai/practice.yaml", "bin: lua", "bin: la")
        page = send(an, folder)
        assert page.status_code == 400 and "Chưa nhận được, hãy sửa những chỗ sau:" in page.text
        assert "bai-mot/lesson.md" in page.text and "mau" in page.text
        assert "bai-hai/practice.yaml" in page.text and "không có ngăn" in page.text
        assert not Edition.objects.exists() and not Programme.objects.exists()

    def test_an_unknown_block_is_named_with_its_line(self, an, folder):
        change(folder, "bai-mot/lesson.md", "::: warning", "::: canhbao")
        page = send(an, folder)
        assert page.status_code == 400 and "canhbao" in page.text and "dòng" in page.text

    def test_what_is_no_zip_says_so(self, an):
        page = an.post(UPLOAD, {"file": io.BytesIO(b"xin chao")})
        assert page.status_code == 400 and "không phải tệp ZIP" in page.text

    def test_without_a_file_one_is_asked_for(self, an):
        for sent in ({}, {"file": ""}):
            page = an.post(UPLOAD, sent)
            assert page.status_code == 400 and "Hãy chọn một tệp." in page.text

    def test_a_zip_that_broke_on_the_way_says_so(self, an, folder):
        content = bytearray(packed(folder).read())
        content[60:70] = b"\0" * 10
        page = an.post(UPLOAD, {"file": io.BytesIO(bytes(content))})
        assert page.status_code == 400 and not Edition.objects.exists()

    def test_a_zip_under_a_password_says_so(self, an, folder):
        content = packed(folder).read()
        for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = content.index(signature) + offset
            content = content[:at] + bytes([content[at] | 1]) + content[at + 1 :]
        page = an.post(UPLOAD, {"file": io.BytesIO(content)})
        assert page.status_code == 400 and not Edition.objects.exists()

    def test_a_file_that_is_also_a_folder_is_refused(self, an, folder):
        out = packed(folder)
        with zipfile.ZipFile(out, "a") as archive:
            archive.writestr("hai-bai/x.md", "x")
            archive.writestr("hai-bai/x.md/y.md", "y")
        page = an.post(UPLOAD, {"file": io.BytesIO(out.getvalue())})
        assert page.status_code == 400 and not Edition.objects.exists()

    def test_what_is_larger_than_the_page_says_is_not_even_read(self, an, folder):
        out = packed(folder)
        with zipfile.ZipFile(out, "a") as archive:  # a good archive but for its size
            archive.writestr("hai-bai/lon.md", os.urandom(2 * 1024 * 1024))
        page = an.post(UPLOAD, {"file": io.BytesIO(out.getvalue())})
        assert page.status_code == 400 and "Tệp lớn quá 2 MB." in page.text and not Edition.objects.exists()

    @pytest.mark.parametrize("who", ["minh", "hoa", "binh"])
    def test_who_does_not_write_finds_no_such_page(self, cast, folder, who):
        client = signed_in(getattr(cast, who))
        assert client.get(UPLOAD).status_code == 404
        assert send(client, folder).status_code == 404 and not Edition.objects.exists()
        assert UPLOAD not in client.get(HOME).text


class TestReading:
    def test_the_page_shows_what_each_outcome_is_covered_by(self, an, draft):
        page = an.get(draft).text
        assert "<td>TH-01</td>" in page and "<td>Nhận ra lừa đảo</td>" in page and '<td class="num">12</td>' in page

    def test_a_lesson_is_shown_as_the_learner_will_see_it(self, an, draft):
        page = an.get(f"{draft}bai/bai-mot/").text
        assert "Việc thứ nhất." in page and "Xem trước." in page
        assert "<script>alert" not in page and "onload=" not in page
        assert "KHOA-DUNG" not in page and "BI-MAT" not in page

    def test_what_is_not_there_is_not_found(self, an, draft):
        assert an.get(f"{draft}bai/bai-chin/").status_code == 404
        assert an.get(f"{HOME}00000000-0000-0000-0000-000000000000/").status_code == 404

    def test_the_list_shows_the_latest_edition_and_its_page_the_others(self, an, draft, folder):
        change(folder, "bai-mot/lesson.md", "Đoạn mở đầu", "Đoạn đầu mới")
        second = send(an, folder)["Location"]
        page = an.get(HOME).text
        assert second in page and draft not in page
        assert draft in an.get(second).text

    def test_before_anything_is_sent_in_it_says_so(self, an):
        assert "Chưa có chương trình nào." in an.get(HOME).text


class TestLife:
    def test_from_draft_to_the_learner_and_back(
        self, cast, an, minh, lan, draft, client, django_capture_on_commit_callbacks
    ):
        assert move(an, draft, "submit")["Location"] == draft and state() == "in-review"
        assert move(minh, draft, "return_for_revision").status_code == 302 and state() == "draft"
        move(an, draft, "submit")
        move(lan, draft, "approve")
        with django_capture_on_commit_callbacks(execute=True):
            page = lan.post(f"{draft}chuyen/", {"act": "publish"}, follow=True).text
        assert "Đã chuyển sang: đã phát hành." in page and "duyệt:" in page
        assert client.get("/hoc/hai-bai/bai-mot/").status_code == 200
        with django_capture_on_commit_callbacks(execute=True):
            ask_and_confirm(lan, signed_in(cast.oanh), draft)
        assert state() == "withdrawn" and client.get("/hoc/hai-bai/bai-mot/").status_code == 404

    def test_each_sees_only_what_they_may_do_next(self, an, minh, lan, draft):
        def offered(client):
            page = client.get(draft).text
            return {
                act
                for act in ("submit", "approve", "return_for_revision", "publish", "withdraw")
                if f'value="{act}"' in page
            }

        assert (offered(an), offered(minh), offered(lan)) == ({"submit"}, set(), {"submit"})
        move(an, draft, "submit")
        assert (offered(an), offered(minh), offered(lan)) == (
            set(),
            {RETURN},
            {"approve", RETURN},
        )
        move(lan, draft, "approve")
        assert (offered(an), offered(minh), offered(lan)) == (
            set(),
            {RETURN},
            {"publish", RETURN},
        )

    def test_nobody_approves_what_they_wrote(self, lan, folder):
        mine = send(lan, folder)["Location"]
        move(lan, mine, "submit")
        page = move(lan, mine, "approve")
        assert page.status_code == 409 and "không ai tự quyết định việc mình viết" in page.text
        assert state() == "in-review" and Edition.objects.get().approved_by is None

    @pytest.mark.parametrize("act", ["approve", "publish"])
    @pytest.mark.parametrize("who", ["an", "minh"])
    def test_only_who_approves_can_approve_and_publish(self, cast, an, draft, who, act):
        move(an, draft, "submit")
        page = move(signed_in(getattr(cast, who)), draft, act)
        assert page.status_code == 409 and "Bạn không có quyền làm việc này ở đây." in page.text
        assert state() == "in-review"

    @pytest.mark.parametrize("act", ["approve", "publish", "return_for_revision"])
    def test_no_step_is_skipped(self, lan, draft, act):
        page = move(lan, draft, act)
        assert page.status_code == 409 and "Không thể chuyển từ “bản thảo” sang" in page.text
        assert state() == "draft" and Edition.objects.get().published_at is None

    @pytest.mark.parametrize("act", ["", "delete", "__init__"])
    def test_there_is_no_other_step(self, lan, draft, act):
        assert move(lan, draft, act).status_code == 404

    def test_what_the_checks_refuse_is_told_and_goes_no_further(self, an, folder):
        change(folder, "bai-mot/lesson.md", "question c1", "question c9")
        sent = send(an, folder)["Location"]
        assert "c9" in an.get(sent).text
        page = move(an, sent, "submit")
        assert page.status_code == 409 and "Chưa phát hành được:" in page.text and state() == "draft"

    def test_a_competency_no_framework_has_stops_publishing(self, an, lan, folder):
        change(folder, "programme.yaml", "TT02-2025/4.2", "TT02-2025/9.9")
        sent = send(an, folder)["Location"]
        move(an, sent, "submit")
        move(lan, sent, "approve")
        page = move(lan, sent, "publish")
        assert page.status_code == 409 and "TT02-2025/9.9" in page.text and state() == "approved"


class TestReviewing:
    def comment(self, client, edition, **typed):
        return client.post(f"{edition}gop-y/", {"text": "Câu này khó hiểu.", "lesson": "bai-mot", "line": "12"} | typed)

    def test_a_reviewer_comments_and_the_author_deals_with_it(self, an, minh, draft):
        assert self.comment(minh, draft)["Location"] == draft
        page = an.get(draft).text
        assert "Câu này khó hiểu." in page and "bai-mot:12" in page and "<strong>Minh</strong>" in page
        made = ReviewComment.objects.get()
        assert an.post(f"{HOME}gop-y/{made.pk}/xong/")["Location"] == draft
        page = an.get(draft).text
        assert "đã xong" in page and "Đánh dấu đã xong" not in page

    def test_a_comment_is_text(self, minh, draft):
        self.comment(minh, draft, text="<script>alert(2)</script>\nhai")
        page = minh.get(draft).text
        assert "<script>alert(2)" not in page and "&lt;script&gt;alert(2)&lt;/script&gt;<br>hai" in page

    @pytest.mark.parametrize("text", ["", "   \n"])
    def test_an_empty_one_is_none(self, minh, draft, text):
        self.comment(minh, draft, text=text)
        assert not ReviewComment.objects.exists()

    def test_one_may_leave_the_line(self, minh, draft):
        assert self.comment(minh, draft, line="").status_code == 302
        assert ReviewComment.objects.get().line is None

    @pytest.mark.parametrize("line", ["x", "-1", "²", "9" * 30, "1.5"])
    def test_a_line_that_is_none_is_named_and_the_comment_stays_typed(self, minh, draft, line):
        page = self.comment(minh, draft, line=line)
        assert (
            page.status_code == 400 and 'id="error-line"' in page.text and "Câu này khó hiểu.</textarea>" in page.text
        )
        assert not ReviewComment.objects.exists()

    @pytest.mark.parametrize("who", ["hoa", "binh"])
    def test_others_find_no_such_page(self, cast, minh, draft, who):
        self.comment(minh, draft)
        client = signed_in(getattr(cast, who))
        made = ReviewComment.objects.get()
        assert self.comment(client, draft).status_code == 404
        assert client.post(f"{HOME}gop-y/{made.pk}/xong/").status_code == 404
        made.refresh_from_db()
        assert ReviewComment.objects.count() == 1 and made.resolved_at is None


class TestStrangers:
    @pytest.mark.parametrize("tail", ["", "gui/", "{edition}", "{edition}bai/bai-mot/"])
    def test_people_without_a_role_find_nothing_and_nobody_signs_in_first(self, cast, draft, client, tail):
        path = draft if tail == "{edition}" else tail.format(edition=draft) if "{" in tail else HOME + tail
        assert signed_in(cast.hoa).get(path).status_code == 404
        assert client.get(path)["Location"] == f"/tai-khoan/dang-nhap/?next={path}"

    @pytest.mark.parametrize("act", ["submit", "approve", "publish"])
    def test_they_move_nothing(self, cast, draft, client, act):
        assert move(signed_in(cast.hoa), draft, act).status_code == 404
        assert move(client, draft, act).status_code == 302
        assert state() == "draft"

    def test_a_role_that_ended_opens_nothing(self, an, cast, draft):
        grant = cast.an.grants.get()
        grant.ends_at = grant.starts_at
        grant.save()
        assert an.get(draft).status_code == 404


class TestNextDoor:
    """A programme of another unit is neither listed nor opened, and nothing can be done to it."""

    @pytest.fixture
    def published(self, cast):
        return world.publish(SOURCE).published_edition

    def test_it_is_absent(self, cast, published):
        xuan, edition = signed_in(cast.xuan), f"{HOME}{published.pk}/"
        assert "Hai bài thử" not in xuan.get(HOME).text
        assert [xuan.get(page).status_code for page in (edition, f"{edition}bai/bai-mot/")] == [404, 404]
        assert xuan.post(f"{edition}rut/", {"reason": "x"}).status_code == 404 and state() == "published"
        assert xuan.post(f"{edition}gop-y/", {"text": "x"}).status_code == 404

    def test_one_alone_withdraws_nothing_two_do_and_it_is_published_again(self, cast, published):
        edition, lan, oanh = f"{HOME}{published.pk}/", signed_in(cast.lan), signed_in(cast.oanh)
        assert lan.post(f"{edition}rut/", {"reason": " "}).status_code == 400
        assert "cần xác nhận" in lan.post(f"{edition}rut/", {"reason": "số liệu cũ"}, follow=True).text
        assert decide(lan, "confirm").status_code == 409 and state() == "published"
        assert "số liệu cũ" in oanh.get(edition).text and "Hai bài thử" in oanh.get("/dieu-hanh/").text
        assert decide(signed_in(cast.xuan), "confirm").status_code == 404
        assert decide(oanh, "confirm").status_code == 302 and state() == "withdrawn"
        page = lan.get(edition).text
        assert "Đề nghị phát hành lại" in page and 'value="publish"' not in page
        assert move(lan, edition, "publish").status_code == 409 and state() == "withdrawn"
        lan.post(f"{edition}rut/", {"reason": "số liệu mới"})
        assert decide(lan, "confirm").status_code == 409 and state() == "withdrawn"
        assert "Xác nhận phát hành lại" in oanh.get(edition).text
        assert decide(oanh, "confirm").status_code == 302 and state() == "published"

    def test_a_session_left_open_neither_asks_nor_decides(self, cast, published):
        lan, oanh = signed_in(cast.lan), signed_in(cast.oanh)
        world.leave_open(lan)
        assert "/buoc-hai/" in lan.post(f"{HOME}{published.pk}/rut/", {"reason": "x"})["Location"]
        assert not WithdrawalRequest.objects.exists()
        signed_in(cast.lan).post(f"{HOME}{published.pk}/rut/", {"reason": "x"})
        world.leave_open(oanh)
        assert "/buoc-hai/" in decide(oanh, "confirm")["Location"] and state() == "published"

    def test_a_withdrawal_is_taken_back(self, cast, published):
        lan = signed_in(cast.lan)
        lan.post(f"{HOME}{published.pk}/rut/", {"reason": "x"})
        assert decide(lan, "decline").status_code == 302 and state() == "published"

    def test_who_writes_for_several_units_is_asked_for_which(self, cast, folder):
        roles.grant(person=cast.an, role=Role.AUTHOR, unit=cast.next_door, by=None)
        an = signed_in(cast.an)
        assert "Bản soạn của đơn vị" in an.get(UPLOAD).text
        refused = send(an, folder)
        assert refused.status_code == 400 and "Hãy chọn đơn vị của bản soạn này." in refused.text
        assert an.post(UPLOAD, {"file": packed(folder), "unit": str(cast.next_door.pk)}).status_code == 302
        assert Edition.objects.get().unit == cast.next_door
