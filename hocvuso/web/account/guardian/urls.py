from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.wards, name="my-wards"),
    path("xac-nhan/", pages.confirm, name="guardian-confirm"),
    path("<str:token>/", pages.consent, name="guardian"),
]
