"""The forms of drafts: a programme, its outcomes, a lesson's head and text, questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _

from hocvuso.authoring.editing import head_of
from hocvuso.authoring.importing import MOST_BYTES as MAX_DOCUMENT_BYTES
from hocvuso.authoring.pictures import KINDS
from hocvuso.authoring.queries import Outline, rows_of
from hocvuso.base import plain_yaml
from hocvuso.library.services import WhichUnit
from hocvuso.library.source.checks import MAX_PICTURE_BYTES, OPEN
from hocvuso.skills.models import Audience, Competency
from hocvuso.units.models import Unit

from ...kit import forms
from ...kit.templatetags.kit import or_en

LINE, TEXT = 300, 1500  # letters, as the source has them (Line, Text)
USES = [("check", _("trong bài, có lời giải ngay")), ("test", _("bài kiểm tra"))]
TYPES = [("choice", _("chọn một")), ("multi", _("chọn nhiều")), ("order", _("sắp xếp"))]
DIFFICULTIES = [("easy", _("dễ")), ("medium", _("vừa")), ("hard", _("khó"))]
LICENCES = [(one, one) for one in ("CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0")]


def unwritten(value: Any) -> Any:
    """A value as a form shows it: an open place is empty."""
    return "" if value == OPEN else value


def or_open(value: Any) -> Any:
    """A value as the source has it: what is not written is an open place."""
    return value or OPEN


class NewForm(forms.Form):
    """A new programme: what it is called, for whom, and where one writes for several units, of which."""

    once = forms.OnceField()
    unit = forms.UnitField(
        label=_("Bản soạn của đơn vị"), blank=_("Chọn đơn vị"), error_messages={"required": WhichUnit.says}
    )
    title = forms.TextField(label=_("Tên chương trình"), max_length=LINE)
    audience = forms.ChoiceField(label=_("Dạy cho ai"), blank=_("Chọn người học"))

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        own = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        super().__init__(*args, within={"unit": own}, **kwargs)
        self.fields["audience"].choices = [("", _("Chọn người học")), *_audiences()]  # type: ignore[attr-defined]
        if len(units) < 2:
            del self.fields["unit"]


class FromEditionForm(forms.Form):
    """To go on from an edition; where one writes for several units, of which."""

    once = forms.OnceField()
    unit = forms.UnitField(label=_("Bản soạn của đơn vị"), blank=_("Chọn đơn vị"))

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        own = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        super().__init__(*args, within={"unit": own}, **kwargs)
        if len(units) < 2:
            del self.fields["unit"]


def _audiences() -> list[tuple[str, str]]:
    return [(one.key, or_en(one.title, one.title_en)) for one in Audience.objects.all()]


class ActForm(forms.Form):
    """The button that was pressed, and on which lesson."""

    act = forms.HiddenField()
    lesson = forms.HiddenField()


class ProgrammeForm(forms.Form):
    """The head of a programme; English may come later, before it is sent for review."""

    version = forms.VersionField()
    title = forms.TextField(label=_("Tên chương trình"), max_length=LINE)
    title_en = forms.TextField(label=_("Tên bằng tiếng Anh"), max_length=LINE, required=False)
    summary = forms.LinesField(label=_("Giới thiệu"), max_length=TEXT, required=False)
    summary_en = forms.LinesField(label=_("Giới thiệu bằng tiếng Anh"), max_length=TEXT, required=False)
    audience = forms.ChoiceField(label=_("Dạy cho ai"))
    authors = forms.TextField(label=_("Tác giả"), max_length=LINE)
    licence = forms.ChoiceField(label=_("Giấy phép"), choices=LICENCES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = _audiences()  # type: ignore[attr-defined]

    @classmethod
    def values_of(cls, row: Any) -> dict[str, Any]:
        """What the file says."""
        data = _loaded(row.text)
        return {name: unwritten(data.get(name)) for name in cls.base_fields} | {"version": row.version}

    def arguments(self) -> dict[str, Any]:
        """What is not written stays an open place."""
        typed = super().arguments()
        may_wait = ("title_en", "summary", "summary_en")
        return typed | {name: or_open(typed[name]) for name in may_wait}


class OutcomeRow(forms.Form):
    """One outcome: its code, the competency and the tier it stands at, what a learner can do then."""

    code = forms.TextField(label=_("Mã"), max_length=7, attrs={"placeholder": "AN-01"})
    competency = forms.ChoiceField(label=_("Năng lực"), blank=_("Chọn năng lực"))
    tier = forms.NumberField(label=_("Bậc"), whole=True, min_value=1, max_value=8)
    can_do = forms.TextField(label=_("Học xong làm được gì"), max_length=LINE)
    can_do_en = forms.TextField(label=_("Làm được gì, bằng tiếng Anh"), max_length=LINE, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Competency.objects.select_related("domain__framework").order_by("domain__framework__key", "position")
        listed = [(c.reference, f"{c.code} {or_en(c.title, c.title_en)}") for c in rows]
        self.fields["competency"].choices = [("", _("Chọn năng lực")), *listed]  # type: ignore[attr-defined]


class OutcomesForm(forms.Form):
    """The outcomes of a programme."""

    row_forms = {"outcomes": OutcomeRow}
    version = forms.VersionField()

    @classmethod
    def values_of(cls, row: Any) -> dict[str, Any]:
        """What the file says."""
        listed = rows_of(_loaded(row.text).get("outcomes"))
        shown = [{name: unwritten(value) for name, value in one.items()} for one in listed]
        return {"outcomes": shown, "version": row.version}

    def arguments(self) -> dict[str, Any]:
        """What is not written in English stays an open place."""
        typed = super().arguments()
        rows = [{**row, "can_do_en": or_open(row["can_do_en"])} for row in typed["outcomes"]]
        return typed | {"outcomes": rows}


class LessonAddForm(forms.Form):
    """A new lesson: its title, what it is for, in which module or in a new one."""

    NEW = "+"
    once = forms.OnceField()
    title = forms.TextField(label=_("Tên bài"), max_length=LINE)
    outcome = forms.ChoiceField(label=_("Để làm được gì"), blank=_("Chọn yêu cầu cần đạt"))
    module = forms.ChoiceField(label=_("Trong chương"))
    module_title = forms.TextField(
        label=_("Tên chương mới"), max_length=LINE, required=False, help_text=_("Chỉ ghi khi chọn “Chương mới”.")
    )

    def __init__(self, *args: Any, known: Outline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = [(one["code"], f"{one['code']}: {one.get('can_do', '')}") for one in known.outcomes]
        modules = [(str(one.get("key")), str(one.get("title"))) for one in known.modules]
        fields: Any = self.fields
        fields["outcome"].choices = [("", _("Chọn yêu cầu cần đạt")), *outcomes]
        fields["module"].choices = [*modules, (self.NEW, _("Chương mới"))]

    def clean(self) -> dict[str, Any]:
        """A new module has a title."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("module") == self.NEW and not typed.get("module_title"):
            self.add_error("module_title", _("Hãy ghi tên chương."))
        return typed


