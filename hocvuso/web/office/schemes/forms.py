"""The forms of schemes: what a scheme is, the shares of a matrix, the filters of their pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Self, cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models.functions import Length
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import numbers, periods
from hocvuso.base.errors import Refusal
from hocvuso.indicators.models import Indicator
from hocvuso.people.models import Person
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.plans.models import Plan, Scheme
from hocvuso.plans.services import linking
from hocvuso.units.models import Unit

from ...kit import forms
from ...kit.forms import max_of
from ...kit.templatetags.kit import or_en


class TitleField(forms.LinesField):
    """A long title in a box of several lines, which is one line of text."""

    lines = False


class SchemeForm(forms.Form):
    """What a scheme is."""

    title = TitleField(label=_("Tên đề án, chương trình"), max_length=max_of(Scheme, "title"), rows=2)
    key = forms.TextField(label=_("Mã (chữ thường không dấu, số, gạch nối)"), max_length=max_of(Scheme, "key"))
    number = forms.TextField(label=_("Số, ký hiệu"), max_length=max_of(Scheme, "number"), required=False)
    issuer = forms.TextField(label=_("Cơ quan ban hành"), max_length=max_of(Scheme, "issuer"), required=False)
    source = forms.TextField(label=_("Nguồn"), max_length=max_of(Scheme, "source"))
    family = forms.TextField(
        label=_("Nhóm chia tỉ trọng"),
        help_text=_(
            "Các đề án cùng nhóm chia nhau một số liệu: tổng tỉ trọng không quá 1. Để trống: không chia với đề án nào."
        ),
        max_length=max_of(Scheme, "family"),
        required=False,
    )
    title_en = forms.TextField(label=_("Tên tiếng Anh"), max_length=max_of(Scheme, "title_en"), required=False)
    issued_on = forms.DayField(label=_("Ngày ban hành"), required=False)
    starts_on = forms.DayField(label=_("Từ ngày"), required=False)
    ends_on = forms.DayField(label=_("Đến ngày"), required=False)


class EditSchemeForm(SchemeForm):
    """A scheme that is changed."""

    version = forms.VersionField()


class NewSchemeForm(SchemeForm):
    """A scheme of one's unit."""

    once = forms.OnceField()
    field_order = ("unit",)
    unit = forms.UnitField(label=_("Đề án của"))


class NationalSchemeForm(SchemeForm):
    """A scheme of one's unit, or of the whole country."""

    once = forms.OnceField()
    field_order = ("unit",)
    unit = forms.UnitField(label=_("Đề án của"), blank=_("cả nước"), required=False)


class ShareField(forms.TextField):
    """A share, as `linking.read_share` reads it; None where the page had no such cell."""

    def to_python(self, value: Any) -> Any:
        if value is None:
            return None
        try:
            return linking.read_share(str(value))
        except linking.BadShare as refusal:
            raise ValidationError(str(refusal), refusal.code) from refusal

    def prepare_value(self, value: Any) -> Any:
        return numbers.typed(value) if isinstance(value, Decimal) else value


