from django.urls import path

from . import pages, pages_sources

urlpatterns = [
    path("", pages.overview, name="authoring"),
    path("nguon/", pages_sources.sources, name="sources"),
    path("gui/", pages.upload, name="edition-upload"),
    path("<uuid:pk>/", pages.edition, name="edition"),
    path("<uuid:pk>/bai/<slug:lesson>/", pages.preview, name="edition-preview"),
    path("<uuid:pk>/so-sanh/", pages.compare, name="edition-compare"),
    path("<uuid:pk>/chuyen/", pages.move, name="edition-move"),
    path("<uuid:pk>/rut/", pages.ask_withdrawal, name="edition-ask-withdrawal"),
    path("rut/<uuid:pk>/", pages.decide_withdrawal, name="edition-decide-withdrawal"),
    path("<uuid:pk>/gop-y/", pages.comment, name="edition-comment"),
    path("gop-y/<uuid:pk>/xong/", pages.resolve, name="comment-resolve"),
]
