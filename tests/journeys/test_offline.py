"""Without a line: what is kept opens, is learnt and sent later; a certificate is checked."""

from __future__ import annotations

import json
import shutil

import pytest
from PIL import Image

from .conftest import ROOT, phone, small_site
from .line import behind_a_line, people_of, signs_in
from .saving import CONTROLLED, IS_KEPT, LESSON, PROGRAMME, save, until_kept
from .walking import Touch, act_rightly, answer_checks, kept, practise, queue_sent, sign_in, until

BROKEN = "[...document.images].filter((i) => !i.complete || !i.naturalWidth).length"
# A new release: another style sheet and script, by other names; the old files are gone.
RELEASE = """
import shutil
from pathlib import Path
from django.conf import settings
from django.core.management import call_command
from django.contrib.staticfiles.storage import staticfiles_storage
from hocvuso.web.learn.lessons import publishing as lessons
from hocvuso.web.public.catalogue import publishing as catalogue
dist = Path("{folder}")
shutil.copytree(settings.STATICFILES_DIRS[0], dist, dirs_exist_ok=True)
for name in ("app.css", "app.js"):
    (dist / name).write_text((dist / name).read_text() + "/* {word} */")
settings.STATICFILES_DIRS = [dist]
shutil.rmtree(settings.STATIC_ROOT)
call_command("collectstatic", interactive=False, verbosity=0)
lessons.render_all()
catalogue.render_all()
print(staticfiles_storage.url("app.css"))
"""

# A sound credential, one that has expired, one that was changed after signing, one signed by somebody else's key.
CREDENTIALS = f"""
import json
from django.utils import timezone
from hocvuso.base import signing
from hocvuso.credentials import documents, rules, services
from hocvuso.library.models import Programme
from hocvuso.people.models import Person
from tests.world import agreeing, take_final

attempt = take_final(agreeing(Person.objects.create(name="Hoa")), Programme.objects.get(key="{PROGRAMME}"))
credential = services.issue(attempt=attempt)
method = documents.method_of(credential.key)
plain = {{name: value for name, value in credential.signed.items() if name != "proof"}}

def signed(document, sealed):
    return rules.with_proof(document, method=method, at=timezone.now(), sign=lambda data: signing.sign(sealed, data))

expired = signed(plain | {{"validUntil": "2025-01-01T00:00:00Z"}}, credential.key.sealed)
foreign = signed(plain, signing.new_key()[0])
print(json.dumps([credential.signed, expired, credential.signed | {{"name": "Khác"}}, foreign]))
"""


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    """A small site behind a line that can fail; with a programme that shows a photograph."""
    site = small_site(tmp_path_factory.mktemp("line"), PROGRAMME)
    source = tmp_path_factory.mktemp("source") / "hai-bai"
    shutil.copytree(ROOT / "tests/programmes/hai-bai", source)
    Image.effect_noise((640, 480), 90).convert("RGB").save(source / "bai-mot/anh.jpg")
    lesson = source / "bai-mot/lesson.md"
    text = lesson.read_text("utf-8").replace(
        "pictures:\n", "pictures:\n  anh.jpg: {source: Học vụ số chụp, licence: CC-BY-4.0}\n"
    )
    lesson.write_text(text.replace("::: steps", "![Một bức ảnh](anh.jpg)\n\n::: steps", 1), "utf-8")
    site.run("publish", str(source))
    with behind_a_line(site) as made:
        yield made


@pytest.fixture
def at(browser, line):
    """A phone on that line, whose worker is there."""
    line.faults.clear()
    with phone(browser, line) as page:
        page.goto(LESSON)
        page.evaluate(CONTROLLED)
        yield page


def kept_soon(page, *begin):
    """Rows of the device, once there are some with a place to go on from."""
    for _try in range(50):
        rows = [row for row in kept(page, *begin) if row.get("step")]
        if rows:
            return rows
        page.wait_for_timeout(100)
    return []


