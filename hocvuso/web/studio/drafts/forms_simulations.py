"""The forms of a simulation: what is around it, a screen with its elements, a step with what is said of slips."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from hocvuso.library.source.practices import ACTS

from ...kit import forms
from .forms import LINE, TEXT
from .forms_practices import Data, Part, Place, Row, merged, rows_in, sentence, shown, with_ids

DEVICES = [("phone", _("điện thoại")), ("web", _("trang web"))]
LOOKS = [("faint", _("chữ mờ")), ("dim", _("màn hình tối")), ("mixed", _("màu lẫn vào nhau"))]
ELEMENTS = [
    ("app", _("ứng dụng")),
    ("button", _("nút")),
    ("link", _("đường dẫn")),
    ("field", _("ô để gõ")),
    ("switch", _("công tắc")),
    ("row", _("dòng")),
    ("text", _("đoạn chữ")),
    ("heading", _("tiêu đề")),
    ("picture", _("hình")),
    ("bubble", _("tin trong khung trò chuyện")),
    ("keypad", _("bàn phím số")),
    ("slider", _("thanh trượt")),
]
COLOURS = [("green", _("xanh")), ("red", _("đỏ")), ("yellow", _("vàng")), ("grey", _("xám"))]
SIDES = [("left", _("sang trái")), ("right", _("sang phải")), ("up", _("lên")), ("down", _("xuống"))]
MOVED = ("app", "button", "row", "picture")
STEPS = [
    ("tap", _("chạm")),
    ("field", _("gõ vào ô")),
    ("dial", _("bấm số")),
    ("swipe", _("vuốt")),
    ("hold", _("nhấn giữ")),
    ("drag", _("kéo thanh trượt")),
]
EFFECTS = [
    ("large-text", _("chữ to")),
    ("dark", _("nền tối")),
    ("contrast", _("tương phản cao")),
    ("greyscale", _("không màu")),
    ("bright", _("sáng hơn")),
    ("colours", _("màu dễ phân biệt")),
]
NEEDS = {
    "field": ("field", _("Muốn gõ thì chọn một ô để gõ.")),
    "dial": ("keypad", _("Muốn bấm số thì chọn một bàn phím số.")),
    "drag": ("slider", _("Muốn kéo thì chọn một thanh trượt.")),
}
ELSEWHERE = [("other", _("chỗ khác bất kỳ")), ("low", _("kéo còn thấp")), ("high", _("kéo quá cao"))]
NONE = _("không")


class SimulationForm(Part):
    """A simulation but for its screens and steps, which have a page each."""

    names = needed = ("device", "title", "intro", "done")
    device = forms.ChoiceField(label=_("Tập trên"), choices=DEVICES)
    title = forms.TextField(label=_("Tên phần thực hành"), max_length=LINE, required=False)
    intro = forms.LinesField(label=_("Lời dẫn"), max_length=TEXT, required=False)
    done = forms.LinesField(label=_("Lời khi làm xong"), max_length=TEXT, required=False)


class ElementRow(Row):
    """One thing on a screen."""

    names = ("kind", "label", "icon", "note", "colour", "swipe", "value", "secret")
    needed = ("kind", "label")
    has_id = True
    kind = forms.ChoiceField(label=_("Là gì"), choices=ELEMENTS, blank=_("Chọn một loại"))
    label = forms.TextField(label=_("Chữ trên đó"), max_length=LINE, required=False)
    icon = forms.TextField(label=_("Biểu tượng (tên trong bộ Lucide)"), max_length=60, required=False)
    note = forms.TextField(label=_("Chữ nhỏ bên dưới"), max_length=LINE, required=False)
    colour = forms.ChoiceField(label=_("Màu biểu tượng"), choices=COLOURS, blank=NONE, required=False)
    swipe = forms.ChoiceField(label=_("Vuốt được"), choices=SIDES, blank=NONE, required=False)
    value = forms.NumberField(label=_("Nấc lúc đầu, 0 đến 10"), whole=True, min_value=0, max_value=10, required=False)
    secret = forms.CheckField(label=_("Bàn phím nhập mã PIN"), required=False)

    def clean(self) -> dict[str, Any]:
        """What only some kinds of element have."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        kind = typed.get("kind")
        if not kind:
            return typed
        if typed.get("colour") and not (typed.get("icon") and kind in MOVED):
            self.add_error("colour", _("Chỉ ứng dụng, nút, dòng, hình có biểu tượng mới đặt màu được."))
        if typed.get("swipe") and kind not in MOVED:
            self.add_error("swipe", _("Chỉ vuốt được ứng dụng, nút, dòng, hình."))
        if kind == "slider" and typed.get("value") is None:
            self.add_error("value", _("Hãy ghi nấc lúc đầu của thanh trượt."))
        if kind != "slider" and typed.get("value") is not None:
            self.add_error("value", _("Chỉ thanh trượt có nấc lúc đầu."))
        if typed.get("secret") and kind != "keypad":
            self.add_error("secret", _("Chỉ bàn phím số nhập được mã PIN."))
        return typed


