from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.find, name="certificate-acts"),
    path("<uuid:pk>/", pages.move, name="certificate-move"),
]
