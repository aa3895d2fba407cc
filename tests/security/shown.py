"""Hostile texts in every column that holds words, and what of them lives in what is sent."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO
from typing import Any

from django.apps import apps
from django.db import models
from lxml import html
from openpyxl import load_workbook

MARKUP = "\"'><img src=x OnError=hvlive()><ScRiPt>hvlive()</sCrIpT></textarea></title><svg/onload=hvlive()>"
SHORT = "\"'><b onclick=hvlive()>"
FORMULA = "=cmd|' /C calc'!A0"
LINKS = {"href", "src", "action", "formaction", "data", "poster", "srcdoc"}
_KEYS = re.compile(
    r"key|code|kind|state|word|hash|sha|token|digest|bundle|path|period|channel|source_hash|language|secret|sealed"
)


def write(text: str, short: str) -> int:
    """Put the text into every column of words that no choice, key or uniqueness binds; how many columns."""
    count = 0
    for model in apps.get_models():
        if not model.__module__.startswith("hocvuso."):
            continue
        unique = {name for one in model._meta.constraints for name in getattr(one, "fields", ())}
        for field in model._meta.concrete_fields:
            words = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.SlugField)
            bound = (
                field.choices or field.unique or field.primary_key or field.name in unique or _KEYS.search(field.name)
            )
            if not words or bound or not isinstance(getattr(model, "_base_manager", None), models.Manager):
                continue
            value = text if (field.max_length or 10_000) >= len(text) else short[: field.max_length]
            count += bool(model._base_manager.update(**{field.name: value}))
    return count


def live(page: str) -> list[str]:
    """What of the texts would run in a browser: elements, handlers and addresses that a parser of HTML finds."""
    found = []
    for element in html.document_fromstring(page).iter(html.etree.Element):
        if element.tag == "script" and element.get("type") != "application/json" and "hvlive" in (element.text or ""):
            found.append("script")
        for name, value in element.attrib.items():
            if name.lower().startswith("on") or (
                name in LINKS and re.match(r"[\s\x00-\x20]*(javascript|data:text|vbscript)", value, re.I)
            ):
                found.append(f"{element.tag} {name}={value[:40]}")
    return found


def formulas(kind: str, content: bytes) -> list[str]:
    """Cells of a table that a spreadsheet would take for a formula."""
    if kind.startswith("text/csv"):
        rows: Any = csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";" if b";" in content[:200] else ",")
        return [cell for row in rows for cell in row if cell.lstrip()[:1] in "=@" and cell.strip()]
    if "spreadsheetml" in kind:
        book = load_workbook(BytesIO(content))
        return [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    return []
