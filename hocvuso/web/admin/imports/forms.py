"""The forms of lists that come in: values, and filters of populations and targets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hocvuso.indicators import queries as indicators
from hocvuso.indicators.rules import POPULATION_GROUPS

from ...kit import forms
from ...kit.templatetags.kit import or_en
from ...kit.uploads import CarriedForm

LONGEST_WORDS = 100  # of a search


class ValuesForm(CarriedForm):
    """A file of values: seen, applied, or its faults taken away as a file."""

    nothing = _("Hãy chọn tệp Excel, CSV hoặc ADX, không quá 20 MB.")
    file = forms.FileField(
        label=_("Tệp số liệu"), most=20 * 1024 * 1024, required=False, attrs={"accept": ".csv,.xlsx,.xml"}
    )
    faults_wanted = forms.HiddenField()
    html_names = {"faults_wanted": "faults"}


class PopulationsFilter(forms.FilterForm):
    """Populations by words of the place, by province and by group."""

    html_names = {"text": "q", "province": "tinh", "group": "nhom"}
    text = forms.TextField(label=_("Tên hoặc mã địa bàn"), max_length=LONGEST_WORDS, attrs={"type": "search"})
    province = forms.RowField(label=_("Tỉnh, thành phố"), blank=_("Tất cả"))
    group = forms.ChoiceField(
        label=pgettext_lazy("of people", "Nhóm"), choices=POPULATION_GROUPS.items, blank=_("Tất cả")
    )


def _indicators() -> list[tuple[str, str]]:
    return [(i.key, or_en(i.title, i.title_en)) for i in indicators.current_indicators()]


class TargetsFilter(forms.FilterForm):
    """Targets by words of the unit, by indicator and by period."""

    html_names = {"text": "q", "indicator": "cs", "period": "ky"}
    text = forms.TextField(label=_("Tên hoặc mã đơn vị"), max_length=LONGEST_WORDS, attrs={"type": "search"})
    indicator = forms.ChoiceField(label=_("Chỉ số"), choices=_indicators, blank=_("Tất cả"))
    period = forms.PeriodField(label=_("Kỳ"), attrs={"placeholder": "2026"})
