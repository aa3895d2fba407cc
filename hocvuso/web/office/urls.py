from django.urls import include, path

from . import certificates, clients, journal, populations, target_lists, today, units, values

urlpatterns = [
    path("", today.overview, name="office"),
    path("don-vi/", units.search, name="units"),
    path("don-vi/nhap/", units.bring_in, name="units-import"),
    path("don-vi/tai/", units.download, name="units-export"),
    path("don-vi/<uuid:pk>/", units.unit, name="unit"),
    path("don-vi/<uuid:pk>/vai-tro/", units.grant, name="grant"),
    path("chung-nhan/", certificates.find, name="certificate-acts"),
    path("chung-nhan/<uuid:pk>/", certificates.move, name="certificate-move"),
    path("vai-tro/<uuid:pk>/thoi/", units.end, name="grant-end"),
    path("api/", clients.clients, name="api-clients"),
    path("api/<uuid:pk>/dung/", clients.end, name="api-client-end"),
    path("nhat-ky/", journal.journal, name="journal"),
    path("nhap-so-lieu/", values.bring_in, name="values-import"),
    path("nhap-so-lieu/dan-so/", populations.populations, name="populations"),
    path("nhap-so-lieu/dan-so/<int:pk>/bo/", populations.remove, name="population-remove"),
    path("nhap-so-lieu/chi-tieu/", target_lists.targets, name="target-lists"),
    path("chi-so/", include("hocvuso.web.office.indicators.urls")),
    path("bo-chi-so/", include("hocvuso.web.office.indices.urls")),
    path("ke-hoach/", include("hocvuso.web.office.plans.urls")),
    path("bao-cao/", include("hocvuso.web.office.reports.urls")),
    path("don-doc/", include("hocvuso.web.office.urging.urls")),
    path("kiem-tra/", include("hocvuso.web.office.inspections.urls")),
    path("lay-y-kien/", include("hocvuso.web.office.consultations.urls")),
    path("de-an/", include("hocvuso.web.office.schemes.urls")),
    path("van-ban/", include("hocvuso.web.office.documents.urls")),
    path("tong-quan/", include("hocvuso.web.office.dashboard.urls")),
    path("yeu-cau/", include("hocvuso.web.office.requests.urls")),
    path("xa/", include("hocvuso.web.office.commune.urls")),
]
