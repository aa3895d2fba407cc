"""The summary of comments that goes to the Minister."""

from __future__ import annotations

from typing import Any

from hocvuso.documents.blocks import Block, day, heading, paragraph, table
from hocvuso.documents.composers import Composer, register
from hocvuso.documents.models import OfficialDocument

from .models import Consultation
from .queries import summary, summary_table


def of_consultation(consultation: Consultation) -> dict[str, Any]:
    """Who was asked and who answered, what was taken up, and the table of comments by clause."""
    told = summary(consultation)
    tally = told.tally
    body: list[Block] = [
        heading("I. QUÁ TRÌNH LẤY Ý KIẾN"),
        paragraph(
            f"Lấy ý kiến từ {day(told.opened_on)}, hạn trả lời {day(told.due_on)}. Số đơn vị được hỏi: {told.invited}; "
            f"đã trả lời: {told.answered} (trong đó không có ý kiến thêm: {told.nothing_to_add}; muộn: {told.late}); "
            f"chưa trả lời: {told.silent}."
        ),
        heading("II. KẾT QUẢ TIẾP THU, GIẢI TRÌNH"),
        paragraph(
            f"Tổng số ý kiến: {tally.comments}, gồm nhất trí: {tally.agree}; đề nghị sửa: {tally.change}; "
            f"hỏi: {tally.question}. Về các đề nghị sửa, tiếp thu: {tally.accepted}; tiếp thu một phần: "
            f"{tally.partly}; không tiếp thu: {tally.no}. Câu hỏi đã giải trình: {tally.explained}. "
            f"Chưa trả lời: {tally.unanswered}."
        ),
    ]
    head, rows = summary_table(told)
    if rows:
        body += [heading("III. BẢNG TỔNG HỢP"), table([str(h) for h in head], rows)]
    return {
        "kind": OfficialDocument.Kind.REPORT,
        "title": f"Tổng hợp, tiếp thu, giải trình ý kiến về {consultation.title}"[:500],
        "body": body,
        "recipients": ["Bộ trưởng (để báo cáo)", "Lưu: VT"],
    }


register("consultation", Composer(Consultation.objects.visible_to, of_consultation))
