from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.frameworks, name="frameworks"),
    path("<slug:key>/", pages.framework, name="framework"),
    path("<slug:key>.<str:kind>", pages.download, name="framework-file"),
    path("<slug:key>/<str:code>/", pages.competency, name="competency"),
]
