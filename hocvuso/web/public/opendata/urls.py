from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.index, name="open-data"),
    path("<slug:key>.<str:kind>", pages.table, name="open-data-table"),
]
