"""The forms of practices: messages to sort, a conversation, something to make, and how what they hold is put back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.forms import Textarea
from django.utils.translation import gettext_lazy as _

from hocvuso.authoring.models import DraftFile
from hocvuso.authoring.services_programme import key_of
from hocvuso.base import plain_yaml
from hocvuso.library.source.checks import OPEN

from ...kit import forms
from .forms import LINE, TEXT, unwritten

Data = Mapping[str, Any]
Place = tuple[str | int, ...]
Where = tuple[str, int] | None  # which turn, screen or step; None: what is around them

KINDS = [
    ("inbox", _("hộp tin: xếp tin vào ngăn")),
    ("chat", _("trò chuyện: chọn câu trả lời")),
    ("making", _("làm ra: viết một đoạn hoặc một bảng")),
    ("simulation", _("máy tập: bấm trên màn hình giả")),
]
CHANNELS = [
    ("sms", _("tin nhắn")),
    ("email", _("thư điện tử")),
    ("chat", _("trò chuyện trên ứng dụng")),
    ("call", _("cuộc gọi")),
    ("post", _("bài đăng trên mạng")),
]
ASKS = [
    ("must", _("có một trong các cụm")),
    ("must_not", _("không có cụm nào trong")),
    ("words", _("ít nhất số chữ")),
    ("at_most", _("nhiều nhất số chữ")),
    ("rows", _("ít nhất số dòng của bảng")),
    ("sum", _("cột có dòng cuối là tổng")),
]
ROWS = {
    "bins": _("Các ngăn"),
    "messages": _("Các tin"),
    "replies": _("Các câu trả lời"),
    "rules": _("Điều kiện của bài làm"),
    "elements": _("Những gì trên màn hình"),
    "wrong": _("Lời nói khi làm nhầm"),
}
_COUNTED = ("words", "at_most", "rows")


def sentence(label: Any) -> forms.TextField:
    """A line of text that may be a long one, seen whole."""
    return forms.TextField(label=label, max_length=LINE, required=False, widget=Textarea, attrs={"rows": 2})


def rows_in(data: Data, name: str) -> list[dict[str, Any]]:
    """The entries of a list that can be read as such."""
    listed = data.get(name)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def shown(value: Any) -> Any:
    """A value as a field shows it: an open place is empty."""
    if isinstance(value, list):
        return [str(one) for one in value if one != OPEN]
    return unwritten(value if isinstance(value, str | int) else str(value))


def shown_row(data: Data) -> dict[str, Any]:
    """What a form shows of a mapping; what it does not say, the field says by itself."""
    return {name: shown(value) for name, value in data.items() if value is not None}


def numbered(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as a form shows them, each with its id, or else the place that it had."""
    return [{**shown_row(row), "was": row.get("id", n)} for n, row in enumerate(listed)]


def practice_in(text: str) -> dict[str, Any]:
    """The practice as it stands; nothing where it cannot be read, which its page says."""
    try:
        data = plain_yaml.load(text)
    except plain_yaml.BadYaml:
        return {}
    return data if isinstance(data, dict) else {}


def part_in(practice: Data, where: Where) -> dict[str, Any] | None:
    """A turn, a screen or a step; without a place the practice itself."""
    if where is None:
        return dict(practice)
    listed = practice.get(where[0])
    found = listed[where[1]] if isinstance(listed, list) and where[1] < len(listed) else None
    return found if isinstance(found, dict) else None


