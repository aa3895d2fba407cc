"""Verbs on schemes: keep them, and link tasks and indicators to them with shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal, numbers
from hocvuso.base.errors import EndsBeforeItStarts, NeedsTitle, NotAllowed, Refusal
from hocvuso.base.numbers import trimmed
from hocvuso.base.text import clean
from hocvuso.base.versions import expect
from hocvuso.indicators.models import Indicator
from hocvuso.people.models import Person
from hocvuso.units.models import Unit

from ..models import Scheme, SchemeLink, Task
from ..queries.linking import may_keep, may_link_task
from ..rules_linking import Link, over_whole


class KeyTaken(Refusal):
    """Keys are unique, and made of letters, digits and hyphens."""

    code = "key-taken"
    says = _("Mã phải gồm chữ thường không dấu, số, gạch nối và chưa được dùng.")


class BadFamily(Refusal):
    """A family is one word, as keys are."""

    code = "bad-family"
    says = _("Nhóm phải gồm chữ thường không dấu, số, gạch nối.")


class NeedsSource(Refusal):
    """A scheme says where it comes from."""

    code = "needs-source"
    says = _("Hãy ghi nguồn: văn bản hoặc trang công bố.")


class BadShare(Refusal):
    """A share is between nothing and the whole."""

    code = "bad-share"
    says = _("Tỉ trọng phải từ 0 đến 1 (hoặc 0 đến 100 %%): “%(value)s”.")


class MoreThanWhole(Refusal):
    """Schemes of one family divide a figure; they cannot have more than all of it."""

    code = "more-than-whole"
    says = _("Tổng tỉ trọng của “%(what)s” trong nhóm đề án “%(family)s” là %(sum)s, vượt quá 1.")


class NoSuchIndicator(Refusal):
    """There is no such indicator."""

    code = "no-such-indicator"
    says = _("Không có chỉ số này.")


@transaction.atomic
def keep_scheme(
    *,
    key: str,
    title: str,
    source: str,
    by: Person,
    unit: Unit | None = None,
    scheme: Scheme | None = None,
    version: int | None = None,
    **fields: Any,
) -> Scheme:
    """Add a scheme, or change one that was seen at `version`.

    `fields`: number, title_en, issuer, family, issued_on, starts_on, ends_on.
    Raises NotAllowed, Stale, KeyTaken, NeedsTitle, NeedsSource, BadFamily, EndsBeforeItStarts, MoreThanWhole.
    """
    held = Scheme(key=key, unit=unit) if scheme is None else Scheme.objects.select_for_update().get(pk=scheme.pk)
    if not may_keep(by, held):
        raise NotAllowed
    if scheme is not None:
        expect(held, version, by=by)
    _check(held, key, title, source, fields)
    for name, value in {"key": key, "title": title.strip(), "source": source.strip(), **fields}.items():
        setattr(held, name, value)
    if scheme is not None:
        _check_whole(held, field="family")
    held.save()
    journal.write("scheme.kept", held, by=by, key=key, family=held.family)
    return held


def _check(held: Scheme, key: str, title: str, source: str, fields: Mapping[str, Any]) -> None:
    if not _is_tidy(key) or Scheme.objects.filter(key=key).exclude(pk=held.pk).exists():
        raise KeyTaken(field="key")
    if not title.strip():
        raise NeedsTitle(field="title")
    if not source.strip():
        raise NeedsSource(field="source")
    if (family := fields.get("family")) and not _is_tidy(family):
        raise BadFamily(field="family")
    first, last = fields.get("starts_on"), fields.get("ends_on")
    if first and last and last < first:
        raise EndsBeforeItStarts(field="ends_on")


def _is_tidy(key: str) -> bool:
    return bool(key) and all(c.isascii() and (c.islower() or c.isdigit() or c == "-") for c in key)


def read_share(text: str) -> Decimal:
    """`0,4`, `0.4` and `40 %` as 0.4; nothing is 0. Raises BadShare."""
    plain = clean(text)
    try:  # both ways of writing a fraction: no share has thousands
        share = numbers.read(plain or "0", language=numbers.UNSAID)
    except numbers.NotANumber as error:
        raise BadShare(field="share", value=plain[:40]) from error
    if plain.endswith("%"):
        share /= 100
    if not 0 <= share <= 1:
        raise BadShare(field="share", value=plain[:40])
    return numbers.rounded(share, 4)


class ShareOvertaken(Refusal):
    """Somebody else changed shares since they were `seen`; `overtaken` says what is stored now, by scheme."""

    code = "share-overtaken"
    says = _("Người khác vừa lưu %(share)s ở đây.")

    def __init__(self, overtaken: Mapping[Scheme, Decimal]) -> None:
        super().__init__(share=", ".join(map(numbers.typed, overtaken.values())))
        self.overtaken = overtaken


@transaction.atomic
def set_shares(
    *,
    shares: Mapping[Scheme, Decimal],
    by: Person,
    task: Task | None = None,
    indicator: str = "",
    note: str = "",
    seen: Mapping[Scheme, Decimal] | None = None,
) -> int:
    """Set what a task or an indicator counts for in each scheme given; 0 takes the link away. Returns how many changed.

    All or nothing. Of a scheme in `seen`, what is stored must still be that. Raises NotAllowed, NoSuchIndicator,
    BadShare, ShareOvertaken, MoreThanWhole.
    """
    schemes = list(Scheme.objects.select_for_update().filter(pk__in=[s.pk for s in shares]).order_by("pk"))
    families = {scheme.family for scheme in schemes if scheme.family}
    # Whoever else deals out the same figure in these families waits here.
    list(Scheme.objects.select_for_update().filter(family__in=families).order_by("pk").values_list("pk"))
    _gate(schemes, task, indicator, by)
    wanted = {scheme.pk: share for scheme, share in shares.items()}
    there = SchemeLink.objects.filter(task=task, indicator=indicator, scheme__in=schemes)
    links = {link.scheme_id: link for link in there}
    _expect(seen or {}, {scheme: links[scheme.pk].share if scheme.pk in links else Decimal(0) for scheme in schemes})
    changed = 0
    for scheme in schemes:
        share = wanted[scheme.pk]
        if not 0 <= share <= 1:
            raise BadShare(field="share", value=share)
        link = links.get(scheme.pk) or SchemeLink(scheme=scheme, task=task, indicator=indicator, share=Decimal(0))
        changed += _apply(link, share, note, by)
    for scheme in schemes:
        _check_whole(scheme, task=task, indicator=indicator)
    return changed


def _expect(seen: Mapping[Scheme, Decimal], stored: Mapping[Scheme, Decimal]) -> None:
    if overtaken := {scheme: share for scheme, share in stored.items() if seen.get(scheme, share) != share}:
        raise ShareOvertaken(overtaken)


def _gate(schemes: Iterable[Scheme], task: Task | None, indicator: str, by: Person) -> None:
    """A task is linked by whoever plans at its plan's unit; an indicator by whoever keeps the scheme."""
    if task is not None:
        visible = set(Scheme.objects.visible_to(by).filter(pk__in=[s.pk for s in schemes]).values_list("pk", flat=True))
        if not may_link_task(by, task) or any(scheme.pk not in visible for scheme in schemes):
            raise NotAllowed
        return
    if not Indicator.objects.current().filter(key=indicator).exists():
        raise NoSuchIndicator(field="indicator")
    if not all(may_keep(by, scheme) for scheme in schemes):
        raise NotAllowed


