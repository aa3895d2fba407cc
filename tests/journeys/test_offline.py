"""Without a line: a saved programme is learnt and sent later; a certificate is checked."""

from __future__ import annotations

import json

from .walking import Touch, answer_checks, practise, queue_sent, sign_in

PROGRAMME = "nguoi-cao-tuoi"
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


def test_a_saved_programme_is_learnt_without_a_line(page, site):
    by = Touch()
    page.goto("/tai-khoan/dang-nhap/?next=/viec-hoc/")
    sign_in(page, site, by)
    page.goto(f"/hoc/{PROGRAMME}/goi-va-luu-so/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    by.press(page.get_by_role("button", name="Lưu để học khi mất mạng"))
    page.get_by_text("Đã lưu cả chương trình").wait_for()
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
