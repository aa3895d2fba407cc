from django.urls import path

from . import lists, pages, waiting, writing  # noqa: F401  waiting registers its list

urlpatterns = [
    path("", lists.index, name="pledges"),
    path("moi/", writing.create, {"noun": "pledge"}, name="pledge-new"),
    path("<uuid:pk>/", pages.pledge, name="pledge"),
    path("<uuid:pk>/sua/", writing.edit, {"noun": "pledge"}, name="pledge-edit"),
    path("<uuid:pk>/buoc/", pages.move_pledge, name="pledge-move"),
    path("nhu-cau/moi/", writing.create, {"noun": "need"}, name="need-new"),
    path("nhu-cau/<uuid:pk>/", pages.need, name="need"),
    path("nhu-cau/<uuid:pk>/sua/", writing.edit, {"noun": "need"}, name="need-edit"),
    path("nhu-cau/<uuid:pk>/buoc/", pages.move_need, name="need-move"),
    path("nhu-cau/<uuid:pk>/phan-bo/", pages.allocate, name="need-allocate"),
    path("phan-bo/<uuid:pk>/buoc/", pages.move_allocation, name="allocation-move"),
]
