from django.urls import path

from . import pages, sums

urlpatterns = [
    path("", pages.schemes, name="schemes"),
    path("moi/", pages.keep, name="scheme-new"),
    path("nhiem-vu/", pages.task_matrix, name="scheme-tasks"),
    path("chi-so/", pages.indicator_matrix, name="scheme-indicators"),
    path("cong/", sums.sums, name="scheme-sums"),
    path("<slug:key>/", pages.scheme, name="scheme"),
    path("<slug:key>/sua/", pages.keep, name="scheme-edit"),
]
