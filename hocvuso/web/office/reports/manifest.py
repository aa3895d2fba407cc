"""Reports: prefilled, narrative, submit, return, accept, aggregate; questions about a figure; reviews."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import MenuEntry, Subject, WorkList
from . import waiting

SUBJECT = Subject(
    at="dieu-hanh/bao-cao/",
    menu=[
        MenuEntry("reports", _("Báo cáo"), May.SEE_FIGURES, order=70),
    ],
    work=[
        WorkList(
            _("Báo cáo cần lập"), waiting.reports_due, more=reverse_lazy("reports", query={"xem": "can-lap"}), order=20
        ),
        WorkList(
            _("Báo cáo chờ nhận"),
            waiting.reports_awaiting,
            more=reverse_lazy("reports", query={"xem": "cho-nhan"}),
            order=25,
        ),
        WorkList(
            _("Sơ kết, tổng kết chờ duyệt"), waiting.reviews_to_decide, more=reverse_lazy("plan-reviews"), order=26
        ),
        WorkList(_("Câu hỏi về số liệu"), waiting.figures_questioned, order=30),
    ],
    labels={
        "figure.answered": _("trả lời câu hỏi về số liệu"),
        "figure.questioned": _("hỏi về số liệu"),
        "figure.resolved": _("khép câu hỏi về số liệu"),
        "regime.changed": _("sửa chế độ báo cáo"),
        "regime.issued": _("đặt chế độ báo cáo"),
        "report.accepted": _("nhận báo cáo"),
        "report.aggregated": _("tổng hợp báo cáo"),
        "report.drafted": _("lập báo cáo"),
        "report.evidence": _("kèm minh chứng vào báo cáo"),
        "report.returned": _("trả lại báo cáo"),
        "report.submitted": _("nộp báo cáo"),
        "report.written": _("viết báo cáo"),
        "reports.accepted": _("nhận nhiều báo cáo"),
        "reports.opened": _("mở kỳ báo cáo"),
        "review.approved": _("duyệt sơ kết, tổng kết"),
        "review.begun": _("lập sơ kết, tổng kết"),
        "review.composed": _("ráp số liệu sơ kết, tổng kết"),
        "review.edited": _("sửa sơ kết, tổng kết"),
        "review.returned": _("trả lại sơ kết, tổng kết"),
        "review.submitted": _("trình sơ kết, tổng kết"),
    },
    pages={"report": "report", "plan-review": "review"},
)
