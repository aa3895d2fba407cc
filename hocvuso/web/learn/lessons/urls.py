from django.urls import path

from . import pages, pages_sound, records, take_home

urlpatterns = [
    path("ghi/", records.record, name="record"),  # first, since it is asked for most
    path("hoc/<slug:programme>/tai-ve/", take_home.page, name="take-home"),  # before lessons: none is called so
    path("hoc/<slug:programme>/tai-ve/chuong-trinh.<str:kind>", take_home.programme, name="take-home-programme"),
    path("hoc/<slug:programme>/tai-ve/bai/<slug:lesson>.<str:kind>", take_home.lesson, name="take-home-lesson"),
    path("hoc/<slug:programme>/<slug:lesson>/", pages.lesson, name="lesson"),
    path("hoc/<slug:programme>/<slug:lesson>/huong-dan/", pages.guide, name="guide"),
    path("hoc/<slug:programme>/<slug:lesson>/trinh-chieu/", pages.slides, name="slides"),
    path("hoc/<slug:programme>/<slug:lesson>/nghe/", pages_sound.listen, name="listen"),
    path("hoc/<slug:programme>/offline.json", pages.offline, name="offline"),
    path("da-luu/", pages.saved, name="saved"),
    path("ai-hoc/", pages.people, name="people"),
    path("viec-hoc/trang-thai.json", records.state, name="state"),
]
