from django.urls import path

from . import exchange, files, importing, lessons, outline, practices, questions

urlpatterns = [
    path("moi/", outline.begin, name="draft-new"),
    path("tu-ban/<uuid:pk>/", outline.go_on, name="draft-from-edition"),
    path("da-cat/", outline.put_away, name="drafts-put-away"),
    path("<uuid:pk>/", outline.draft, name="draft"),
    path("<uuid:pk>/viec/", outline.act, name="draft-act"),
    path("<uuid:pk>/chuong-trinh/", outline.programme, name="draft-programme"),
    path("<uuid:pk>/yeu-cau/", outline.outcomes, name="draft-outcomes"),
    path("<uuid:pk>/bai-moi/", outline.add_lesson, name="draft-lesson-add"),
    path("<uuid:pk>/tu-tai-lieu/", importing.import_lesson, name="draft-lesson-import"),
    path("<uuid:pk>/tai/", files.download, name="draft-download"),
    path("<uuid:pk>/tep/<str:name>/", files.text, name="draft-file"),
    path("<uuid:pk>/lich-su/<path:path>", files.history, name="draft-history"),
    path("<uuid:pk>/ban/<uuid:revision>/", files.revision, name="draft-revision"),
    path("<uuid:pk>/bai/<slug:lesson>/", lessons.lesson, name="draft-lesson"),
    path("<uuid:pk>/bai/<slug:lesson>/thong-tin/", lessons.head, name="draft-head"),
    path("<uuid:pk>/bai/<slug:lesson>/tep/<str:name>/", files.text, name="draft-lesson-file"),
    path("<uuid:pk>/bai/<slug:lesson>/xem/", lessons.preview, name="draft-preview"),
    path("<uuid:pk>/bai/<slug:lesson>/hinh/", lessons.add_picture, name="draft-pictures"),
    path("<uuid:pk>/bai/<slug:lesson>/hinh/<str:name>/", lessons.picture, name="draft-picture"),
    path("<uuid:pk>/bai/<slug:lesson>/thuc-hanh/", practices.practice, name="draft-practice"),
    path("<uuid:pk>/bai/<slug:lesson>/thuc-hanh/kieu/", practices.kind, name="draft-practice-kind"),
    path("<uuid:pk>/bai/<slug:lesson>/thuc-hanh/viec/", practices.act, name="draft-practice-act"),
    path("<uuid:pk>/bai/<slug:lesson>/thuc-hanh/<slug:part>/<int:number>/", practices.part, name="draft-practice-part"),
    path("<uuid:pk>/bai/<slug:lesson>/cau-hoi/", questions.questions, name="draft-items"),
    path("<uuid:pk>/bai/<slug:lesson>/cau-hoi/moi/", questions.new, name="draft-item-new"),
    path("<uuid:pk>/bai/<slug:lesson>/nhap-cau-hoi/", exchange.bring, name="draft-items-bring"),
    path("<uuid:pk>/bai/<slug:lesson>/tai-cau-hoi/<slug:format>/", exchange.carry, name="draft-items-carry"),
    path("<uuid:pk>/bai/<slug:lesson>/cau-hoi/<slug:key>/", questions.question, name="draft-item"),
]
