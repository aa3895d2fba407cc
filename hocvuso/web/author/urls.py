from django.urls import path

from . import editions

urlpatterns = [
    path("", editions.overview, name="authoring"),
    path("gui/", editions.upload, name="edition-upload"),
    path("<uuid:pk>/", editions.edition, name="edition"),
    path("<uuid:pk>/bai/<slug:lesson>/", editions.preview, name="edition-preview"),
    path("<uuid:pk>/chuyen/", editions.move, name="edition-move"),
    path("<uuid:pk>/gop-y/", editions.comment, name="edition-comment"),
    path("gop-y/<uuid:pk>/xong/", editions.resolve, name="comment-resolve"),
]
