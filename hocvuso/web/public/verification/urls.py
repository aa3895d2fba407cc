from django.urls import path

from . import pages

urlpatterns = [
    path("xac-minh/", pages.checker, name="checker"),
    path("xac-minh/<uuid:pk>", pages.credential, name="verify"),
    path("xac-minh/<uuid:pk>.png", pages.picture, name="credential-picture"),
    path(".well-known/hocvuso/issuer.json", pages.issuer, name="issuer"),
    path(".well-known/hocvuso/status/<slug:purpose>.json", pages.status, name="status-list"),
]
