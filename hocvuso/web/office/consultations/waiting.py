"""What of consultations waits for a decision, on “Việc của tôi”."""

from __future__ import annotations

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.consultations.queries import reports_waiting_for
from hocvuso.people.models import Person

from .. import today


@today.listed(
    _("Lấy ý kiến chờ báo cáo Bộ trưởng"),
    more=reverse_lazy("consultations", query={"trang-thai": "answered"}),
    order=27,
)
def reports_to_make(person: Person) -> list[today.Row]:
    """Consultations whose answers somebody else closed and that I may report."""
    rows = reports_waiting_for(person).select_related("unit")[: today.SHOWN]
    return [today.Row(str(row), reverse("consultation", args=[row.pk]), note=str(row.unit)) for row in rows]
