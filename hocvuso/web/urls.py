"""Every address of the site, by façade."""

from django.urls import include, path

from hocvuso.interop.api import api

urlpatterns = [
    path("", include("hocvuso.web.public.urls")),
    path("", include("hocvuso.web.learn.urls")),
    path("tai-khoan/", include("hocvuso.web.account.urls")),
    path("dong-y/", include("hocvuso.web.account.guardian_urls")),
    path("bien-soan/", include("hocvuso.web.author.urls")),
    path("dieu-hanh/", include("hocvuso.web.office.urls")),
    path("api/v1/", api.urls),
]
for pattern in api.urls[0]:  # every one of them asks for a client's secret (interop.api)
    pattern.callback.gate = "client"
handler404 = "hocvuso.web.kit.faults.not_found"
handler403 = "hocvuso.web.kit.faults.forbidden"
handler500 = "hocvuso.web.kit.faults.fault"
