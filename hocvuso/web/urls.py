"""Every address of the site: those of each subject, and of the API."""

from django.urls import include, path

from hocvuso.interop.api import OPEN, api

from .kit.subjects import subjects

_machines = api.urls  # made anew at each asking: kept, so that its views can be marked

urlpatterns = [
    *(path(subject.at, include(f"hocvuso.web.{name}.urls")) for name, subject in subjects().items()),
    path("api/v1/", _machines),
]
for pattern in _machines[0]:  # all others ask for a client's secret (interop.api)
    setattr(pattern.callback, "gate", "everybody" if str(pattern.pattern) in OPEN else "client")  # noqa: B010
handler400 = "hocvuso.web.kit.faults.bad_request"
handler404 = "hocvuso.web.kit.faults.not_found"
handler403 = "hocvuso.web.kit.faults.forbidden"
handler500 = "hocvuso.web.kit.faults.fault"
