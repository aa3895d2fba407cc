from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.dashboard, name="dashboard"),
    path("bang/", pages.ladder_file, name="dashboard-file"),
    path("man-hinh/", pages.wall, name="wall"),
]
