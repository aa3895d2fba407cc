from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.clients, name="api-clients"),
    path("<uuid:pk>/dung/", pages.end, name="api-client-end"),
]
