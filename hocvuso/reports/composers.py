"""A report and a review as documents."""

from __future__ import annotations

from typing import Any

from hocvuso.base.periods import named
from hocvuso.documents.blocks import Block, heading, item, lines, number, paragraph, table
from hocvuso.documents.composers import Composer, register
from hocvuso.documents.models import OfficialDocument
from hocvuso.plans.rules import TaskState

from .models import Report, ReportFigure, Review

Kind = OfficialDocument.Kind


def of_report(report: Report) -> dict[str, Any]:
    """A report: its sections in words, then its figures in a table that says where each comes from."""
    body: list[Block] = []
    for section in report.sections.all():
        body.append(heading(f"{section.position + 1}. {section.title}"))
        body += [paragraph(line) for line in lines(section.text)] or [paragraph("Không phát sinh.")]
    figures = list(report.figures.select_related("indicator"))
    if figures:
        body += [
            heading("Số liệu"),
            table(["Chỉ số", "Số liệu", "Đơn vị tính", "Nguồn", "Ghi chú"], map(_row, figures)),
        ]
    return {
        "kind": Kind.REPORT,
        "title": f"{report.regime.title}, {report.period_shown}",
        "body": body,
        "recipients": [report.regime.issuer.name, "Lưu: VT"],
    }


def _row(figure: ReportFigure) -> list[str]:
    sources = {"m": "đo được trên hệ thống", "d": "đơn vị khai báo", "s": "tổng hợp từ cấp dưới"}
    value = "dưới 5" if figure.withheld else number(figure.value, figure.indicator.decimals)
    return [
        figure.indicator.title,
        value,
        figure.indicator.measured_in,
        sources.get(figure.kind, "chưa có"),
        figure.comment,
    ]


def of_review(review: Review) -> dict[str, Any]:
    """A mid-term or final review: figures against targets, tasks by state, reports, the unit's own words."""
    facts = review.facts
    body: list[Block] = [heading("I. KẾT QUẢ SO VỚI CHỈ TIÊU"), _against_targets(facts.get("figures", []))]
    body += [heading("II. TIẾN ĐỘ NHIỆM VỤ"), *_tasks(facts.get("tasks", {}))]
    reports = facts.get("reports", {})
    if reports:
        said = "Báo cáo phải nộp: {expected}; đã nhận: {accepted}; nộp muộn: {late}."
        body += [heading("III. CHẾ ĐỘ BÁO CÁO"), paragraph(said.format(**reports))]
    for extract in facts.get("extracts", []):
        body.append(item(f"{extract['unit']} ({named(extract['period'])}), {extract['section']}: {extract['text']}"))
    for words in review.text.values():
        body += [paragraph(line) for line in lines(words)]
    return {
        "kind": Kind.REPORT,
        "title": review.title,
        "body": body,
        "recipients": [review.plan.unit.name, "Lưu: VT"],
    }


def _against_targets(figures: list[dict[str, Any]]) -> Block:
    if not figures:
        return paragraph("Kế hoạch chưa gắn chỉ số nào.")
    reached = {True: "đạt", False: "chưa đạt", None: "–"}
    rows = (
        [
            f["title"],
            number(f["value"], f["decimals"]),
            number(f["target"], f["decimals"]),
            f["in"],
            reached[f["reached"]],
        ]
        for f in figures
    )
    return table(["Chỉ số", "Kết quả", "Chỉ tiêu", "Đơn vị tính", "So với chỉ tiêu"], rows)


def _tasks(tasks: dict[str, Any]) -> list[Block]:
    counts = [f"{TaskState(state).label}: {n}" for state, n in tasks.get("counts", {}).items() if n]
    named = [
        item(f"{t['title']} ({t['unit'] or 'chưa rõ đơn vị'}): {TaskState(t['state']).label}")
        for t in tasks.get("named", [])
    ]
    return [paragraph("; ".join(counts) + "." if counts else "Chưa có nhiệm vụ nào."), *named]


register("report", Composer(Report.objects.visible_to, of_report))
register("plan-review", Composer(Review.objects.visible_to, of_review))
