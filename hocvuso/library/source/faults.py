"""What is wrong with data of a source, in Vietnamese: pydantic says it in English and in words of programs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

Place = tuple[str | int, ...]

_SAID: Mapping[str, str] = {
    "missing": "thiếu phần này",
    "extra_forbidden": "tên này không dùng được ở đây; hãy xem lại chính tả",
    "string_too_short": "chưa ghi gì",
    "string_too_long": "dài quá {max_length} ký tự",
    "string_pattern_mismatch": "viết chưa đúng dạng; nếu là tên ngắn thì chỉ gồm a-z, 0-9 và dấu gạch nối",
    "string_type": 'cần là chữ; hãy đặt trong dấu nháy “"…"”',
    "literal_error": "chỉ nhận một trong: {expected}",
    "enum": "chỉ nhận một trong: {expected}",
    "union_tag_invalid": "không có kiểu {tag!r}; có: {expected_tags}",
    "union_tag_not_found": "thiếu kind, kiểu của phần này",
    "too_short": "cần ít nhất {min_length} mục, mới có {actual_length}",
    "too_long": "nhiều nhất {max_length} mục, đang có {actual_length}",
    "int_parsing": "cần là số nguyên",
    "int_type": "cần là số nguyên",
    "int_from_float": "cần là số nguyên",
    "float_parsing": "cần là số",
    "float_type": "cần là số",
    "bool_parsing": "cần là true hoặc false",
    "bool_type": "cần là true hoặc false",
    "greater_than_equal": "nhỏ nhất là {ge}",
    "greater_than": "phải lớn hơn {gt}",
    "less_than_equal": "lớn nhất là {le}",
    "less_than": "phải nhỏ hơn {lt}",
    "list_type": "cần là một danh sách, mỗi mục bắt đầu bằng dấu -",
    "dict_type": "cần là các dòng “tên: giá trị”",
    "model_type": "cần là các dòng “tên: giá trị”",
    "model_attributes_type": "cần là các dòng “tên: giá trị”",
    "date_type": "cần là ngày, dạng 2026-01-31",
    "date_parsing": "cần là ngày, dạng 2026-01-31",
    "date_from_datetime_parsing": "cần là ngày, dạng 2026-01-31",
    "date_from_datetime_inexact": "cần là ngày, dạng 2026-01-31",
    "none_required": "để trống phần này",
}


def said(error: Mapping[str, Any]) -> str:
    """One error of pydantic in a few Vietnamese words; what our own rules say stands as they say it."""
    context = error.get("ctx") or {}
    if error["type"] in ("value_error", "assertion_error"):
        return str(context.get("error") or error["msg"])
    words = _SAID.get(error["type"])
    if words is None:
        return f"giá trị này không dùng được ({error['msg']})"
    return words.format_map({**context, **_listed(context)})


def _listed(context: Mapping[str, Any]) -> dict[str, str]:
    """Lists of values without the English between them."""
    names = ("expected", "expected_tags")
    return {name: str(context[name]).replace("'", "").replace(" or ", ", ") for name in names if name in context}


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def faults_of(kind: Any, data: Any) -> list[tuple[Place, str]]:
    """Everything that is wrong with data which should be of a kind: where, and what."""
    try:
        _adapter(kind).validate_python(data)
    except ValidationError as error:
        return [(one["loc"], said(dict(one))) for one in error.errors()]
    return []