def _apply(link: SchemeLink, share: Decimal, note: str, by: Person) -> bool:
    """Bring one link to its share; says whether anything changed."""
    before = link.share
    if before == share:
        return False
    if share == 0:
        link.delete()
    else:
        link.share, link.by, link.note = share, by, note or link.note
        link.save()
    what = link.indicator or link.task_id
    journal.write("scheme.linked", link.scheme, by=by, figure=what, before=before, after=share)
    return True


def _check_whole(
    scheme: Scheme, *, task: Task | None = None, indicator: str | None = None, field: str = "share"
) -> None:
    """Raise MoreThanWhole if a figure's shares in the scheme's family exceed one."""
    if not scheme.family:
        return
    links = SchemeLink.objects.filter(scheme__family=scheme.family) | SchemeLink.objects.filter(scheme=scheme)
    if indicator is not None:
        links = links.filter(task=task, indicator=indicator)
    found = list(links.select_related("task"))
    plain = [Link(str(link.scheme_id), link.indicator or str(link.task_id), link.share) for link in found]
    over = over_whole(plain, {link.scheme: scheme.family for link in plain})
    for (family, figure), total in over.items():
        raise MoreThanWhole(field=field, what=_title(figure, found), family=family, sum=trimmed(total))


def _title(figure: str, links: Iterable[SchemeLink]) -> str:
    """What people call a figure: the title of its task or indicator."""
    indicator = Indicator.objects.current().filter(key=figure).first()
    return indicator.title if indicator else next((str(x.task) for x in links if str(x.task_id) == figure), figure)


@transaction.atomic
def load_schemes(rows: Iterable[Mapping[str, Any]]) -> int:
    """Load national schemes from `data/schemes.yaml`; known ones are brought up to date. Returns the count."""
    count = 0
    for row in rows:
        fields = {name: row.get(name) or "" for name in ("number", "title", "title_en", "issuer", "family", "source")}
        days = {name: _day(row.get(name)) for name in ("issued_on", "starts_on", "ends_on")}
        Scheme.objects.update_or_create(key=row["key"], defaults={**fields, **days, "unit": None})
        count += 1
    return count


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) else date.fromisoformat(value) if value else None
