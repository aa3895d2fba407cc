from django.urls import path

from . import pages

urlpatterns = [
    path("sw.js", pages.service_worker, name="service-worker"),
    path("manifest.webmanifest", pages.web_manifest, name="web-manifest"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("robots.txt", pages.robots, name="robots"),
    path("healthz", pages.healthz, name="healthz"),
    path("readyz", pages.readyz, name="readyz"),
    path("metrics", pages.metrics, name="metrics"),
]
