from django.urls import path

from . import pages

urlpatterns = [
    path("don-vi/", pages.search, name="units"),
    path("don-vi/nhap/", pages.bring_in, name="units-import"),
    path("don-vi/tai/", pages.download, name="units-export"),
    path("don-vi/<uuid:pk>/", pages.unit, name="unit"),
    path("don-vi/<uuid:pk>/vai-tro/", pages.offer, name="role-offer"),
    path("loi-moi/<uuid:pk>/rut/", pages.withdraw, name="role-offer-withdraw"),
    path("vai-tro/<uuid:pk>/thoi/", pages.end, name="grant-end"),
]
