"""Drafts: where authors write programmes and lessons."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hocvuso.authoring.models import DraftFile

from ...kit.subjects import JobPage, Subject


def _of_file(key: Any) -> str:
    """The page of the lesson to which a file belongs."""
    file = DraftFile.objects.get(pk=key)
    return reverse("draft-lesson", args=[file.draft_id, file.path.partition("/")[0]])


SUBJECT = Subject(
    at="bien-soan/soan/",
    pages={"draft": "draft", "draft-file": _of_file},
    jobs={"lesson.import": JobPage(_("Tạo bài từ tài liệu"), lambda args: reverse("draft", args=[args["draft"]]))},
    labels={
        "draft.begun": _("bắt đầu soạn một chương trình"),
        "draft.put-away": _("cất một bản soạn"),
        "draft.taken-back": _("lấy lại một bản soạn"),
    },
)
