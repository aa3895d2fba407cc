"""An inspection of two provincial departments by the ministry, built with the real verbs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from hocvuso.inspections.models import Finding, Inspection, Remedy, Visit
from hocvuso.inspections.services import inspecting, remedying, visiting
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles

TEXT = """# Tổ chức
Có kế hoạch chi tiết?* | có/không
Số lớp đã mở | số nguyên
Mức độ | chọn: Tốt; Khá; Kém
# Cơ sở vật chất
Diện tích bình quân | số
Ảnh phòng học | ảnh
Nhận xét | chữ"""
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50


@dataclass
class Inspected:
    """Hoa and Bình inspect for the ministry, Oanh leads there; An is officer of the inspected department."""

    inspection: Inspection
    hoa: Person
    binh: Person
    oanh: Person
    an: Person

    def visit(self, unit) -> Visit:
        return self.inspection.visits.get(unit=unit)

    def send(self, unit, *, finish=False, answers=None, **more) -> Visit:
        answers = {"q1": "yes", "q2": "12"} if answers is None else answers
        return visiting.take_sheet(
            visit=self.visit(unit), id=uuid.uuid4(), answers=answers, finish=finish, by=self.hoa, **more
        )

    def find(self, unit, text="Chưa có kế hoạch") -> Finding:
        return visiting.record_finding(visit=self.visit(unit), text=text, by=self.hoa)

    def ask(self, finding, days=10) -> Remedy:
        due = timezone.localdate() + timedelta(days=days)
        return remedying.ask_remedy(finding=finding, title="Lập kế hoạch", due_on=due, by=self.hoa)


def conditional() -> dict:
    """A checklist with several choices and with what is asked only under conditions."""
    checklist, faults = inspecting.read_checklist(
        text="""# Máy móc
Có phòng máy?* | có/không
Số máy* | số nguyên
Dùng để làm gì?* | chọn nhiều: Học; Thi; Làm hồ sơ
# Sửa chữa
Ai sửa?* | chữ
Ảnh máy hỏng* | ảnh"""
    )
    assert faults == []
    machines, repairs = checklist["sections"]
    for question in machines["questions"][1:]:
        question["when"] = ["=", "q1", "yes"]
    repairs["when"] = ["and", [">=", "q2", 5], ["selected", "q3", "c2"]]
    return checklist


def prepare(cast, *, begin=True, checklist=None) -> Inspected:
    """The inspection; begun unless asked otherwise."""
    for name in ("hoa", "binh"):
        roles.grant(person=getattr(cast, name), role=Role.INSPECTOR, unit=cast.ministry, by=None)
    roles.grant(person=cast.an, role=Role.OFFICER, unit=cast.here, by=None)
    made = inspecting.plan_inspection(unit=cast.ministry, by=cast.hoa, title="Kiểm tra bình dân học vụ số")
    if checklist is None:
        checklist, faults = inspecting.read_checklist(text=TEXT)
        assert faults == []
    inspecting.set_checklist(inspection=made, checklist=checklist, by=cast.hoa)
    inspecting.set_scope(inspection=made, units=[cast.here, cast.next_door], by=cast.hoa)
    inspecting.set_team(inspection=made, people=[cast.hoa, cast.binh], by=cast.hoa)
    if begin:
        inspecting.start(inspection=made, by=cast.hoa)
    made.refresh_from_db()
    return Inspected(made, cast.hoa, cast.binh, cast.oanh, cast.an)
