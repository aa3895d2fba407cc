from django.urls import path

from . import exams as tests
from . import lessons, mine, records, requests

urlpatterns = [
    path("ghi/", records.record, name="record"),  # first, since it is asked for most
    path("hoc/<slug:programme>/<slug:lesson>/", lessons.lesson, name="lesson"),
    path("hoc/<slug:programme>/<slug:lesson>/huong-dan/", lessons.guide, name="guide"),
    path("hoc/<slug:programme>/offline.json", lessons.offline, name="offline"),
    path("viec-hoc/", mine.learning, name="my-learning"),
    path("viec-hoc/trang-thai.json", records.state, name="state"),
    path("viec-hoc/on-tap/", mine.reviews, name="reviews"),
    path("viec-hoc/chung-nhan/", mine.certificates, name="certificates"),
    path("viec-hoc/chung-nhan/<uuid:pk>.pdf", mine.certificate_pdf, name="certificate-pdf"),
    path("viec-hoc/chung-nhan/<uuid:pk>/hien-ten/", mine.show_name, name="show-name"),
    path("nho-giup/", requests.ask, name="ask-help"),
    path("nho-giup/<uuid:pk>/", requests.one, name="my-request"),
    path("nho-giup/<uuid:pk>/lam/", requests.act, name="my-request-act"),
    path("kiem-tra/<slug:programme>/", tests.intro, name="test"),
    path("kiem-tra/<slug:programme>/bat-dau/", tests.start, name="test-start"),
    path("kiem-tra/bai/<uuid:pk>/", tests.attempt, name="attempt"),
    path("kiem-tra/bai/<uuid:pk>/nop/", tests.submit, name="test-submit"),
    path("kiem-tra/bai/<uuid:pk>/ket-qua/", tests.result, name="test-result"),
    path("kiem-tra/bai/<uuid:pk>/chung-nhan/", tests.claim, name="claim"),
]
