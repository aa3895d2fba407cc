"""Verbs on what a draft is made of: its head, outcomes, modules, lessons and their order, questions of a lesson."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hocvuso.base import plain_yaml
from hocvuso.base.errors import Refusal
from hocvuso.base.text import fold
from hocvuso.library.source.checks import OPEN
from hocvuso.people.models import Person
from hocvuso.units.models import Unit

from . import editing
from .folders import ITEMS, LESSON, PRACTICE, PROGRAMME
from .models import Draft, DraftFile
from .patching import with_data
from .queries import Outline, is_key, outline, removed_lessons, rows_of
from .services import add, begin, bring_back, change, hold, remove
from .starting import new_lesson, new_practice, new_programme

MOST_KEY = 60


class NotReadable(Refusal):
    """A file that a form would change cannot be read; its author mends the text first."""

    code = "not-readable"
    says = _("Chưa sửa được ở đây vì tệp %(file)s đang có lỗi: %(why)s. Hãy mở phần “dạng chữ” để sửa trước.")


class StillUsed(Refusal):
    """An outcome that lessons aim at stays."""

    code = "still-used"
    says = _("Yêu cầu %(code)s đang có bài học dùng. Hãy đổi ở bài trước rồi mới bỏ.")


class NeedsOutcome(Refusal):
    """A lesson aims at something."""

    code = "needs-outcome"
    says = _("Hãy thêm một yêu cầu cần đạt trước: bài nào cũng dạy để làm được một việc.")


class NoSuchLesson(Refusal):
    """The programme names no such lesson, or module, any more."""

    code = "no-such-lesson"
    says = _("Chỗ này vừa được người khác đổi. Hãy mở lại trang.")


def key_of(title: str, taken: Sequence[str] = ()) -> str:
    """The key that a title becomes: ASCII words with dashes, and a number where it is taken."""
    plain = "".join(char if char.isascii() else " " for char in fold(title).replace("_", " "))
    key = "-".join(plain.split())[: MOST_KEY - 4].strip("-") or "bai"
    return next(one for one in (key, *(f"{key}-{n}" for n in range(2, 1000))) if one not in taken)


def begin_new(*, title: str, audience: str, unit: Unit, by: Person) -> Draft:
    """A draft of a new programme, in which nothing is written yet. Raises NotAllowed."""
    taken = Draft.objects.filter(unit=unit).values_list("key", flat=True)
    key = key_of(title, list(taken))
    files = new_programme(key=key, title=title, audience=audience, authors=unit.name)
    return begin(key=key, title=title, files=files, unit=unit, by=by)


def set_programme(*, draft: Draft, by: Person, version: int | None = None, **fields: Any) -> DraftFile:
    """Change keys of the programme's head. Raises NotAllowed, Stale, NotReadable."""
    return _change(draft, PROGRAMME, by, lambda text: editing.with_keys(text, fields), version)


def set_outcomes(
    *, draft: Draft, outcomes: Sequence[Mapping[str, Any]], by: Person, version: int | None = None
) -> DraftFile:
    """The outcomes of the programme. Raises NotAllowed, Stale, NotReadable, StillUsed."""
    known = outline(draft)
    if rows_of(there := known.data.get("outcomes") or []) != there:
        raise NotReadable(file=PROGRAMME, why=_("outcomes cần là danh sách"))
    left = {one["code"] for one in outcomes}
    used = {code for facts in known.lessons.values() for code in facts.get("outcomes", ())}
    before = {one["code"] for one in known.outcomes}
    for code in sorted((used & before) - left):
        raise StillUsed(code=code)
    return set_programme(draft=draft, by=by, version=version, outcomes=[dict(one) for one in outcomes])


def set_head(*, draft: Draft, lesson: str, by: Person, version: int | None = None, **fields: Any) -> DraftFile:
    """Change keys of a lesson's head. Raises NotAllowed, Stale, NotReadable."""
    return _change(draft, f"{lesson}/{LESSON}", by, lambda text: editing.with_head(text, fields), version)


def set_items(
    *, draft: Draft, lesson: str, items: Sequence[Mapping[str, Any]], by: Person, version: int | None = None
) -> DraftFile:
    """The questions of a lesson; those that are as they were keep their lines.

    Raises NotAllowed, Stale, NotReadable.
    """
    listed = [dict(item) for item in items]
    return _change(draft, f"{lesson}/{ITEMS}", by, lambda text: editing.with_entries(text, listed), version)


def set_practice(
    *, draft: Draft, lesson: str, practice: Mapping[str, Any], by: Person, version: int | None = None
) -> DraftFile:
    """The practice of a lesson; what of it is as it was keeps its lines. Raises NotAllowed, Stale, NotReadable."""
    return _change(draft, f"{lesson}/{PRACTICE}", by, lambda text: with_data(text, practice), version)


