"""Tables as files."""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook

from hocvuso.web.kit.tables import spreadsheet


def test_a_unit_may_have_a_code_by_which_no_sheet_can_be_called():
    file = spreadsheet("may-THCS/01:[a]-2026-W01-bang-so-lieu", ["a"], [[1]])
    assert load_workbook(BytesIO(file.content)).sheetnames == ["may-THCS-01--a--2026-W01-bang-s"]
