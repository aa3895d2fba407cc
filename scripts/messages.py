"""Gathers every translatable sentence (Vietnamese, in code and templates) into locale/en/LC_MESSAGES/django.po.

    python scripts/messages.py

Sentences that are new come without a translation; those that are gone are dropped.
"""

from __future__ import annotations

import ast
import re
from functools import partial
from pathlib import Path

import polib
from django.utils.translation import trim_whitespace

ROOT = Path(__file__).parent.parent
type Message = tuple[str, str, str]  # context, singular, plural
FUNCTIONS = {"_", "_t", "gettext", "gettext_lazy"}
WITH_PLURAL = {"ngettext", "ngettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
TRANSLATE = re.compile(r"""{%\s*translate\s+"([^"]+)"\s*(?:context\s+"([^"]+)"\s*)?(?:as\s+\w+\s*)?%}""")
BLOCK = re.compile(r"{%\s*blocktranslate(?P<head>[^%]*)%}(?P<body>.*?){%\s*endblocktranslate\s*%}", re.S)
PLURAL = re.compile(r"{%\s*plural\s*%}")


def _of_code(path: Path) -> set[Message]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            said = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
            if node.func.id in FUNCTIONS and isinstance(next(iter(said), None), str):
                found.add(("", said[0], ""))
            elif node.func.id in WITH_PLURAL:
                found.add(("", said[0], said[1]))
            elif node.func.id in WITH_CONTEXT:
                found.add((said[0], said[1], ""))
    return found


def _placeholders(text: str, *, trimmed: bool) -> str:
    if trimmed:
        text = trim_whitespace(text)
    return re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", text.replace("%", "%%"))


def found_messages() -> set[tuple[str, str]]:
    """Contexts and singular msgids of everything that is shown."""
    return {(context, single) for context, single, _plural in _found()}


def _found() -> set[Message]:
    found: set[Message] = set()
    for path in (ROOT / "hocvuso").rglob("*.py"):
        if "tests" not in path.parts:
            found |= _of_code(path)
    for path in (ROOT / "hocvuso").rglob("*.html"):
        text = path.read_text("utf-8")
        found |= {(context, single, "") for single, context in TRANSLATE.findall(text)}
        for match in BLOCK.finditer(text):
            single, *plural = PLURAL.split(match["body"])
            shown = partial(_placeholders, trimmed="trimmed" in match["head"].split())
            found.add(("", shown(single), shown(plural[0]) if plural else ""))
    return found


def main() -> None:
    """Merge what is found with what is translated."""
    path = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    known = {(e.msgctxt or "", e.msgid, e.msgid_plural): e for e in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=78)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for context, single, plural in sorted(_found(), key=lambda one: (one[1], one[2], one[0])):
        old = known.get((context, single, plural))
        entry = polib.POEntry(msgctxt=context or None, msgid=single, msgstr=old.msgstr if old else "")
        if "%(" in single:
            entry.flags.append("python-format")
        if plural:
            entry.msgid_plural = plural
            entry.msgstr_plural = old.msgstr_plural if old else {0: "", 1: ""}
        catalogue.append(entry)
    catalogue.save(str(path))
    print(f"{len(catalogue)} messages, {len(catalogue.untranslated_entries())} to translate")


if __name__ == "__main__":
    main()
