from django.urls import path

from . import pages

urlpatterns = [
    path("loi-moi/", pages.offers, name="my-offers"),
    path("loi-moi/<uuid:pk>/nhan/", pages.accept, name="offer-accept"),
    path("loi-moi/<uuid:pk>/tu-choi/", pages.decline, name="offer-decline"),
    path("vai-tro/<uuid:pk>/thoi/", pages.lay_down, name="role-lay-down"),
]