class TestOpening:
    def test_home_and_what_is_kept_open_without_a_line(self, at):
        until_kept(at, LESSON)
        at.context.set_offline(True)
        at.goto("/")
        at.get_by_role("link", name="Đã lưu").first.click()
        at.get_by_role("link", name="Gọi, nghe máy và lưu số người nhà").click()
        at.locator("section.practice .stage").wait_for()

    def test_a_page_that_is_not_kept_is_answered_with_those_that_are(self, at):
        until_kept(at, LESSON)
        at.context.set_offline(True)
        for path in ("/tim/?q=lua", "/viec-hoc/", "/khong-co/", f"/hoc/{PROGRAMME}/cuoc-goi-la/"):
            at.goto(path)
            at.get_by_role("heading", name="Đang mất mạng").wait_for()
            at.get_by_role("link", name="Gọi, nghe máy và lưu số người nhà").wait_for()

    @pytest.mark.parametrize("status", [500, 502, 503])
    def test_a_fault_of_the_site_is_answered_from_what_is_kept(self, at, line, status):
        until_kept(at, LESSON)
        line.faults["/"] = status
        assert at.goto(LESSON).status == 200
        at.locator("section.practice .stage").wait_for()

    def test_a_proxys_own_page_is_never_shown_nor_kept(self, at, line):
        line.faults["/hoc/"] = 502
        at.goto(f"/hoc/{PROGRAMME}/cuoc-goi-la/")
        at.get_by_role("heading", name="Đã lưu trên máy").wait_for()
        assert not at.evaluate(IS_KEPT, f"/hoc/{PROGRAMME}/cuoc-goi-la/")

    def test_nothing_of_a_person_is_kept(self, at, line):
        [an] = people_of(line.site, "An Nguyễn")
        signs_in(at, line, an)
        for path in ("/viec-hoc/", "/tai-khoan/", LESSON):
            at.goto(path)
        until_kept(at, LESSON)
        at.wait_for_load_state("networkidle")
        assert not at.evaluate(IS_KEPT, "/viec-hoc/") and not at.evaluate(IS_KEPT, "/tai-khoan/")


class TestSaving:
    def test_a_reload_still_says_that_it_is_saved(self, at):
        save(at, Touch())
        at.reload()
        assert at.get_by_role("button", name="Đã lưu trên máy").is_disabled()

    def test_the_browser_is_asked_to_hold_on_to_it(self, at):
        at.evaluate(
            "() => { const ask = navigator.storage.persist.bind(navigator.storage);"
            " navigator.storage.persist = () => { window.asked = true; return ask(); } }"
        )
        save(at, Touch())
        assert at.evaluate("window.asked") is True

    def test_a_saved_programme_can_be_removed_and_takes_its_files_along(self, at):
        at.goto("/hoc/hai-bai/bai-mot/")
        save(at, Touch())
        at.goto("/da-luu/")
        at.get_by_role("button", name="Bỏ khỏi máy: Hai bài thử").tap()
        at.get_by_role("heading", name="Hai bài thử").wait_for(state="detached")
        until(at, "caches.open('hv-files').then((c) => c.keys()).then((k) => !k.some((r) => r.url.includes('/b/')))")
        at.context.set_offline(True)
        at.goto("/hoc/hai-bai/bai-mot/")
        at.get_by_role("heading", name="Đang mất mạng").wait_for()

    def test_half_a_programme_is_not_saved(self, at, line):
        line.faults[f"/hoc/{PROGRAMME}/tin-suc-khoe/"] = 502
        at.get_by_role("button", name="Lưu vào máy").tap()
        at.get_by_text("Chưa lưu được").wait_for()
        assert not at.evaluate(IS_KEPT, f"/hoc/{PROGRAMME}/cuoc-goi-la/")

    def test_photographs_are_saved_along(self, at):
        at.goto("/hoc/hai-bai/bai-hai/")
        save(at, Touch())
        at.context.set_offline(True)
        at.goto("/hoc/hai-bai/bai-mot/")
        at.locator("img").first.scroll_into_view_if_needed()
        at.wait_for_load_state("networkidle")
        assert at.locator("img").count() and at.evaluate(BROKEN) == 0

    def test_opened_pages_beyond_the_room_go_first_and_saved_ones_stay(self, at, line):
        """The room is that of the worker; here pages of 20 MB each are noted."""
        save(at, Touch())
        note = (
            "async ([path, opened]) => { const c = await caches.open('hv-pages'); const a = await c.match('/');"
            " await c.put(path, new Response(await a.text(), { headers: { 'Hv-Kept': encodeURIComponent(JSON.stringify("
            "{ pin: '', bytes: 2e7, opened, since: opened, files: [], title: path })) } })); }"
        )
        at.evaluate(note, ["/old/", 1])
        at.evaluate(note, ["/new/", 2])
        at.evaluate("navigator.serviceWorker.controller.postMessage('tidy')")
        until(at, "() => caches.open('hv-pages').then((c) => c.match('/old/')).then((a) => !a)")
        assert at.evaluate(IS_KEPT, "/new/") and at.evaluate(IS_KEPT, f"/hoc/{PROGRAMME}/cuoc-goi-la/")


