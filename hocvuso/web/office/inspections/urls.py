from django.urls import path

from . import findings, pages, preparing, visits

urlpatterns = [
    path("", pages.inspections, name="inspections"),
    path("moi/", preparing.create, name="inspection-new"),
    path("<uuid:pk>/", pages.inspection, name="inspection"),
    path("<uuid:pk>/sua/", preparing.edit, name="inspection-edit"),
    path("<uuid:pk>/phieu/", preparing.checklist, name="inspection-checklist"),
    path("<uuid:pk>/phieu/tai/", preparing.checklist_file, name="inspection-checklist-file"),
    path("<uuid:pk>/pham-vi/", preparing.scope, name="inspection-scope"),
    path("<uuid:pk>/doan/", preparing.team, name="inspection-team"),
    path("<uuid:pk>/buoc/", pages.move, name="inspection-move"),
    path("<uuid:pk>/ket-luan/", pages.conclusion, name="inspection-conclusion"),
    path("<uuid:pk>/tra-loi/", pages.answers, name="inspection-answers"),
    path("luot/<uuid:pk>/", visits.visit, name="visit"),
    path("luot/<uuid:pk>/anh/", visits.take_photo, name="visit-photo"),
    path("luot/<uuid:pk>/ton-tai/", findings.record, name="finding-new"),
    path("anh/<uuid:pk>/", visits.photo, name="photo"),
    path("ton-tai/", findings.by_unit, name="findings"),
    path("ton-tai/<uuid:pk>/", findings.finding, name="finding"),
    path("ton-tai/<uuid:pk>/giao/", findings.ask, name="remedy-new"),
    path("khac-phuc/<uuid:pk>/", findings.follow, name="remedy"),
]