class LessonImportForm(LessonAddForm):
    """A new lesson from a document; without a title it has the document's."""

    file = forms.FileField(
        label=_("Tài liệu"),
        most=MAX_DOCUMENT_BYTES,
        help_text=_("Word (.docx), PowerPoint (.pptx), LibreOffice (.odt), PDF, EPUB, HTML, Markdown; đến 20 MB."),
        attrs={"accept": ".docx,.pptx,.odt,.pdf,.epub,.html,.htm,.md,.txt"},
    )
    title = forms.TextField(
        label=_("Tên bài"), max_length=LINE, required=False, help_text=_("Để trống thì lấy tên trong tài liệu.")
    )
    field_order = ["file", "title", "outcome", "module", "module_title"]


class LessonTextForm(forms.Form):
    """The text of a lesson, and what it was when its author began (`base`): two people's changes are put together."""

    version = forms.VersionField()
    base = forms.ExactField(required=False, widget=HiddenInput)
    text = forms.ExactField(label=_("Nội dung bài"), rows=24)


class FileForm(forms.Form):
    """A file of a draft as plain text."""

    version = forms.VersionField()
    text = forms.ExactField(label=_("Nội dung tệp"), rows=30, attrs={"spellcheck": "false", "class": "code"})

    @classmethod
    def values_of(cls, row: Any) -> dict[str, Any]:
        """What the file says."""
        return {"text": row.text, "version": row.version}