class TestRelease:
    def release(self, line, tmp_path, word):
        """Stop the site, put another release in its place; the address of its style sheet."""
        line.site.kill()
        sheet = line.site.python(RELEASE.format(folder=tmp_path / "dist", word=word)).strip()
        line.site.start()
        return sheet

    def sheets(self, page):
        return page.evaluate("[...document.styleSheets].map((s) => [new URL(s.href).pathname, s.cssRules.length > 50])")

    def test_saved_pages_are_renewed_whole(self, at, line, tmp_path):
        save(at, Touch())
        sheet = self.release(line, tmp_path, "one")
        at.goto("/")
        renewed = (
            "sheet => caches.open('hv-pages').then(async (c) => { for (const r of await c.keys())"
            " if (!(await (await c.match(r)).text()).includes(sheet)) return false; return true; })"
        )
        until(at, renewed, sheet, seconds=30)
        at.context.set_offline(True)
        at.goto(f"/hoc/{PROGRAMME}/cuoc-goi-la/")
        assert self.sheets(at) == [[sheet, True]]
        at.locator("section.practice .stage").wait_for()

    def test_a_renewal_that_breaks_off_leaves_all_as_it_was(self, at, line, tmp_path):
        save(at, Touch())
        before = self.sheets(at)
        line.faults[f"/hoc/{PROGRAMME}/tin-suc-khoe/"] = 502
        self.release(line, tmp_path, "two")
        at.goto("/")
        at.wait_for_timeout(3000)
        at.context.clear_cookies()
        at.context.set_offline(True)
        at.goto(f"/hoc/{PROGRAMME}/cuoc-goi-la/")
        assert self.sheets(at) == before
        at.locator("section.practice .stage").wait_for()


class TestLearning:
    def test_a_saved_programme_is_learnt_without_a_line(self, page, site):
        by = Touch()
        page.goto("/tai-khoan/dang-nhap/?next=/viec-hoc/")
        sign_in(page, site, by)
        page.goto(LESSON)
        page.evaluate(CONTROLLED)
        save(page, by)
        queue_sent(page)

        page.context.set_offline(True)
        page.goto(f"/hoc/{PROGRAMME}/tin-suc-khoe/")
        practise(page, by)
        answer_checks(page, by)
        page.get_by_text("Bạn đã xong bài này.").wait_for()
        page.get_by_text("Đang chờ gửi: ").wait_for()
        page.goto(f"/chuong-trinh/{PROGRAMME}/")
        page.locator('[data-address$="tin-suc-khoe"][data-state="done"]').wait_for()
        page.goto("/hoc/ky-nang-so-thiet-yeu/nhan-ra-lua-dao/")
        page.get_by_role("heading", name="Đang mất mạng").wait_for()
        page.goto(f"/hoc/{PROGRAMME}/tin-suc-khoe/")

        page.context.set_offline(False)
        queue_sent(page)
        page.goto("/viec-hoc/")
        page.get_by_text("Đã xong 1 trên ").wait_for()

    def test_practice_today_and_questions_tomorrow_make_a_lesson_done(self, at, line):
        by = Touch()
        [an] = people_of(line.site, "An")
        signs_in(at, line, an)
        at.goto(LESSON)
        save(at, by)
        at.context.set_offline(True)
        practise(at, by)
        context = at.context
        at.close()
        tomorrow = context.new_page()
        tomorrow.goto("/")
        tomorrow.goto(LESSON)
        answer_checks(tomorrow, by)
        tomorrow.get_by_text("Bạn đã xong bài này.").wait_for()
        assert tomorrow.locator("form.check").last.get_by_role("button", name="Xem kết quả").is_visible()
        context.set_offline(False)
        queue_sent(tomorrow)
        tomorrow.goto("/viec-hoc/")
        tomorrow.get_by_text("Đã xong 1 trên ").wait_for()

    def test_one_goes_on_where_one_stopped(self, at):
        section = at.locator("section.practice")
        data = json.loads(section.locator("script").text_content())
        act_rightly(section, data, data["steps"][0], Touch())
        at.get_by_text("Việc 2 trên").wait_for()
        assert [row["step"]["at"] for row in kept_soon(at, "lesson")] == [1]
        context = at.context
        at.close()
        again = context.new_page()
        again.goto(LESSON)
        again.get_by_text("Việc 2 trên").wait_for()

    def test_who_reads_first_is_led_to_the_practice(self, at):
        answer_checks(at, Touch())
        button = at.locator("form.check").last.get_by_role("button", name="Tập làm")
        button.tap()
        until(at, "document.activeElement.closest('[data-practice]') !== null")

    def test_answers_are_still_there(self, at):
        form = at.locator("form.check").first
        form.locator("input").first.check()
        form.get_by_role("button", name="Trả lời", exact=True).tap()
        form.locator(".feedback p").first.wait_for()
        at.reload()
        form.locator(".option .mark").first.wait_for()
        assert form.locator("input").first.is_checked()


