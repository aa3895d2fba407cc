from django.urls import path

from . import pages

urlpatterns = [path("", pages.confirm, name="guardian-confirm")]