class PictureForm(forms.Form):
    """A picture for a lesson."""

    once = forms.OnceField()
    file = forms.FileField(label=_("Hình"), kinds=KINDS, most=MAX_PICTURE_BYTES)


class SourceRow(forms.Form):
    """Where a fact of law or procedure comes from."""

    title = forms.TextField(label=_("Nguồn"), max_length=LINE)
    issuer = forms.TextField(label=_("Nơi ban hành"), max_length=LINE)
    date = forms.TextField(label=_("Ngày ban hành"), max_length=40, required=False)
    url = forms.TextField(label=_("Địa chỉ"), max_length=500, required=False, attrs={"inputmode": "url"})
    checked = forms.DayField(label=_("Đọc lại ngày"), required=False)

    @property
    def said(self) -> dict[str, Any]:
        """The row as the source has it."""
        return {name: value for name, value in self.cleaned_data.items() if value and name != "DELETE"}


class PictureRow(forms.Form):
    """Whose a picture is, and under which licence."""

    name = forms.TextField(label=_("Tệp hình"), max_length=100)
    source = forms.TextField(label=_("Nguồn hình"), max_length=LINE)
    licence = forms.ChoiceField(label=_("Giấy phép"), choices=LICENCES)


class HeadForm(forms.Form):
    """What stands before a lesson's text."""

    row_forms = {"sources": SourceRow, "pictures": PictureRow}
    version = forms.VersionField()
    title = forms.TextField(label=_("Tên bài"), max_length=LINE)
    title_en = forms.TextField(label=_("Tên bằng tiếng Anh"), max_length=LINE, required=False)
    promise = forms.TextField(label=_("Lời hứa: sau bài này bạn…"), max_length=LINE, required=False)
    promise_en = forms.TextField(label=_("Lời hứa bằng tiếng Anh"), max_length=LINE, required=False)
    goal = forms.TextField(label=_("Việc muốn làm, vài chữ"), max_length=LINE, required=False)
    goal_en = forms.TextField(label=_("Việc muốn làm, bằng tiếng Anh"), max_length=LINE, required=False)
    tonight = forms.TextField(label=_("Tối nay thử"), max_length=LINE, required=False)
    tonight_en = forms.TextField(label=_("Tối nay thử, bằng tiếng Anh"), max_length=LINE, required=False)
    icon = forms.TextField(label=_("Biểu tượng"), max_length=60, help_text=_("Tên trong bộ Lucide, ví dụ phone-call."))
    outcomes = forms.ChoicesField(label=_("Yêu cầu cần đạt"))
    legal = forms.CheckField(label=_("Bài nêu quy định hoặc thủ tục, nên phải dẫn nguồn"), required=False)
    words = forms.ListField(
        label=_("Chữ người ta hay gõ khi tìm bài này, mỗi dòng một cụm"), max_length=LINE, required=False
    )

    def __init__(self, *args: Any, known: Outline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(one["code"], f"{one['code']}: {one.get('can_do', '')}") for one in known.outcomes]
        self.known = known
        self.fields["outcomes"].choices = listed  # type: ignore[attr-defined]

    def of_saved(self, row: Any) -> HeadForm:
        """The same form with what is stored now."""
        return type(self)(row=row, known=self.known)

    @classmethod
    def values_of(cls, row: Any) -> dict[str, Any]:
        """What the head of the lesson says."""
        data = _loaded(head_of(row.text))
        shown = {name: unwritten(data.get(name)) for name in cls.base_fields}
        pictures = data.get("pictures") if isinstance(data.get("pictures"), dict) else {}
        rows = [{"name": name, **about} for name, about in (pictures or {}).items() if isinstance(about, dict)]
        shown |= {name: _lines(data.get(name)) for name in ("outcomes", "words")}
        return shown | {"version": row.version, "sources": rows_of(data.get("sources")), "pictures": rows}

    def arguments(self) -> dict[str, Any]:
        """The keys of the head; what is not written stays open, what may be left out is left out."""
        typed = super().arguments()
        for name in ("title_en", "promise", "promise_en", "goal", "goal_en"):
            typed[name] = or_open(typed[name])
        for name in ("tonight", "tonight_en", "words"):
            typed[name] = typed[name] or None
        typed["sources"] = [row.said for row in self.rows["sources"].filled()] or None  # type: ignore[attr-defined]
        about = {row["name"]: {"source": row["source"], "licence": row["licence"]} for row in typed["pictures"]}
        return typed | {"pictures": about or None}