class TestNothingIsKept:
    """A browser whose storage is full: what is done goes by memory, and nothing is called done before it is safe."""

    @pytest.fixture
    def full(self, browser, line):
        line.faults.clear()
        [an] = people_of(line.site, "An")
        with phone(browser, line) as page:
            disk = page.context.new_cdp_session(page)
            disk.send("Storage.overrideQuotaForOrigin", {"origin": line.url, "quotaSize": 1})
            signs_in(page, line, an)
            page.goto(LESSON)
            yield page

    def test_with_a_line_it_is_sent(self, full):
        practise(full, Touch())
        answer_checks(full, Touch())
        full.get_by_text("Bạn đã xong bài này.").wait_for()
        assert kept(full, "act") == []
        full.goto("/viec-hoc/")
        full.get_by_text("Đã xong 1 trên ").wait_for()

    def test_whoever_has_no_account_reads_that_nothing_is_recorded(self, full, line):
        signs_in(full, line, None)
        full.goto(LESSON)
        practise(full, Touch())
        answer_checks(full, Touch())
        full.get_by_text("chưa đăng nhập, nên bài này không được ghi lại").wait_for()
        assert full.get_by_text("Bạn đã xong bài này.").is_visible()
        assert full.get_by_role("button", name="Gửi lại").count() == 0

    def test_without_one_it_is_not_called_done_until_it_is_sent(self, full, line):
        line.faults["/ghi/"] = 429
        practise(full, Touch())
        answer_checks(full, Touch())
        full.get_by_text("Máy này không giữ được kết quả và chưa gửi được").wait_for()
        assert not full.get_by_text("Bạn đã xong bài này.").is_visible()
        line.faults.clear()
        full.get_by_role("button", name="Gửi lại").tap()
        full.get_by_text("Bạn đã xong bài này.").wait_for()


def test_certificates_are_checked_without_a_line(page, site):
    sound, expired, changed, foreign = json.loads(site.python(CREDENTIALS))
    page.goto("/xac-minh/")
    page.context.set_offline(True)
    for credential, name, words in [
        (sound, "", "Chữ ký đúng: “Người cao tuổi dùng điện thoại an toàn”"),
        (sound, "Hoa", "Chữ ký đúng: “Người cao tuổi dùng điện thoại an toàn”"),
        (sound, "Bình", "không cấp cho tên bạn nhập"),
        (expired, "", "Chứng nhận đã hết hạn"),
        (changed, "", "Chữ ký không đúng"),
        (foreign, "", "Chữ ký không đúng"),
        ("không phải JSON", "", "Không đọc được chứng nhận này"),
    ]:
        text = credential if isinstance(credential, str) else json.dumps(credential, ensure_ascii=False)
        page.get_by_label("Nội dung chứng nhận số").fill(text)
        page.get_by_label("Tên người được cấp").fill(name)
        page.get_by_role("button", name="Kiểm tra").tap()
        page.locator("[data-checker-result]", has_text=words).wait_for()
    file = {"name": "a.json", "mimeType": "application/json", "buffer": json.dumps(sound).encode()}
    page.get_by_label("hoặc chọn tệp").set_input_files(file)
    page.get_by_role("button", name="Kiểm tra").tap()
    page.locator("[data-checker-result].good").wait_for()
