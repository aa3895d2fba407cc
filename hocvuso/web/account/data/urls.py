from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.overview, name="my-data"),
    path("tai/", pages.download, name="my-data-download"),
    path("xoa/", pages.erase, name="my-data-erase"),
]
