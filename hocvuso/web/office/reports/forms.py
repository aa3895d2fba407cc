"""The forms of reporting: a report and its decision, questions about a figure, regimes, reviews, the filter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.forms import BoundField
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.base import attachments, periods
from hocvuso.indicators.models import Indicator
from hocvuso.people.models import Person
from hocvuso.plans.models import Plan
from hocvuso.reports.models import FigureMessage, Regime, Report, ReportFigure, ReportSection, Review
from hocvuso.reports.rules import DueCounts, ReportState, word_count
from hocvuso.reports.services import reporting, reviews
from hocvuso.reports.services.regimes import MAX_DUE_DAYS, RegimeTerms
from hocvuso.reports.services.reporting import Declared, Evidence, TooLong, Writing
from hocvuso.units.models import Unit

from ...kit import forms
from ...kit.forms import max_of
from ...kit.templatetags.kit import or_en

LONGEST_TEXT = 50_000  # of a section
MOST_WORDS = 100_000  # that a regime may allow in one
MOST_FILES = 20  # at once
TABS = [("can-lap", ""), ("cho-nhan", ""), ("cap-duoi", ""), ("tat-ca", "")]


class ReportForm(forms.Form):
    """What a unit writes in a report: fields of each figure and of each section, named by their keys."""

    version = forms.VersionField()
    do = forms.HiddenField()  # the button: hand it in, or only save

    def __init__(self, *args: Any, row: Report, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.figures: list[ReportFigure] = list(row.figures.select_related("indicator"))
        self.sections: list[ReportSection] = list(row.sections.all())
        summing = row.children.exists()
        for figure in self.figures:
            self.fields |= dict(_of_figure(figure, summing))
        for section in self.sections:
            self.fields |= dict(_of_section(section))

    @classmethod
    def values_of(cls, row: Report) -> dict[str, Any]:
        shown: dict[str, Any] = {"version": row.version}
        for figure in row.figures.all():
            shown[f"comment-{figure.pk}"] = figure.comment
            shown |= {f"{part}-{figure.pk}": getattr(figure, f"own_{part}") for part in PARTS}
        return shown | {f"section-{section.key}": section.text for section in row.sections.all()}

    def clean(self) -> dict[str, Any]:
        for section in self.sections:
            words = word_count(self.cleaned_data.get(f"section-{section.key}", ""))
            if section.max_words and words > section.max_words:
                self.add_error(f"section-{section.key}", str(TooLong(words=words, limit=section.max_words)))
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        # What was not sent stays as it is: a field that is not on the page empties nothing.
        said = {name: value for name, value in self.cleaned_data.items() if name in self.data}
        return {
            "version": self.cleaned_data["version"],
            "writing": Writing(
                texts={s.key: said[name] for s in self.sections if (name := f"section-{s.key}") in said},
                comments={f.pk: said[name] for f in self.figures if (name := f"comment-{f.pk}") in said},
                declared={f.pk: Declared(**parts) for f in self.figures if (parts := _declared(f.pk, said))},
                evidence=list(self._evidence()),
            ),
        }

    def _evidence(self) -> Iterator[Evidence]:
        places: list[tuple[str, ReportFigure | ReportSection]] = [(f"file-figure-{f.pk}", f) for f in self.figures]
        places += [(f"file-section-{s.key}", s) for s in self.sections]
        for name, place in places:
            for file in self.cleaned_data.get(name, ()):
                yield Evidence(place, file.name or "", file.read())

    def of_figure(self, figure: ReportFigure) -> list[BoundField]:
        """The fields of what the unit declares for a figure."""
        names = (f"{part}-{figure.pk}" for part in (*PARTS, "file-figure"))
        return [self[name] for name in names if name in self.fields]


PARTS = ("value", "numerator", "denominator")


def _of_figure(figure: ReportFigure, summing: bool) -> Iterator[tuple[str, Any]]:
    title, key = or_en(figure.indicator.title, figure.indicator.title_en), figure.pk
    if figure.needs_pair:
        for part, said in (("numerator", _t("%(figure)s: tử số")), ("denominator", _t("%(figure)s: mẫu số"))):
            yield f"{part}-{key}", forms.NumberField(label=said % {"figure": title}, required=False, percent=False)
    elif figure.is_declared:
        said = _t("%(figure)s: của riêng đơn vị khai") if summing else _t("%(figure)s: số khai")
        yield (
            f"value-{key}",
            forms.NumberField(
                label=said % {"figure": title},
                whole=figure.indicator.decimals == 0,
                percent=figure.indicator.is_share,
                min_value=figure.indicator.minimum,
                max_value=figure.indicator.maximum,
                required=False,
            ),
        )
    if figure.is_declared:
        yield f"file-figure-{key}", _files(_t("%(figure)s: minh chứng") % {"figure": title})
    note = _t("%(figure)s: ghi chú") % {"figure": title}
    yield f"comment-{key}", forms.TextField(label=note, max_length=max_of(ReportFigure, "comment"), required=False)


def _of_section(section: ReportSection) -> Iterator[tuple[str, Any]]:
    hint = _t("Không quá %(n)s từ.") % {"n": section.max_words} if section.max_words else ""
    text = forms.LinesField(label=section.title, help_text=hint, max_length=LONGEST_TEXT, rows=6, required=False)
    yield f"section-{section.key}", text
    yield f"file-section-{section.key}", _files(_t("%(section)s: tệp kèm theo") % {"section": section.title})


def _files(label: str) -> forms.FilesField:
    return forms.FilesField(label=label, most=attachments.MAX_BYTES, most_files=MOST_FILES, required=False)


def _declared(key: UUID, said: dict[str, Any]) -> dict[str, float | None]:
    given = {part: said[f"{part}-{key}"] for part in PARTS if f"{part}-{key}" in said}
    return {part: None if number is None else float(number) for part, number in given.items()}


def _accept(*, report: Report, by: Person, version: int | None, **_notes: Any) -> Report:
    return reporting.accept(report=report, by=by, version=version)


class DecideForm(forms.StepForm):
    """Take a report in, or return it with a reason and notes beside its figures."""

    html_names = {"step": "do"}
    steps = {"accept": _accept, "return": reporting.return_for_revision}
    version = forms.VersionField()
    note = forms.LinesField(label=_("Lý do, nếu trả lại"), max_length=max_of(Report, "note"), rows=3, required=False)

    def __init__(self, *args: Any, row: Report, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.keys: dict[str, UUID] = {}
        for figure in row.figures.select_related("indicator"):
            title = or_en(figure.indicator.title, figure.indicator.title_en)
            self.keys[f"note-{figure.pk}"] = figure.pk
            self.fields[f"note-{figure.pk}"] = forms.TextField(
                label=_t("%(figure)s: yêu cầu sửa") % {"figure": title},
                max_length=max_of(ReportFigure, "return_note"),
                required=False,
            )

    @classmethod
    def values_of(cls, row: Report) -> dict[str, Any]:
        return {"version": row.version}

    def arguments(self) -> dict[str, Any]:
        notes = {key: self.cleaned_data[name] for name, key in self.keys.items()}
        return {name: self.cleaned_data[name] for name in ("version", "note")} | {"figure_notes": notes}


class ReportsFilter(forms.FilterForm):
    """Reports by regime, period, state, lateness, unit with all beneath it, words of the unit's name."""

    html_names = {
        "tab": "xem", "text": "q", "regime": "che-do", "period": "ky", "state": "trang-thai", "late": "muon",
        "overdue": "qua-han", "unit": "don-vi",
    }  # fmt: skip
    tab = forms.ChoiceField(label=_("Xem báo cáo nào"), choices=TABS)
    unit = forms.UnitField(label=_("Đơn vị"))
    text = forms.TextField(label=_("Đơn vị"), max_length=100, attrs={"type": "search"})
    regime = forms.RowField(label=_("Chế độ"), blank=_("Tất cả"))
    period = forms.ChoiceField(label=_("Kỳ"))
    state = forms.ChoiceField(label=_("Trạng thái"), choices=ReportState, blank=_("Tất cả"))
    late = forms.CheckField(label=_("Chỉ báo cáo muộn"))
    overdue = forms.CheckField(label=_("Chỉ báo cáo quá hạn chưa nộp"))

    def __init__(self, *args: Any, periods: Sequence[periods.Period] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = [("", _("Tất cả")), *((period.code, str(period)) for period in periods)]
        self.fields["period"].choices = choices  # type: ignore[attr-defined]


class AcceptForm(forms.Form):
    """Those marked, as they were seen; or all that the filters choose."""

    html_names = {"reports": "bao-cao", "everything": "tat-ca"}
    reports = forms.SeenRowsField(label=_("Báo cáo"), required=False)
    everything = forms.HiddenField()


class AskForm(forms.Form):
    """A question about a figure."""

    once = forms.OnceField()
    text = forms.LinesField(label=_("Câu hỏi mới"), max_length=max_of(FigureMessage, "text"), rows=3)


class AnswerForm(forms.Form):
    """What is said to a question; or, with no words, that it is settled."""

    once = forms.OnceField()
    do = forms.HiddenField()
    text = forms.LinesField(label=_("Trả lời"), max_length=max_of(FigureMessage, "text"), rows=2, required=False)


class OpenForm(forms.Form):
    """Which period is opened now: the one that today lies in, or the one before."""

    html_names = {"period": "ky"}
    period = forms.ChoiceField(label=_("Mở ngay một kỳ"))

    def __init__(self, *args: Any, periods: Sequence[periods.Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [(period.code, str(period)) for period in periods]  # type: ignore[attr-defined]


class SectionForm(forms.Form):
    """One section of narrative that a regime asks for."""

    title = forms.TextField(label=_("Tên mục"), max_length=max_of(ReportSection, "title"))
    max_words = forms.NumberField(
        label=_("Số từ tối đa"), whole=True, min_value=0, max_value=MOST_WORDS, required=False
    )
    required = forms.CheckField(label=_("bắt buộc"), required=False)


def _indicators() -> list[tuple[str, str]]:
    found = Indicator.objects.current().order_by("title")
    return [(i.key, f"{or_en(i.title, i.title_en)} ({i.get_kind_display()})") for i in found]


class RegimeForm(forms.Form):
    """What a regime says: who reports, when, what."""

    row_forms = {"sections": SectionForm}
    version = forms.VersionField()
    title = forms.TextField(label=_("Tên chế độ báo cáo"), max_length=max_of(Regime, "title"))
    basis = forms.TextField(label=_("Căn cứ (văn bản quy định)"), max_length=max_of(Regime, "basis"), required=False)
    kinds = forms.ChoicesField(label=_("Loại đơn vị"), choices=Unit.Kind, attrs={"class": "checks"}, required=False)
    units = forms.TextField(
        label=_("Thêm đơn vị theo mã"),
        help_text=_("Mã cách nhau bằng dấu phẩy hoặc dấu cách."),
        max_length=50_000,
        required=False,
    )
    issuer_reports = forms.CheckField(
        label=_("Đơn vị ban hành cũng có báo cáo, tổng hợp từ các đơn vị"), required=False
    )
    period_type = forms.ChoiceField(label=_("Kỳ báo cáo"), choices=periods.PeriodType)
    due_days = forms.NumberField(
        label=_("Hạn nộp: số ngày sau khi hết kỳ"), whole=True, min_value=0, max_value=MAX_DUE_DAYS
    )
    due_counts = forms.ChoiceField(label=_("Tính theo"), choices=DueCounts)
    opens_days = forms.NumberField(
        label=_("Mở trước khi hết kỳ (ngày)"), whole=True, min_value=0, max_value=MAX_DUE_DAYS
    )
    starts_on = forms.DayField(label=_("Áp dụng từ ngày"))
    ends_on = forms.DayField(label=_("Đến ngày (để trống nếu chưa định)"), required=False)
    indicators = forms.ChoicesField(label=_("Chỉ số"), choices=_indicators, attrs={"class": "checks"}, required=False)
    active = forms.CheckField(label=_("Đang áp dụng"), required=False)

    @classmethod
    def values_of(cls, row: Regime) -> dict[str, Any]:
        codes = " ".join(row.units.values_list("code", flat=True))
        return super().values_of(row) | {"units": codes, "sections": row.sections}

    def clean(self) -> dict[str, Any]:
        issuer = self.issued_by
        if issuer and "units" in self.cleaned_data:
            codes = self.cleaned_data["units"].replace(",", " ").replace(";", " ").split()
            found = {unit.code: unit for unit in Unit.objects.under(issuer).filter(code__in=codes)}
            if strange := [code[:40] for code in codes if code not in found]:
                says = _t("Không có đơn vị trực thuộc nào mang mã %(code)s.") % {"code": ", ".join(strange[:5])}
                self.add_error("units", says)
            self.cleaned_data["units"] = list(found.values())
        return self.cleaned_data

    @property
    def issued_by(self) -> Unit | None:
        """The unit whose regime it is."""
        found: Unit | None = self.row.issuer if self.row else self.cleaned_data.get("issuer")
        return found

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        typed.pop("issuer", None)
        version = typed.pop("version")
        sections = [(row["title"], row["required"], row["max_words"] or 0) for row in typed.pop("sections")]
        return {"issuer": self.issued_by, "version": version, "terms": RegimeTerms(sections=sections, **typed)}


class NewRegimeForm(RegimeForm):
    """A regime that one of one's units issues."""

    once = forms.OnceField()
    field_order = ["title", "basis", "issuer"]
    issuer = forms.UnitField(label=_("Đơn vị ban hành"))


class PlanField(forms.RowField):
    """A plan with its unit."""

    def label_from_instance(self, plan: Plan) -> str:
        return f"{plan} · {or_en(plan.unit.name, plan.unit.name_en)}"


class PlanAsked(forms.FilterForm):
    """The plan from whose page one comes."""

    html_names = {"plan": "ke-hoach"}
    plan = PlanField(label=_("Kế hoạch"))


class BeginReviewForm(forms.Form):
    """Which plan is reviewed, over which time."""

    once = forms.OnceField()
    plan = PlanField(
        label=_("Kế hoạch"),
        help_text=_(
            "Danh sách kể các kế hoạch của đơn vị cao nhất trước. Với kế hoạch khác, hãy mở kế hoạch ấy rồi bấm "
            "“Sơ kết, tổng kết”."
        ),
    )
    kind = forms.ChoiceField(label=_("Loại"), choices=Review.Kind)
    title = forms.TextField(label=_("Tên"), max_length=max_of(Review, "title"), required=False)
    first = forms.DayField(label=_("Từ ngày"))
    last = forms.DayField(label=_("Đến ngày"))


@transaction.atomic
def _edit(*, review: Review, by: Person, version: int | None, then: Any = None, **typed: Any) -> Review:
    """Save, and go on with what was saved: all of it or, refused, nothing."""
    saved = reviews.edit(review=review, by=by, version=version, **typed)
    return then(review=saved, by=by) if then else saved


class ReviewForm(forms.StepForm):
    """What the unit says in a review; saved, with the figures taken anew, or handed in."""

    html_names = {"step": "do"} | {part: f"text-{part}" for part in reviews.PARTS}
    steps = {
        "save": _edit,
        "compose": partial(_edit, then=reviews.compose),
        "submit": partial(_edit, then=reviews.submit),
    }
    version = forms.VersionField()
    title = forms.TextField(label=_("Tên"), max_length=max_of(Review, "title"))
    general = forms.LinesField(label=_("Đánh giá chung"), max_length=LONGEST_TEXT, rows=6, required=False)
    results = forms.LinesField(label=_("Kết quả đạt được"), max_length=LONGEST_TEXT, rows=6, required=False)
    shortcomings = forms.LinesField(
        label=_("Tồn tại, hạn chế và nguyên nhân"), max_length=LONGEST_TEXT, rows=6, required=False
    )
    lessons = forms.LinesField(label=_("Bài học kinh nghiệm"), max_length=LONGEST_TEXT, rows=6, required=False)
    next = forms.LinesField(
        label=_("Phương hướng, nhiệm vụ tiếp theo"), max_length=LONGEST_TEXT, rows=6, required=False
    )

    @classmethod
    def values_of(cls, row: Review) -> dict[str, Any]:
        return super().values_of(row) | {part: row.text.get(part, "") for part in reviews.PARTS}

    def arguments(self) -> dict[str, Any]:
        text = {part: self.cleaned_data[part] for part in reviews.PARTS}
        return {name: self.cleaned_data[name] for name in ("version", "title")} | {"text": text}


class DecideReviewForm(forms.StepForm):
    """Approve a review, or return it with a reason."""

    html_names = {"step": "do"}
    steps = {"approve": partial(reviews.decide, approve=True), "return": partial(reviews.decide, approve=False)}
    version = forms.VersionField()
    note = forms.LinesField(label=_("Lý do, nếu trả lại"), max_length=max_of(Review, "note"), rows=3, required=False)

    @classmethod
    def values_of(cls, row: Review) -> dict[str, Any]:
        return {"version": row.version}
