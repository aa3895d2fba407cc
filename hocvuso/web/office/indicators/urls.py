"""Indicators and figures: see, drill down, declare, targets, quality flags."""

from django.urls import path

from . import declaring, defining, flags, pages, sheet, targets

urlpatterns = [
    path("", pages.indicators, name="indicators"),
    path("bang/", sheet.sheet, name="figure-sheet"),
    path("moi/", defining.define, name="indicator-new"),
    path("canh-bao/", flags.queue, name="flags"),
    path("canh-bao/xet/", flags.check_quality, name="flags-check"),
    path("canh-bao/<uuid:pk>/", flags.settle, name="flag-settle"),
    path("tep/<uuid:pk>/", declaring.evidence, name="value-evidence"),
    path("<slug:key>/", pages.indicator, name="indicator"),
    path("<slug:key>/ban-ghi/", pages.records, name="indicator-records"),
    path("<slug:key>/khai/", declaring.declare, name="value-declare"),
    path("<slug:key>/dinh-nghia/", defining.define, name="indicator-define"),
    path("<slug:key>/chi-tieu/", targets.targets, name="indicator-targets"),
    path("<slug:key>/chi-tieu/<int:pk>/bo/", targets.remove, name="target-remove"),
]
