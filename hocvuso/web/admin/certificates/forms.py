"""The forms of certificates: which are looked for, and what is done with one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import IllegalMove, Refusal
from hocvuso.credentials.models import Credential
from hocvuso.credentials.services import ReasonFirst

from ...kit import forms
from ...kit.forms import max_of

LONGEST_WORDS = 100  # of a search


class CertificateFilter(forms.FilterForm):
    """The certificate whose id stands in what was pasted: the id itself, or the address of its public page."""

    html_names = {"pasted": "ma"}
    pasted = forms.TextField(
        label=_("Mã hoặc địa chỉ trên chứng nhận"),
        max_length=2000,
        attrs={"type": "search", "placeholder": _("Mã hoặc địa chỉ trên chứng nhận")},
    )


class CertificateMoveForm(forms.Form):
    """The button that was pressed, and why. 409 where the certificate has no such move, or no longer."""

    act = forms.HiddenField()
    reason = forms.TextField(
        label=_("Lý do"),
        help_text=_("Người có chứng nhận đọc được lý do này, và nhật ký giữ nó mãi mãi: đừng ghi tên hay số của ai."),
        max_length=max_of(Credential, "ended_reason"),
        error_messages={"required": ReasonFirst.says},
    )
    has_moved = False

    def refuse(self, refusal: Refusal) -> None:
        self.has_moved = isinstance(refusal, IllegalMove)
        super().refuse(refusal)

    @property
    def status(self) -> int:
        return 409 if self.has_moved else super().status


class DecisionForm(forms.Form):
    """Whether what another person asked is done."""

    act = forms.HiddenField()

    @property
    def status(self) -> int:
        return 409 if self.errors else super().status
