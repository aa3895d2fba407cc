from django.urls import path

from . import figures, lists, regimes, report, reviews

urlpatterns = [
    path("", lists.index, name="reports"),
    path("tai/", lists.download, name="reports-download"),
    path("nhan/", lists.accept_many, name="reports-accept"),
    path("che-do/", regimes.index, name="report-regimes"),
    path("che-do/moi/", regimes.form, name="report-regime-new"),
    path("che-do/<uuid:pk>/", regimes.regime, name="report-regime"),
    path("che-do/<uuid:pk>/sua/", regimes.form, name="report-regime-edit"),
    path("che-do/<uuid:pk>/mo/", regimes.open_period, name="report-regime-open"),
    path("che-do/<uuid:pk>/<str:code>/", regimes.period, name="report-period"),
    path("che-do/<uuid:pk>/<str:code>/tai/", regimes.period_file, name="report-period-download"),
    path("danh-gia/", reviews.index, name="plan-reviews"),
    path("danh-gia/lap/", reviews.begin, name="review-begin"),
    path("danh-gia/<uuid:pk>/", reviews.review, name="review"),
    path("danh-gia/<uuid:pk>/luu/", reviews.save, name="review-save"),
    path("danh-gia/<uuid:pk>/quyet/", reviews.decide, name="review-decide"),
    path("so/<uuid:pk>/", figures.figure, name="report-figure"),
    path("so/<uuid:pk>/hoi/", figures.ask, name="report-figure-ask"),
    path("so/<uuid:pk>/hoi/<uuid:thread_id>/", figures.answer, name="report-figure-answer"),
    path("<uuid:pk>/", report.report, name="report"),
    path("<uuid:pk>/lap/", report.begin, name="report-begin"),
    path("<uuid:pk>/luu/", report.save, name="report-save"),
    path("<uuid:pk>/tong-hop/", report.summed, name="report-sum"),
    path("<uuid:pk>/quyet/", report.decide, name="report-decide"),
    path("<uuid:pk>/tep/<uuid:file_id>/", report.file, name="report-file"),
]
