from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.jobs, name="jobs"),
    path("<uuid:pk>/", pages.job, name="job"),
    path("<uuid:pk>/tiep/", pages.go_further, name="job-next"),
    path("<uuid:pk>/dung/", pages.cancel, name="job-cancel"),
]
