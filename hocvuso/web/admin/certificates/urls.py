from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.find, name="certificate-acts"),
    path("de-nghi/<uuid:pk>/", pages.decide, name="certificate-decide"),
    path("<uuid:pk>/", pages.move, name="certificate-move"),
]
