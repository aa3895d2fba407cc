"""A lesson from a document: chosen on the draft's page, there with its pictures, and with what was left out."""

import os
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document
from PIL import Image

from hocvuso.authoring import services
from hocvuso.authoring.editing import body_of
from hocvuso.authoring.tests.importing_documents import picture, saved, word
from hocvuso.authoring.tests.test_drafts import SOURCE
from hocvuso.jobs import services as jobs
from hocvuso.jobs.models import Job
from hocvuso.library import services as library
from hocvuso.library.source.blocks import parse
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    world.frameworks()
    edition = library.draft_from(folder=SOURCE, by=cast.an)
    return services.go_on_from(edition=edition, unit=cast.here, by=cast.an)


@pytest.fixture
def an(cast):
    client = Client()
    world.sign_in(client, cast.an)
    return client


def document():
    made = word(("Gọi video", "Title"), "Mở máy.")
    made.add_picture(BytesIO(picture()))
    made.sections[0].header.paragraphs[0].text = "UBND xã"
    return saved(made)


def send(client, draft, content, **more):
    fields = {"outcome": "TH-01", "module": "+", "module_title": "Chương thêm", "title": ""} | more
    address = reverse("draft-lesson-import", args=[draft.pk])
    return client.post(address, fields | {"file": SimpleUploadedFile("goi *video*.docx", content)}, follow=True)


def body(draft, lesson="goi-video"):
    return body_of(draft.files.get(path=f"{lesson}/lesson.md").text)


def test_the_page_of_a_draft_leads_there(an, draft):
    address = reverse("draft-lesson-import", args=[draft.pk])
    assert address in an.get(reverse("draft", args=[draft.pk])).content.decode()
    assert "Tạo bài từ tài liệu" in an.get(address).content.decode()


def test_a_document_becomes_a_lesson_with_its_pictures_and_says_what_is_missing(an, draft):
    answer = send(an, draft, document())
    assert answer.redirect_chain[-1][0] == reverse("draft-lesson", args=[draft.pk, "goi-video"])
    shown = answer.content.decode()
    assert "Đã tạo bài “Gọi video”. Chỗ không lấy được ghi ở đầu bài: 1." in shown
    assert [block.kind for block in parse(body(draft))] == ["teacher", "text", "picture"]
    assert "Chưa lấy được từ “goi \\*video\\*.docx”" in body(draft)
    assert "- mọi trang: chữ ở đầu trang: “UBND xã”" in body(draft)
    kept = an.get(reverse("draft-picture", args=[draft.pk, "goi-video", "hinh-1.png"]))
    assert kept.content == picture()


def test_a_title_that_was_typed_is_taken(an, draft):
    send(an, draft, document(), title="Bài gọi hình")
    assert draft.files.filter(path="bai-goi-hinh/lesson.md").exists()


def test_what_is_no_document_is_refused_at_its_field_and_makes_nothing(an, draft):
    before = draft.files.count()
    answer = send(an, draft, b"{\\rtf1 x}")
    assert answer.status_code == 400
    assert "Chưa đọc được tài liệu: Đây là tệp RTF. Hãy mở bằng Word" in answer.content.decode()
    assert draft.files.count() == before


def test_a_large_document_is_read_by_a_job(an, draft):
    from io import BytesIO

    made, out = Document(), BytesIO()
    Image.frombytes("RGB", (400, 400), os.urandom(480_000)).save(out, "PNG")
    made.add_picture(out)
    answer = send(an, draft, saved(made), title="Ảnh to")
    job = Job.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("job", args=[job.pk])
    jobs.do(jobs.take("w"), lambda done, total: None)
    job.refresh_from_db()
    assert job.says == "Đã tạo bài “Ảnh to”."
    shown = an.get(reverse("job", args=[job.pk])).content.decode()
    assert reverse("draft-lesson", args=[draft.pk, "anh-to"]) in shown


def test_a_neighbour_makes_nothing_of_it(cast, draft):
    client = Client()
    world.sign_in(client, cast.minh)
    before = draft.files.count()
    send(client, draft, document())
    assert draft.files.count() == before
