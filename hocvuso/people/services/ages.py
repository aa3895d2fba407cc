"""Years of birth: which can be, and that a child does not grow up by writing another."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal


class BadYear(Refusal):
    """A birth year that cannot be."""

    code = "bad-year"
    says = _("Hãy nhập năm sinh gồm bốn chữ số, từ 1900 đến năm nay.")


class AgeIsBinding(Refusal):
    """A child does not grow up by writing another year: that takes an adult."""

    code = "age-is-binding"
    says = _(
        "Năm sinh đã ghi là của người dưới 16 tuổi, nên bạn không tự sửa thành lớn hơn hay bỏ trống được. Nếu ghi nhầm,"
        " hãy nhờ người giám hộ, thầy cô hoặc cán bộ xã sửa giúp."
    )


def check_year(year: int | None) -> None:
    """Raises BadYear for a year in which nobody who lives was born."""
    if year is not None and not 1900 <= year <= timezone.localdate().year:
        raise BadYear(field="birth_year")
