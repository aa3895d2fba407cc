from django.urls import path

from . import pages

urlpatterns = [
    path("<slug:programme>/", pages.intro, name="test"),
    path("<slug:programme>/bat-dau/", pages.start, name="test-start"),
    path("<slug:programme>/xep-bac/", pages.placement, name="placement"),
    path("bai/<uuid:pk>/", pages.attempt, name="attempt"),
    path("bai/<uuid:pk>/nop/", pages.submit, name="test-submit"),
    path("bai/<uuid:pk>/ket-qua/", pages.result, name="test-result"),
    path("bai/<uuid:pk>/chung-nhan/", pages.claim, name="claim"),
]
