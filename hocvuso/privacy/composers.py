"""A breach as the document to the authority.

Decree 356/2025/NĐ-CP has a form of its own for it (Mẫu số 08). Its text was not to be had: the headings here are those
that the law names; whoever sends it puts it into the form.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from hocvuso.documents.blocks import Block, heading, lines, paragraph
from hocvuso.documents.composers import Composer, register
from hocvuso.documents.models import OfficialDocument

from .models import Breach
from .register import REGISTER

UNKNOWN = "chưa rõ, sẽ báo bổ sung"


def of_breach(breach: Breach) -> dict[str, Any]:
    """The notice to the authority: what, when, whose data, consequences, measures, whom to turn to."""
    env = settings.ENV
    body: list[Block] = [
        paragraph(
            "Theo Điều 23 Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15 và Nghị định số 356/2025/NĐ-CP (Mẫu số 08), "
            f"{env['HOCVUSO_CONTROLLER'] or '[tên bên kiểm soát dữ liệu]'} thông báo vi phạm sau:"
        ),
        *_part("1. Diễn biến", breach.what),
        *_part(
            "2. Thời điểm",
            f"Xảy ra: {_moment(breach.happened_at)}. Phát hiện: {_moment(breach.known_at)}. "
            f"Hạn 72 giờ: {_moment(breach.due_at)}.",
        ),
        *_part("3. Loại dữ liệu", "\n".join(_kinds(breach))),
        *_part(
            "4. Người bị ảnh hưởng",
            f"{breach.whose or UNKNOWN}. Số người (ước tính): {breach.people_count or UNKNOWN}.",
        ),
        *_part("5. Hậu quả, tổn hại có thể xảy ra", breach.consequences),
        *_part("6. Biện pháp đã và sẽ thực hiện", breach.measures),
        *_part(
            "7. Đầu mối liên hệ",
            f"{env['HOCVUSO_DATA_OFFICER'] or '[người phụ trách bảo vệ dữ liệu cá nhân]'}, "
            f"{env['HOCVUSO_CONTROLLER_CONTACT'] or '[điện thoại, thư điện tử]'}.",
        ),
    ]
    if breach.why_late:
        body += _part("8. Lý do thông báo chậm", breach.why_late)
    return {
        "kind": OfficialDocument.Kind.LETTER,
        "title": f"thông báo vi phạm quy định về bảo vệ dữ liệu cá nhân: {breach.title}"[:500],
        "addressees": [env["HOCVUSO_DATA_AUTHORITY"]],
        "body": body,
        "recipients": ["Như trên", "Lưu: VT"],
    }


def _part(title: str, text: str) -> list[Block]:
    return [heading(title), *(paragraph(line) for line in lines(text) or [UNKNOWN])]


def _kinds(breach: Breach) -> list[str]:
    with translation.override("vi"):
        return [
            f"{line.title}{' (dữ liệu nhạy cảm)' if line.sensitive else ''}"
            for line in REGISTER
            if line.key in breach.data
        ]


def _moment(value: Any) -> str:
    return f"{timezone.localtime(value):%H giờ %M ngày %d/%m/%Y}" if value else UNKNOWN


register("breach", Composer(Breach.objects.visible_to, of_breach))