class OptionRow(forms.Form):
    """One option of a question."""

    text = forms.TextField(label=_("Phương án"), max_length=LINE)
    right = forms.CheckField(label=_("Đúng"), required=False)
    why = forms.TextField(label=_("Vì sao"), max_length=LINE, required=False)


class ItemForm(forms.Form):
    """A question of a lesson."""

    row_forms = {"options": OptionRow}
    version = forms.VersionField()
    use = forms.ChoiceField(label=_("Dùng để"), choices=USES)
    type = forms.ChoiceField(label=_("Kiểu câu hỏi"), choices=TYPES)
    outcome = forms.ChoiceField(label=_("Để đo"))
    difficulty = forms.ChoiceField(label=_("Độ khó"), choices=DIFFICULTIES)
    stem = forms.LinesField(label=_("Câu hỏi"), max_length=TEXT, rows=3)
    sequence = forms.ListField(
        label=_("Các bước theo thứ tự đúng, mỗi dòng một bước"), max_length=LINE, required=False,
        help_text=_("Chỉ cho câu sắp xếp."),
    )  # fmt: skip
    why = forms.LinesField(label=_("Lời giải"), max_length=TEXT, rows=3)

    def __init__(self, *args: Any, known: Outline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(one["code"], f"{one['code']}: {one.get('can_do', '')}") for one in known.outcomes]
        self.fields["outcome"].choices = listed  # type: ignore[attr-defined]

    def item(self, key: str) -> dict[str, Any]:
        """The question as the source has it."""
        typed = self.arguments()
        said: dict[str, Any] = {"key": key}
        said |= {name: typed[name] for name in ("use", "type", "outcome", "difficulty", "stem")}
        options = [{n: v for n, v in row.items() if v} for row in typed["options"]]
        if typed["type"] == "order":
            said["sequence"] = typed["sequence"]
        else:
            said["options"] = options
        return said | {"why": typed["why"]}


def shown_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows of a question."""
    options = [{name: unwritten(value) for name, value in one.items()} for one in rows_of(item.get("options"))]
    shown = {name: unwritten(value) for name, value in item.items()}
    return shown | {"options": options, "sequence": _lines(item.get("sequence"))}


def _lines(data: Any) -> list[str]:
    """What a source holds where lines should stand."""
    return [str(unwritten(one)) for one in data] if isinstance(data, list) else []


def _loaded(text: str) -> dict[str, Any]:
    try:
        data = plain_yaml.load(text)
    except plain_yaml.BadYaml:  # told on the page of the draft
        return {}
    return data if isinstance(data, dict) else {}