def begin_practice(*, draft: Draft, lesson: str, kind: str, by: Person, version: int | None = None) -> DraftFile:
    """Another practice, of a kind, in which nothing is written yet; what it was stays in the history.

    Raises NotAllowed, Stale.
    """
    title = outline(draft).lessons.get(lesson, {}).get("title") or lesson
    text = editing.dumped(new_practice(kind, str(title)))
    return _change(draft, f"{lesson}/{PRACTICE}", by, lambda _text: text, version)


@transaction.atomic
def add_module(*, draft: Draft, title: str, outcome: str, lesson: str, by: Person, body: str = "") -> str:
    """A module with its first lesson, whose key is given back. Raises NotAllowed, NotReadable, NeedsOutcome."""
    known = _arranged(draft)
    key = key_of(title, [module["key"] for module in known.modules])
    module = {"key": key, "title": title, "title_en": OPEN, "lessons": []}
    set_programme(draft=draft, by=by, modules=[*known.modules, module])
    return add_lesson(draft=draft, module=key, title=lesson, outcome=outcome, by=by, body=body)


@transaction.atomic
def add_lesson(*, draft: Draft, module: str, title: str, outcome: str, by: Person, body: str = "") -> str:
    """A lesson at the end of a module; its key. Raises NotAllowed, NotReadable, NeedsOutcome, NoSuchLesson."""
    known = _arranged(draft)
    if outcome not in {one["code"] for one in known.outcomes}:
        raise NeedsOutcome(field="outcome")
    there = draft.revisions.values_list("path", flat=True).distinct()  # of lessons that were taken out, too
    key = key_of(title, [*known.keys, *{path.partition("/")[0] for path in there}])
    modules = _with(known, module, lambda lessons: [*lessons, key])
    set_programme(draft=draft, by=by, modules=modules)
    add(draft=draft, files=new_lesson(key=key, title=title, outcome=outcome, body=body), by=by)
    return key


@transaction.atomic
def remove_lesson(*, draft: Draft, lesson: str, by: Person) -> None:
    """Take a lesson out; a module that holds nothing more goes too. Raises NotAllowed, NotReadable, NoSuchLesson."""
    known = _arranged(draft)
    if not is_key(lesson):
        raise NoSuchLesson
    if lesson in known.keys:
        modules = [{**one, "lessons": [key for key in one["lessons"] if key != lesson]} for one in known.modules]
        set_programme(draft=draft, by=by, modules=[one for one in modules if one["lessons"]])
    remove(draft=draft, path=lesson, by=by)


@transaction.atomic
def bring_back_lesson(*, draft: Draft, lesson: str, by: Person) -> None:
    """A lesson that was taken out, or stands in no module, at the end of the last module.

    Raises NotAllowed, NotReadable, NoSuchLesson, FileLost.
    """
    known = _arranged(draft)
    if lesson not in {*known.loose, *removed_lessons(draft)}:
        raise NoSuchLesson
    bring_back(draft=draft, lesson=lesson, by=by)
    modules = [{**one, "lessons": [*one["lessons"]]} for one in known.modules]
    if not modules:
        title = outline(draft).lessons[lesson].get("title", lesson)
        modules = [{"key": key_of(title), "title": title, "title_en": OPEN, "lessons": []}]
    modules[-1]["lessons"].append(lesson)
    set_programme(draft=draft, by=by, modules=modules)


@transaction.atomic
def move_lesson(*, draft: Draft, lesson: str, down: bool, by: Person) -> DraftFile:
    """One place up or down; past the end of its module into the next. Raises NotAllowed, NotReadable, NoSuchLesson."""
    modules = [{**one, "lessons": list(one["lessons"])} for one in _arranged(draft).modules]
    at = next((n for n, one in enumerate(modules) if lesson in one["lessons"]), None)
    if at is None:
        raise NoSuchLesson
    here = modules[at]["lessons"]
    place, step = here.index(lesson), 1 if down else -1
    if 0 <= place + step < len(here):
        here[place], here[place + step] = here[place + step], here[place]
    elif 0 <= at + step < len(modules):
        here.remove(lesson)
        modules[at + step]["lessons"].insert(0 if down else len(modules[at + step]["lessons"]), lesson)
    return set_programme(draft=draft, by=by, modules=[one for one in modules if one["lessons"]])


def _arranged(draft: Draft) -> Outline:
    """The programme, which nobody else changes until the end of the transaction. Raises NotReadable."""
    hold(draft)
    known = outline(draft)
    if not known.readable:
        raise NotReadable(file=PROGRAMME, why=_("phần modules cần mỗi chương một mục, có key và lessons"))
    return known


def _with(known: Outline, module: str, how: Callable[[list[str]], list[str]]) -> list[dict[str, Any]]:
    if module not in {one["key"] for one in known.modules}:
        raise NoSuchLesson
    return [{**one, "lessons": how(list(one["lessons"]))} if one["key"] == module else one for one in known.modules]


def _change(draft: Draft, path: str, by: Person, how: Callable[[str], str], version: int | None) -> DraftFile:
    try:
        return change(draft=draft, path=path, by=by, how=how, version=version)
    except plain_yaml.BadYaml as error:
        raise NotReadable(file=path, why=str(error)) from None
