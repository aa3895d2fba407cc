from django.urls import path

from . import pages

urlpatterns = [path("", pages.consents, name="my-consents")]
