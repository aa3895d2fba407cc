"""What can be counted of the rooms beneath this one, which cannot register anything themselves."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.people.models import Person, RoleGrant

from .rules import Counted, Measure, register


def _account(_person: Person) -> tuple[str, str, Any]:
    return _t("Tài khoản mới"), "", ""


def _grant(grant: Any) -> tuple[str, str, Any]:
    return f"{grant.get_role_display()} · {grant.unit}", "unit", grant.unit_id


register(
    Measure(
        name="people.accounts",
        version=1,
        title=_("Người có tài khoản"),
        measured_in=Counted.PEOPLE,
        kind="stock",
        rows=lambda: Person.objects.all(),
        at="created_at",
        changed="created_at",
        person="self",
        record=_account,
    )
)
register(
    Measure(
        name="people.roles",
        version=1,
        title=_("Vai trò được giao"),
        measured_in=Counted.TIMES,
        kind="flow",
        rows=lambda: RoleGrant.objects.select_related("unit"),
        at="starts_at",
        changed="created_at",
        person="person",
        unit="unit",
        place="unit__place",
        record=_grant,
    )
)
