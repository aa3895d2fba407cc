"""The forms of authors: sending a source in, moving an edition on, a comment."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from hocvuso.library.models import SourceCheck, WithdrawalRequest
from hocvuso.library.services import WhichUnit
from hocvuso.units.models import Unit

from ...kit import forms
from ...kit.forms import max_of

MAX_BYTES = 2 * 1024 * 1024  # of an archive, as the page says


class UploadForm(forms.Form):
    """A programme folder as a ZIP file, and where one writes for several units, of which."""

    unit = forms.UnitField(
        label=_("Bản soạn của đơn vị"), blank=_("Chọn đơn vị"), error_messages={"required": WhichUnit.says}
    )
    file = forms.FileField(label=_("Tệp ZIP"), most=MAX_BYTES, attrs={"accept": ".zip"})

    def __init__(self, *args: Any, units: set[Unit], **kwargs: Any) -> None:
        own = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        super().__init__(*args, within={"unit": own}, **kwargs)
        if len(units) < 2:
            del self.fields["unit"]


class MoveForm(forms.Form):
    """The button that was pressed."""

    act = forms.HiddenField()


class WithdrawalForm(forms.Form):
    """Why a published edition should be withdrawn, or a withdrawn one published again."""

    reason = forms.TextField(label=_("Lý do"), max_length=max_of(WithdrawalRequest, "reason"))


class CommentForm(forms.Form):
    """A comment on a line of a lesson, on a lesson, or on the whole."""

    once = forms.OnceField()
    lesson = forms.ChoiceField(label=_("Về bài"), required=False)
    line = forms.NumberField(label=_("Dòng (nếu có)"), whole=True, min_value=1, max_value=999_999, required=False)
    text = forms.LinesField(label=_("Góp ý"), max_length=2000)

    def __init__(self, *args: Any, lessons: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = [(lesson["key"], lesson["title"]) for lesson in lessons]
        self.fields["lesson"].choices = [("", _("Cả chương trình")), *titles]  # type: ignore[attr-defined]


class SourcesFilter(forms.FilterForm):
    """Sources of one programme, and only those that want reading."""

    html_names = {"programme": "chuong-trinh", "doubt": "con"}
    programme = forms.ChoiceField(label=_("Chương trình"), blank=_("Mọi chương trình"))
    doubt = forms.ChoiceField(label=_("Nguồn"), choices=[("", _("Cần đọc lại")), ("moi", _("Mọi nguồn"))])

    def __init__(self, *args: Any, programmes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].choices = [("", _("Mọi chương trình")), *programmes]  # type: ignore[attr-defined]


class SourceForm(forms.Form):
    """A source that was read again: of which programme, by its title, and what was seen."""

    once = forms.OnceField()
    programme = forms.HiddenField()
    source = forms.HiddenField()
    note = forms.TextField(label=_("Đọc ở đâu, thấy gì"), max_length=max_of(SourceCheck, "note"))
