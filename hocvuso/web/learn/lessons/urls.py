from django.urls import path

from . import pages, pages_sound, records

urlpatterns = [
    path("ghi/", records.record, name="record"),  # first, since it is asked for most
    path("hoc/<slug:programme>/<slug:lesson>/", pages.lesson, name="lesson"),
    path("hoc/<slug:programme>/<slug:lesson>/huong-dan/", pages.guide, name="guide"),
    path("hoc/<slug:programme>/<slug:lesson>/trinh-chieu/", pages.slides, name="slides"),
    path("hoc/<slug:programme>/<slug:lesson>/nghe/", pages_sound.listen, name="listen"),
    path("hoc/<slug:programme>/offline.json", pages.offline, name="offline"),
    path("da-luu/", pages.saved, name="saved"),
    path("ai-hoc/", pages.people, name="people"),
    path("viec-hoc/trang-thai.json", records.state, name="state"),
]
