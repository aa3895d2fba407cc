from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("cho/<slug:key>/", pages.persona, name="persona"),
    path("chuong-trinh/", pages.programmes, name="programmes"),
    path("chuong-trinh/<slug:key>/", pages.programme, name="programme"),
    path("tim/", pages.search, name="search"),
    path("gioi-thieu/", pages.about, name="about"),
    path("thanh-phan/", pages.components, name="components"),
    path("sitemap.xml", pages.sitemap, name="sitemap"),
    path("ngon-ngu/", pages.language, name="language"),
]
