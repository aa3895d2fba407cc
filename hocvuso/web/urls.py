"""Every address of the site, by façade."""

from django.urls import include, path

from hocvuso.interop.api import api

_machines = api.urls  # made anew at each asking: kept, so that its views can be marked

urlpatterns = [
    path("", include("hocvuso.web.learn.urls")),
    path("", include("hocvuso.web.public.urls")),
    path("tai-khoan/", include("hocvuso.web.account.urls")),
    path("dong-y/", include("hocvuso.web.account.guardian_urls")),
    path("bien-soan/", include("hocvuso.web.author.urls")),
    path("dieu-hanh/", include("hocvuso.web.office.urls")),
    path("dong-gop/", include("hocvuso.web.office.pledges.urls")),
    path("api/v1/", _machines),
]
for pattern in _machines[0]:  # every one of them asks for a client's secret (interop.api)
    setattr(pattern.callback, "gate", "client")  # noqa: B010  functions have no such attribute of their own
handler400 = "hocvuso.web.kit.faults.bad_request"
handler404 = "hocvuso.web.kit.faults.not_found"
handler403 = "hocvuso.web.kit.faults.forbidden"
handler500 = "hocvuso.web.kit.faults.fault"
