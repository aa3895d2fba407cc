from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.ask, name="ask-help"),
    path("vua-bi-lua/", pages.defrauded, name="defrauded"),
    path("<uuid:pk>/", pages.one, name="my-request"),
    path("<uuid:pk>/lam/", pages.act, name="my-request-act"),
]
