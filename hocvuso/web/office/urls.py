from django.urls import path

from . import journal, units

urlpatterns = [
    path("", units.overview, name="office"),
    path("don-vi/", units.search, name="units"),
    path("don-vi/nhap/", units.bring_in, name="units-import"),
    path("don-vi/tai/", units.download, name="units-export"),
    path("don-vi/<uuid:pk>/", units.unit, name="unit"),
    path("don-vi/<uuid:pk>/vai-tro/", units.grant, name="grant"),
    path("vai-tro/<uuid:pk>/thoi/", units.end, name="grant-end"),
    path("nhat-ky/", journal.journal, name="journal"),
]
