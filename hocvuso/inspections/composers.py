"""The notice that concludes an inspection."""

from __future__ import annotations

from typing import Any

from hocvuso.documents.blocks import Block, day, heading, item, lines, paragraph, table
from hocvuso.documents.composers import Composer, register
from hocvuso.documents.models import OfficialDocument

from .models import Inspection
from .queries import conclusion


def of_inspection(inspection: Inspection) -> dict[str, Any]:
    """Where and when, what was found, and what must be mended by when."""
    told = conclusion(inspection)
    body: list[Block] = [
        heading("I. PHẠM VI VÀ THỜI GIAN"),
        paragraph(
            f"Từ {day(told.starts_on)} đến {day(told.ends_on)}, tại: {', '.join(told.units) or 'chưa có đơn vị nào'}."
        ),
        heading("II. KẾT QUẢ"),
        *[item(f"{f.unit}: {f.text} ({f.severity})") for f in told.findings],
        heading("III. KẾT LUẬN"),
        *([paragraph(line) for line in lines(told.text)] or [paragraph("Chưa kết luận.")]),
    ]
    if told.remedies:
        rows = [[n, f.unit, f.remedy, day(f.due_on), f.state] for n, f in enumerate(told.remedies, 1)]
        body += [
            heading("IV. YÊU CẦU KHẮC PHỤC"),
            table(["STT", "Đơn vị", "Việc cần khắc phục", "Hạn", "Tình trạng"], rows),
        ]
    return {
        "kind": OfficialDocument.Kind.NOTICE,
        "title": f"Kết luận {inspection.title}"[:500],
        "basis": lines(told.basis),
        "body": body,
        "recipients": [*told.units[:20], "Lưu: VT"],
    }


register("inspection", Composer(Inspection.objects.visible_to, of_inspection))
