from django.urls import path

from . import mail, now, rules

urlpatterns = [
    path("", now.index, name="urging"),
    path("tai/", now.download, name="urging-download"),
    path("tat-ca/", now.urge_all, name="urge-all"),
    path("chay/", now.run, name="urge-run"),
    path("viec/<str:kind>/<uuid:pk>/", now.one, name="urging-one"),
    path("quy-tac/", rules.index, name="urge-rules"),
    path("quy-tac/moi/", rules.create, name="urge-rule-new"),
    path("quy-tac/<uuid:pk>/", rules.change, name="urge-rule"),
    path("nhat-ky/", mail.log, name="urge-log"),
    path("nhat-ky/tai/", mail.log_file, name="urge-log-download"),
    path("nhat-ky/<uuid:pk>/gui-lai/", mail.send_again, name="urge-send-again"),
    path("hop-thu/", mail.inbox, name="urge-inbox"),
    path("hop-thu/da-doc/", mail.read, name="urge-read"),
    path("tuy-chon/", mail.preferences, name="urge-preferences"),
]
