"""Plans and tasks: board, Gantt, list, calendar; approval; assignment to many."""

from __future__ import annotations

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import JobPage, MenuEntry, Subject, WorkList
from . import waiting

SUBJECT = Subject(
    at="dieu-hanh/ke-hoach/",
    menu=[
        MenuEntry("plans", _("Kế hoạch"), May.SEE_FIGURES, order=60),
    ],
    work=[
        WorkList(
            _("Nhiệm vụ muộn hoặc sắp đến hạn"),
            waiting.urgent,
            more=reverse_lazy("plan-board", query={"cua-toi": 1}),
            order=10,
        ),
        WorkList(
            _("Kế hoạch chờ tôi duyệt"),
            waiting.awaiting,
            more=reverse_lazy("plans", query={"trang-thai": "submitted"}),
            order=20,
        ),
        WorkList(_("Đề nghị đổi chờ tôi trả lời"), waiting.changes, more=reverse_lazy("plan-changes"), order=21),
        WorkList(_("Kế hoạch cần soạn hoặc sửa"), waiting.to_mend, order=30),
    ],
    jobs={"task.assign": JobPage(_("Giao nhiệm vụ xuống"), lambda args: reverse("task", args=[args["task"]]))},
    labels={
        "plan.approved": _("duyệt kế hoạch"),
        "plan.change-accepted": _("đồng ý đổi kế hoạch"),
        "plan.change-asked": _("xin đổi kế hoạch"),
        "plan.change-refused": _("không đồng ý đổi kế hoạch"),
        "plan.change-withdrawn": _("rút đề nghị đổi kế hoạch"),
        "plan.closed": _("khép lại kế hoạch"),
        "plan.deleted": _("xoá bản thảo kế hoạch"),
        "plan.edited": _("sửa kế hoạch"),
        "plan.in-force": _("đưa kế hoạch vào thực hiện"),
        "plan.loaded": _("nạp kế hoạch từ nguồn công bố"),
        "plan.returned": _("trả lại kế hoạch"),
        "plan.reviewed": _("tổng kết kế hoạch"),
        "plan.started": _("lập bản thảo kế hoạch"),
        "plan.submitted": _("trình duyệt kế hoạch"),
        "task.added": _("thêm nhiệm vụ"),
        "task.assigned": _("giao nhiệm vụ xuống"),
        "task.completed": _("báo hoàn thành nhiệm vụ"),
        "task.deleted": _("xoá nhiệm vụ"),
        "task.edited": _("sửa nhiệm vụ"),
        "task.moved": _("đổi thứ tự nhiệm vụ"),
        "task.noted": _("ghi tiến độ"),
        "task.produced": _("nộp sản phẩm"),
        "task.reopened": _("mở lại nhiệm vụ"),
        "task.taken-back": _("thu hồi nhiệm vụ"),
    },
    pages={"plan": "plan", "task": "task"},
)
