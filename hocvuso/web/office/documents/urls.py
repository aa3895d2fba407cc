from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.documents, name="documents"),
    path("tao/", pages.create, name="document-create"),
    path("so-dang-ky/", pages.books, name="number-books"),
    path("<uuid:pk>/", pages.document, name="document"),
    path("<uuid:pk>/ban-hanh/", pages.issue, name="document-issue"),
    path("<uuid:pk>.docx", pages.docx, name="document-docx"),
    path("don-vi/<uuid:pk>/", pages.profile, name="document-profile"),
]
