from django.urls import path

from . import pages

urlpatterns = [
    path("viec-hoc/muc-tieu/", pages.goal, name="weekly-goal"),
    path("viec-hoc/nhac-on/", pages.remind, name="remind"),
    path("viec-hoc/nhac-on/thoi/", pages.stop, name="remind-no-more"),
    path("thoi-nhac/<str:token>/", pages.stop_by_link, name="stop-by-link"),
]