def merged(old: Data, form: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """What was stored, with what was typed otherwise; keys that the form does not know stay."""
    said = dict(old)
    for name in names:
        field, typed = form.fields[name], form.cleaned_data.get(name)
        if _is_as_it_was(field, old.get(name), typed):
            continue
        if typed or (typed == 0 and typed is not False):
            said[name] = typed
        elif name in form.needed:
            said[name] = OPEN if not isinstance(typed, list) else []
        else:
            said.pop(name, None)
    return said


def _is_as_it_was(field: Any, old: Any, typed: Any) -> bool:
    """Whether somebody left a field as it was shown."""
    texts = old if isinstance(old, list) else [old]
    if old is not None and isinstance(typed, str | list) and not all(isinstance(one, str) for one in texts):
        return False
    try:
        return bool(field.clean(field.prepare_value(field.initial if old is None else shown(old))) == typed)
    except ValidationError:
        return False


class Part(forms.Form):
    """A part of a practice; `names` are keys of it, of which those `needed` stay open where nothing is typed."""

    names: ClassVar[tuple[str, ...]] = ()
    needed: ClassVar[tuple[str, ...]] = ()
    version = forms.VersionField()

    def __init__(self, *args: Any, file: DraftFile, where: Where = None, **kwargs: Any) -> None:
        self.where, self.practice = where, practice_in(file.text)
        self.old = part_in(self.practice, where) or {}
        super().__init__(*args, initial={**self.shown(), "version": file.version}, **kwargs)

    def shown(self) -> dict[str, Any]:
        """What the form shows at first."""
        return shown_row(self.old) | {name: numbered(rows_in(self.old, name)) for name in self.row_forms}

    def of_saved(self, row: Any) -> Part:
        """The same form with what is stored now."""
        return type(self)(file=row, where=self.where)

    def built(self) -> dict[str, Any]:
        """The part as the source has it."""
        said = merged(self.old, self, self.names)
        for name, rows in self.rows.items():
            listed = rows_in(self.old, name)
            filled: list[Any] = rows.filled()
            said[name] = [row.built(listed) for row in filled]
        return said

    @property
    def titled_rows(self) -> list[tuple[Any, Any]]:
        """The rows of each part that repeats, under what they are."""
        return [(ROWS[name], rows) for name, rows in self.rows.items()]

    def place(self, where: Place) -> str:
        """The field, or the field of a row, at which a fault is said."""
        parts = [str(part) for part in where]
        return ".".join(parts[:3]) if parts and parts[0] in self.rows else "".join(parts[:1])


class Row(forms.Form):
    """A row of a part. One that was there is a row until it is ticked to be removed, even where nothing is written."""

    names: ClassVar[tuple[str, ...]] = ()
    needed: ClassVar[tuple[str, ...]] = ()
    has_id: ClassVar[bool] = False
    was = forms.HiddenField()

    def has_changed(self) -> bool:
        """Whether it was there, or something was typed."""
        fields: Any = self
        typed = ((field, field.data) for field in fields if field.name not in ("DELETE", "was"))
        return bool(self["was"].data) or any(data and data != field.field.initial for field, data in typed)

    def before(self, listed: list[dict[str, Any]]) -> dict[str, Any]:
        """What the row was."""
        at = self.cleaned_data["was"]
        if at and self.has_id:  # also where somebody else took it out meanwhile
            return next((row for row in listed if str(row.get("id")) == at), {"id": at})
        return listed[int(at)] if at.isdecimal() and int(at) < len(listed) else {}

    def built(self, listed: list[dict[str, Any]]) -> dict[str, Any]:
        """The row as the source has it."""
        return merged(self.before(listed), self, self.names)


def with_ids(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """The rows, each new one with an id made of what it is called."""
    taken = [str(row["id"]) for row in rows if row.get("id")]
    for n, row in enumerate(rows):
        if not row.get("id"):
            title = "" if row[name] == OPEN else row[name]
            rows[n] = {"id": key_of(title, taken), **row}
            taken.append(rows[n]["id"])
    return rows


class BinRow(Row):
    """Where a message can be put."""

    names = needed = ("label",)
    has_id = True
    label = forms.TextField(label=_("Tên ngăn"), max_length=LINE, required=False)


class MessageRow(Row):
    """One message."""

    names = ("sender", "channel", "text", "bin", "why")
    needed = ("sender", "text", "bin", "why")
    sender = forms.TextField(label=_("Ai gửi"), max_length=LINE, required=False)
    channel = forms.ChoiceField(label=_("Qua đâu"), choices=CHANNELS, initial="sms", required=False)
    text = forms.LinesField(label=_("Nội dung tin"), max_length=TEXT, rows=3, required=False)
    bin = forms.ChoiceField(label=_("Ngăn đúng"), blank=_("Chọn ngăn"))
    why = forms.LinesField(label=_("Vì sao"), max_length=TEXT, rows=3, required=False)

    def __init__(self, *args: Any, bins: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bin"].choices = [("", _("Chọn ngăn")), *bins]  # type: ignore[attr-defined]


class InboxForm(Part):
    """Messages to sort."""

    names = needed = ("title", "intro", "done")
    row_forms = {"bins": BinRow, "messages": MessageRow}
    title = forms.TextField(label=_("Tên phần thực hành"), max_length=LINE, required=False)
    intro = forms.LinesField(label=_("Lời dẫn"), max_length=TEXT, required=False)
    done = forms.LinesField(label=_("Lời khi làm xong"), max_length=TEXT, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bins = [(str(one.get("id", "")), str(shown(one.get("label", "")))) for one in rows_in(self.old, "bins")]
        listed = [(key, label or _("Ngăn %(n)s") % {"n": n}) for n, (key, label) in enumerate(bins, 1)]
        self.rows["messages"].form_kwargs["bins"] = listed

    def built(self) -> dict[str, Any]:
        """New bins get an id."""
        said = super().built()
        return said | {"bins": with_ids(said["bins"], "label")}


class ChatForm(Part):
    """A conversation but for its turns, which have a page each."""

    names = needed = ("title", "intro", "partner", "done")
    title = forms.TextField(label=_("Tên phần thực hành"), max_length=LINE, required=False)
    intro = forms.LinesField(label=_("Lời dẫn"), max_length=TEXT, required=False)
    partner = forms.TextField(label=_("Nói chuyện với ai"), max_length=LINE, required=False)
    done = forms.LinesField(label=_("Lời khi làm xong"), max_length=TEXT, required=False)


class ReplyRow(Row):
    """One way to answer."""

    names = ("text", "good", "why")
    needed = ("text", "why")
    text = sentence(_("Câu trả lời"))
    good = forms.CheckField(label=_("Câu tốt"), required=False)
    why = sentence(_("Vì sao"))


class TurnForm(Part):
    """What the other side says, and the ways to answer."""

    names = needed = ("says",)
    row_forms = {"replies": ReplyRow}
    says = forms.LinesField(label=_("Người kia nói"), max_length=TEXT, rows=3, required=False)


class RuleRow(Row):
    """One thing that is asked of what is made."""

    names = needed = ("say",)
    asks = forms.ChoiceField(label=_("Điều kiện"), choices=ASKS, blank=_("Chọn điều kiện"))
    what = forms.ListField(
        label=_("Cụm từ (mỗi dòng một cụm), số, hoặc tên cột"), max_length=LINE, rows=3, required=False
    )
    say = sentence(_("Lời nhắc khi chưa đạt"))

    def clean(self) -> dict[str, Any]:
        """What is counted is a number; a column is one."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        asks, what = typed.get("asks"), typed.get("what")
        if asks and what is not None:
            if not what:
                self.add_error("what", _("Hãy ghi điều kiện này cần gì."))
            elif asks in _COUNTED and not (len(what) == 1 and what[0].isascii() and what[0].isdecimal()):
                self.add_error("what", _("Hãy ghi một số nguyên."))
            elif asks == "sum" and len(what) > 1:
                self.add_error("what", _("Hãy ghi tên một cột."))
        return typed

    def built(self, listed: list[dict[str, Any]]) -> dict[str, Any]:
        """The rule asks for one thing."""
        old = self.before(listed)
        asks, what = self.cleaned_data["asks"], self.cleaned_data["what"]
        if shown_rule(old) == {"asks": asks, "what": what}:
            return super().built(listed)
        value = int(what[0]) if asks in _COUNTED else what[0] if asks == "sum" else what
        kept = {name: one for name, one in super().built(listed).items() if name not in dict(ASKS) or name == asks}
        return {asks: value, **kept, **{asks: value}}


def shown_rule(rule: Data) -> dict[str, Any]:
    """What a rule asks for, as its form shows it."""
    asks = next((name for name, _label in ASKS if rule.get(name)), "")
    value = rule.get(asks)
    return {"asks": asks, "what": [str(one) for one in (value if isinstance(value, list) else [value]) if one]}


class MakingForm(Part):
    """Something to write."""

    names = ("title", "intro", "task", "facts", "columns", "rubric", "exemplar", "done")
    needed = ("title", "intro", "task", "rubric", "exemplar", "done")
    row_forms = {"rules": RuleRow}
    title = forms.TextField(label=_("Tên phần thực hành"), max_length=LINE, required=False)
    intro = forms.LinesField(label=_("Lời dẫn"), max_length=TEXT, required=False)
    task = sentence(_("Việc phải làm, một câu"))
    facts = forms.ListField(label=_("Điều cho sẵn, mỗi dòng một điều"), max_length=LINE, required=False)
    columns = forms.ListField(
        label=_("Cột của bảng, mỗi dòng một cột"), max_length=LINE, required=False,
        help_text=_("Để trống nếu viết một đoạn. Cột đầu là tên, các cột sau là số."),
    )  # fmt: skip
    rubric = forms.ListField(label=_("Điều người học tự soát, mỗi dòng một điều"), max_length=LINE, required=False)
    exemplar = forms.LinesField(
        label=_("Bài mẫu"), max_length=TEXT, rows=8, required=False,
        help_text=_("Nếu là bảng: mỗi dòng một hàng, giữa các ô có dấu |."),
    )  # fmt: skip
    done = forms.LinesField(label=_("Lời khi làm xong"), max_length=TEXT, required=False)

    def shown(self) -> dict[str, Any]:
        """A rule is shown as the one thing it asks for."""
        rules = [
            {"was": n, "say": shown(rule.get("say", "")), **shown_rule(rule)}
            for n, rule in enumerate(rows_in(self.old, "rules"))
        ]
        return super().shown() | {"rules": rules}


class KindForm(forms.Form):
    """Another kind of practice."""

    version = forms.VersionField()
    kind = forms.RadioField(label=_("Kiểu thực hành mới"), choices=KINDS)


class PlaceForm(forms.Form):
    """The button that was pressed beside a turn, a screen or a step."""

    version = forms.VersionField()
    act = forms.HiddenField()
    part = forms.HiddenField()
    at = forms.HiddenField()
