from django.urls import path

from . import acts, pages

urlpatterns = [
    path("", pages.requests, name="resident-requests"),
    path("ghi/", acts.write_down, name="resident-request-new"),
    path("thoi-han/", acts.terms, name="request-terms"),
    path("<uuid:pk>/", pages.one, name="resident-request"),
    path("<uuid:pk>/lam/", acts.act, name="resident-request-act"),
]