class ScreenForm(Part):
    """A screen of a phone, or a page of the web."""

    names = ("title", "address", "look")
    needed = ("title",)
    row_forms = {"elements": ElementRow}
    title = forms.TextField(label=_("Tên màn hình"), max_length=LINE, required=False)
    address = forms.TextField(label=_("Địa chỉ trang web"), max_length=LINE, required=False)
    look = forms.ChoiceField(label=_("Khó nhìn vì"), choices=LOOKS, blank=NONE, required=False)

    def built(self) -> dict[str, Any]:
        """New elements get an id."""
        said = super().built()
        return said | {"elements": with_ids(said["elements"], "label")}


class SlipRow(Row):
    """What is said of a slip: of an element, of a number, or of anything else."""

    which = forms.ChoiceField(label=_("Khi chạm nhầm"), blank=_("Chọn một chỗ"), required=False)
    number = forms.TextField(label=_("Hoặc khi bấm nhầm số"), max_length=15, required=False)
    says = sentence(_("Thì nói"))

    def __init__(self, *args: Any, places: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["which"].choices = [("", _("Chọn một chỗ")), *places]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One place, or one number; and something is said."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("DELETE"):
            return typed
        if bool(typed.get("which")) == bool(typed.get("number")) and "which" in typed and "number" in typed:
            self.add_error("which", _("Hãy chọn một chỗ, hoặc ghi một số."))
        if "says" in typed and not typed["says"]:
            self.add_error("says", _("Hãy ghi lời nói khi làm nhầm."))
        return typed


class StepForm(Part):
    """One thing to do on a screen."""

    names = ("say", "type", "at_least", "at_most", "effect", "hint", "ok")
    needed = ("say", "hint", "ok")
    row_forms = {"wrong": SlipRow}
    say = sentence(_("Lời bảo làm"))
    target = forms.ChoiceField(label=_("Làm với"), blank=_("Chọn chỗ trên màn hình"))
    act = forms.ChoiceField(label=_("Làm gì"), choices=STEPS, blank=_("Chọn việc"))
    type = forms.ListField(
        label=_("Chữ hoặc số được chấp nhận, mỗi dòng một cách"), max_length=LINE, rows=3, required=False,
        help_text=_("Chỉ ghi khi gõ vào ô hoặc bấm số."),
    )  # fmt: skip
    at_least = forms.NumberField(
        label=_("Kéo đến ít nhất nấc"), whole=True, min_value=0, max_value=10, required=False,
        help_text=_("Chỉ ghi khi kéo thanh trượt."),
    )  # fmt: skip
    at_most = forms.NumberField(
        label=_("Kéo đến nhiều nhất nấc"), whole=True, min_value=0, max_value=10, required=False
    )
    effect = forms.ChoiceField(label=_("Làm xong thì máy"), choices=EFFECTS, blank=_("như cũ"), required=False)
    hint = sentence(_("Gợi ý"))
    ok = sentence(_("Lời khen khi làm đúng"))
    field_order = ["say", "target", "act"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places, gone = places_in(self.practice), self._gone()
        fields: Any = self.fields
        target = self.initial["target"]
        fields["target"].choices = [("", _("Chọn chỗ trên màn hình")), *places, *([gone] if target == gone[0] else [])]
        slips = [(one["which"], one["which"]) for one in self.initial["wrong"] if one["which"]]
        offered = {key for _label, several in places for key, _name in several} | {key for key, _name in ELSEWHERE}
        self.rows["wrong"].form_kwargs["places"] = [
            *ELSEWHERE,
            *places,
            *((key, _("%(id)s (không còn)") % {"id": key}) for key, _name in slips if key not in offered),
        ]

    def _gone(self) -> tuple[str, Any]:
        """The target of the step, as a choice for where it is not there any more."""
        target = self.initial["target"]
        known = {key for _label, several in places_in(self.practice) for key, _name in several}
        return ("", "") if target in known else (target, _("%(id)s (không còn)") % {"id": target})

    def shown(self) -> dict[str, Any]:
        """The act and its target by themselves; a slip is shown as the place or the number that it is of."""
        old, screen = self.old, self.old.get("screen", "")
        act = next((name for name in ACTS if old.get(name)), "")
        wrong = old.get("wrong")
        slips = [self._slip(key, says) for key, says in wrong.items()] if isinstance(wrong, dict) else []
        target = f"{screen}/{old.get(act)}" if act else ""
        return super().shown() | {"act": act, "target": target, "wrong": slips}

    def _slip(self, key: Any, says: Any) -> dict[str, Any]:
        name, screen = str(key), self.old.get("screen", "")
        elements = {str(one.get("id")) for one in elements_of(self.practice, screen)}
        is_number = set(name) <= set("0123456789*#") and name not in elements
        which = name if name in dict(ELSEWHERE) else f"{screen}/{name}"
        return {
            "was": name,
            "which": "" if is_number else which,
            "number": name if is_number else "",
            "says": shown(says),
        }

    def clean(self) -> dict[str, Any]:
        """What goes with what."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        act, target = typed.get("act"), typed.get("target")
        if target:
            self._judge_slips(target)
        if act and target:
            self._judge_act(act, target)
        if act in ("field", "dial"):
            self._judge_texts(act, typed.get("type"))
        elif act and typed.get("type"):
            self.add_error("type", _("Chỉ ghi khi gõ vào ô hoặc bấm số."))
        levels = [typed.get(name) for name in ("at_least", "at_most")]
        if act and act != "drag" and levels != [None, None]:
            self.add_error("at_least", _("Chỉ ghi khi kéo thanh trượt."))
        elif act == "drag":
            low, high = levels[0] or 0, 10 if levels[1] is None else levels[1]
            if (low, high) == (0, 10) or low > high:
                self.add_error("at_least", _("Hãy ghi kéo đến nấc nào: từ ít nhất đến nhiều nhất."))
        return typed

    def _judge_slips(self, target: str) -> None:
        """A slip is on the screen of the step."""
        screen = target.partition("/")[0]
        rows: Any = self.rows["wrong"].forms
        for row in rows:
            which = row.cleaned_data.get("which", "") if row.is_valid() else ""
            if "/" in which and which.partition("/")[0] != screen:
                row.add_error("which", _("Chỗ này ở màn hình khác."))

    def _judge_act(self, act: str, target: str) -> None:
        screen, _slash, element = target.partition("/")
        kinds = {str(one.get("id")): one.get("kind") for one in elements_of(self.practice, screen)}
        kind = kinds.get(element)
        if act in NEEDS and kind != NEEDS[act][0]:
            self.add_error("target", NEEDS[act][1])
        elif act not in NEEDS and kind in {needed for needed, _what in NEEDS.values()}:
            self.add_error("act", _("Ô để gõ, bàn phím số và thanh trượt có việc riêng: gõ, bấm số, kéo."))

    def _judge_texts(self, act: str, texts: list[str] | None) -> None:
        if texts == []:
            self.add_error("type", _("Hãy ghi ít nhất một cách được chấp nhận."))
        elif act == "dial" and any(len(text) > 15 or not set(text) <= set("0123456789*#") for text in texts or ()):
            self.add_error("type", _("Bàn phím chỉ bấm được 0 đến 9, * và #, nhiều nhất 15 số."))

    def built(self) -> dict[str, Any]:
        """The step with one act."""
        screen, _slash, element = self.cleaned_data["target"].partition("/")
        act = self.cleaned_data["act"]
        said = merged(self.old, self, self.names)
        if self.initial["target"] != f"{screen}/{element}" or self.initial["act"] != act:
            said = {key: value for key, value in said.items() if key == act or key not in ACTS}
            said |= {"screen": screen, act: element}
        wrong = self._wrong(said.get("wrong"))
        return {**said, "wrong": wrong} if wrong else {key: value for key, value in said.items() if key != "wrong"}

    def _wrong(self, old: Any) -> dict[str, Any]:
        before = old if isinstance(old, dict) else {}
        found = {}
        filled: list[Any] = self.rows["wrong"].filled()
        for row in filled:
            typed = row.cleaned_data
            key = typed["number"] or typed["which"].rpartition("/")[2]
            was = before.get(typed["was"])
            found[key] = was if isinstance(was, str) and shown(was).strip() == typed["says"] else typed["says"]
        return found

    def place(self, where: Place) -> str:
        """An act is a choice here; a slip is a row."""
        if where and where[0] == "wrong" and len(where) > 1:
            return f"wrong.{list(self._wrong(None)).index(str(where[1]))}.says"
        return (
            "act"
            if where and where[0] in ACTS
            else "target"
            if where and where[0] == "screen"
            else super().place(where)
        )


def elements_of(practice: Data, screen: Any) -> list[dict[str, Any]]:
    """The elements of a screen."""
    found = next((one for one in rows_in(practice, "screens") if one.get("id") == screen), {})
    return rows_in(found, "elements")


def places_in(practice: Data) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every element, by its screen: what a list of choices shows."""
    return [
        (
            str(shown(screen.get("title", "")) or screen.get("id")),
            [
                (f"{screen.get('id')}/{one.get('id')}", str(shown(one.get("label", "")) or one.get("id")))
                for one in rows_in(screen, "elements")
            ],
        )
        for screen in rows_in(practice, "screens")
    ]
