from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.wards, name="my-wards"),
    path("<str:token>/", pages.consent, name="guardian"),
]
