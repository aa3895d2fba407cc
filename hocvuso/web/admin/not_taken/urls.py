from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.not_taken, name="not-taken"),
    path("<uuid:pk>/thu-lai/", pages.again, name="not-taken-again"),
]