class SharesForm(forms.Form):
    """A matrix: for each thing (by its key) and each scheme what share of it counts there, `s_<thing>_<scheme>`."""

    overtaken = False  # somebody else changed a share that was changed here, since the page was shown

    def __init__(
        self,
        *args: Any,
        things: Mapping[str, Any],
        schemes: Sequence[Scheme],
        kept: dict[str, dict[UUID, Decimal]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.things, self.schemes, self.kept = things, schemes, kept
        for key, thing in things.items():
            for scheme in schemes:
                self.fields[_cell(key, scheme)] = ShareField(
                    label=f"{thing.title} – {scheme.full_name}",
                    initial=kept.get(key, {}).get(scheme.pk),
                    required=False,
                    show_hidden_initial=True,  # what was seen goes along: only what was changed is saved
                    attrs={"inputmode": "decimal", "autocomplete": "off"},
                )

    def clean(self) -> dict[str, Any]:
        changed = self._changed()
        for name in changed:
            seen, now = self.data.get(self[name].html_initial_name), self.fields[name].initial or Decimal(0)
            if seen is not None and _read(seen) != now:
                self._overtake(name, now)
        data: Any = self.data
        shown = data.copy()
        for name in self.fields.keys() - changed - self.errors.keys():  # what one did not touch is as it is stored
            shown[name] = numbers.typed(self.fields[name].initial)
        self.data = shown
        return self.cleaned_data

    def _overtake(self, name: str, now: Decimal) -> None:
        self.overtaken = True
        self.add_error(name, _("Người khác vừa lưu %(share)s ở đây.") % {"share": numbers.typed(now)})

    @property
    def status(self) -> int:
        return 409 if self.overtaken else super().status

    def cell(self, key: str, scheme: Scheme) -> Any:
        """The field of one cell, if it can be changed."""
        name = _cell(key, scheme)
        return self[name] if name in self.fields else None

    def typed(self, key: str) -> dict[Scheme, Decimal]:
        """The shares of one thing that were changed."""
        changed = self._changed()
        found = {scheme: _cell(key, scheme) for scheme in self.schemes}
        return {scheme: self.cleaned_data[name] for scheme, name in found.items() if name in changed}

    def _changed(self) -> set[str]:
        sent = {name for name, share in self.cleaned_data.items() if share is not None}
        return sent & set(self.changed_data)

    def seen(self, key: str) -> dict[Scheme, Decimal]:
        """The shares of one thing as they stood on the page, of those that were changed and can be read."""
        sent = {scheme: self.data.get(self[_cell(key, scheme)].html_initial_name) for scheme in self.typed(key)}
        return {scheme: share for scheme, text in sent.items() if (share := _read(text)) is not None}

    def refuse_row(self, key: str, refusal: Refusal) -> None:
        """Say why the shares of one thing cannot be so: at each cell that was overtaken, else at the first of them."""
        if not isinstance(refusal, linking.ShareOvertaken):
            return self.add_error(_cell(key, next(iter(self.typed(key)))), str(refusal))
        self.kept[key] = {**self.kept.get(key, {}), **{s.pk: share for s, share in refusal.overtaken.items()}}
        for scheme, share in refusal.overtaken.items():
            self._overtake(_cell(key, scheme), share)
        return None


def _read(text: str | None) -> Decimal | None:
    try:
        return None if text is None else linking.read_share(text)
    except linking.BadShare:
        return None


def _cell(key: str, scheme: Scheme) -> str:
    return f"s_{key}_{scheme.key}"


class FamilyFilter(forms.FilterForm):
    """The schemes of one family."""

    html_names = {"family": "nhom"}
    family = forms.ChoiceField(label=_("Nhóm đề án"), blank=_("Tất cả"))

    @classmethod
    def by(cls, request: HttpRequest, families: Iterable[str], **kwargs: Any) -> Self:
        """The filter that the address asks for, with these families to choose from."""
        form = cls.of(request, **kwargs)
        form.fields["family"].choices = [("", _("Tất cả")), *((name, name) for name in families)]  # type: ignore[attr-defined]
        return form


class PlanField(forms.RowField):
    """A plan; those of the highest units first."""

    def listed(self, rows: Any) -> Any:
        return rows.select_related("unit").order_by(Length("unit__path"), "unit__path", "-pk")

    def label_from_instance(self, plan: Any) -> str:
        return f"{plan.title} · {or_en(plan.unit.name, plan.unit.name_en)}"


class PlanFilter(FamilyFilter):
    """The tasks of one plan: where none is asked for, the latest that answers no other."""

    html_names = {"plan": "ke-hoach", "family": "nhom"}
    field_order = ("plan",)
    plan = PlanField(label=_("Kế hoạch"))

    @classmethod
    def of(cls, request: HttpRequest, **kwargs: Any) -> Self:
        first = kwargs["within"]["plan"].filter(answers=None).first()
        return cls(_asked_or(request, {"ke-hoach": first.pk if first else None}), **kwargs)

    @property
    def chosen(self) -> Plan | None:
        """The plan whose tasks are shown."""
        found: Plan | None = self.asked["plan"]
        return found


class PeriodFilter(forms.FilterForm):
    """Figures of a unit in a period: where nothing is asked for, of this year at the first unit that one acts for."""

    html_names = {"period": "ky", "unit": "don-vi"}
    period = forms.ChoiceField(label=_("Kỳ"))
    unit = forms.UnitField(label=_("Đơn vị"))

    @classmethod
    def by(cls, request: HttpRequest, person: Person, **first: Any) -> Self:
        """The filter that the address asks for, of units that this person may see."""
        offered = _recent()
        within = {"unit": units_in_reach(person, May.SEE_FIGURES)}
        form = cls(_asked_or(request, {"ky": offered[0].code, **first}), within=within)
        if (other := _parsed(str(form["period"].data))) and other not in offered:
            offered.append(other)
        form.fields["period"].choices = [(period.code, str(period)) for period in offered]  # type: ignore[attr-defined]
        return form

    @property
    def chosen_period(self) -> periods.Period:
        """The period whose figures are shown."""
        return _parsed(self.asked["period"]) or _recent()[0]

    @property
    def chosen_unit(self) -> Unit | None:
        """The unit whose figures are shown."""
        field: Any = self.fields["unit"]
        found: Unit | None = self.asked["unit"] or field.queryset.order_by("path").first()
        return found


class SumsFilter(PeriodFilter):
    """One figure over the schemes that are ticked."""

    html_names = {**PeriodFilter.html_names, "indicator": "cs", "schemes": "da"}
    indicator = forms.ChoiceField(label=_("Chỉ số"))
    schemes = forms.ChoicesField(label=_("Đề án"))

    def offer(self, indicators: Sequence[Indicator], schemes: Iterable[Scheme]) -> None:
        """What there is to choose from. Ticks of schemes to which another figure is linked are no fault."""
        indicator, ticks = (cast("Any", self.fields[name]) for name in ("indicator", "schemes"))
        indicator.choices = [(i.key, or_en(i.title, i.title_en)) for i in indicators]
        ticks.choices = [(scheme.key, str(scheme)) for scheme in schemes]


def _asked_or(request: HttpRequest, first: Mapping[str, Any]) -> Any:
    """What the address asks for, and what is meant where it does not say, so that the page shows it as chosen."""
    asked = request.GET.copy()
    for name, value in first.items():
        if value is not None and not asked.get(name):
            asked[name] = str(value)
    return asked


def _recent() -> list[periods.Period]:
    """The periods to choose from: this and the last year, quarter and month."""
    today = timezone.localdate()
    kinds = (periods.PeriodType.YEAR, periods.PeriodType.QUARTER, periods.PeriodType.MONTH)
    return [p for kind in kinds for now in (periods.containing(kind, today),) for p in (now, now.preceding())]


def _parsed(code: str) -> periods.Period | None:
    try:
        return periods.parse(code)
    except ValueError:
        return None
