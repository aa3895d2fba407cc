from django.urls import path

from . import api, frameworks, health, opendata, pages, verify

urlpatterns = [
    path("", pages.home, name="home"),
    path("chuong-trinh/", pages.programmes, name="programmes"),
    path("chuong-trinh/<slug:key>/", pages.programme, name="programme"),
    path("tim/", pages.search, name="search"),
    path("gioi-thieu/", pages.about, name="about"),
    path("thanh-phan/", pages.components, name="components"),
    path("ngon-ngu/", pages.language, name="language"),
    path("khung-nang-luc/", frameworks.frameworks, name="frameworks"),
    path("khung-nang-luc/<slug:key>/", frameworks.framework, name="framework"),
    path("khung-nang-luc/<slug:key>.<str:kind>", frameworks.download, name="framework-file"),
    path("khung-nang-luc/<slug:key>/<str:code>/", frameworks.competency, name="competency"),
    path("xac-minh/", verify.checker, name="checker"),
    path("xac-minh/<uuid:pk>", verify.credential, name="verify"),
    path(".well-known/hocvuso/issuer.json", verify.issuer, name="issuer"),
    path(".well-known/hocvuso/status/<slug:purpose>.json", verify.status, name="status-list"),
    path("api/v1/catalogue", api.catalogue, name="api-catalogue"),
    path("api/v1/frameworks", api.frameworks, name="api-frameworks"),
    path("api/v1/places", api.places, name="api-places"),
    path("api/v1/indicators", api.indicators, name="api-indicators"),
    path("api/v1/openapi.json", api.openapi, name="api-openapi"),
    path("so-lieu-mo/", opendata.index, name="open-data"),
    path("so-lieu-mo/<slug:key>.<str:kind>", opendata.table, name="open-data-table"),
    path("sw.js", health.service_worker, name="service-worker"),
    path("manifest.webmanifest", health.web_manifest, name="web-manifest"),
    path("robots.txt", health.robots, name="robots"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
