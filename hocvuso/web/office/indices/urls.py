from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.indices, name="indices"),
    path("moi/", pages.define, name="index-new"),
    path("<slug:key>/<int:year>/", pages.ladder, name="index"),
    path("<slug:key>/<int:year>/tinh/", pages.compute, name="index-compute"),
    path("<slug:key>/<int:year>/dinh-nghia/", pages.define, name="index-define"),
    path("<slug:key>/<int:year>/<uuid:unit>/", pages.unit, name="index-unit"),
]
