from django.urls import path

from . import commenting, pages, preparing

urlpatterns = [
    path("", pages.consultations, name="consultations"),
    path("moi/", preparing.create, name="consultation-new"),
    path("<uuid:pk>/", pages.consultation, name="consultation"),
    path("<uuid:pk>/sua/", preparing.edit, name="consultation-edit"),
    path("<uuid:pk>/van-ban/", preparing.document, name="consultation-document"),
    path("<uuid:pk>/moi-gop-y/", preparing.invitations, name="consultation-invitations"),
    path("<uuid:pk>/buoc/", pages.move, name="consultation-move"),
    path("<uuid:pk>/tra-loi/", pages.answering, name="consultation-answers"),
    path("<uuid:pk>/tong-hop/", pages.summary, name="consultation-summary"),
    path("<uuid:pk>/tong-hop/tai/", pages.summary_file, name="consultation-summary-file"),
    path("muc/<uuid:pk>/", preparing.clause, name="clause"),
    path("gop-y/<uuid:pk>/", commenting.invitation, name="invitation"),
    path("gop-y/<uuid:pk>/gui/", commenting.send, name="invitation-send"),
    path("y-kien/<uuid:pk>/bo/", commenting.withdraw, name="comment-remove"),
]
