"""Verbs on drafts: begin, go on from an edition, write a file, pictures, put away, send on as an edition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import attachments, journal
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.versions import Stale, expect
from hocvuso.jobs import services as jobs
from hocvuso.jobs.models import Job
from hocvuso.library.models import Edition
from hocvuso.library.publishing import sources
from hocvuso.library.publishing.store import digest
from hocvuso.library.source.reader import UNFIT
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from .editing import with_body
from .folders import LESSON, PROGRAMME, TEXTS, contents, look
from .merging import merge
from .models import Draft, DraftFile, DraftRevision
from .pictures import free_name, judge, picture_name
from .queries import audience_of, may_edit, outline

ONE_REVISION = timedelta(minutes=5)  # in which what one person saves while typing is one revision
MOST_TEXT = 128 * 1024  # bytes of a file, ten times the longest there is: it is read anew with every save
MOST_FILES = 1000  # as in an archive that is sent in


class TooLong(Refusal):
    """A file of a source is not that long."""

    code = "too-long"
    says = _("Chữ của tệp này quá %(kb)s KB. Hãy chia thành hai bài.")


class OddCharacters(Refusal):
    """What no page and no file can hold."""

    code = "odd-characters"
    says = _("Trong chữ có ký tự điều khiển, thường do dán từ chương trình khác. Hãy xoá chỗ ấy rồi lưu lại.")


class DraftThere(Refusal):
    """The unit is writing this programme already."""

    code = "draft-there"
    says = _("Đơn vị đang có bản soạn “%(title)s” của chương trình này. Hãy soạn tiếp ở đó.")


class SourceNotKept(Refusal):
    """The source of an edition is not on this machine, as of one that was brought in before sources were kept."""

    code = "source-not-kept"
    says = _("Máy chủ không còn giữ bản nguồn của bản này. Hãy gửi lại tệp ZIP của chương trình.")


class TooManyFiles(Refusal):
    """A programme holds so many files and no more."""

    code = "too-many-files"
    says = _("Chương trình đã có %(n)s tệp, không nhận thêm được.")


@dataclass(frozen=True)
class Saved:
    """A file after it was saved; `merged` where it holds what somebody else changed meanwhile too."""

    file: DraftFile
    merged: bool = False


def may_begin(person: Person, unit: Unit) -> bool:
    """Write for a unit."""
    return may(person, May.AUTHOR, unit)


@transaction.atomic
def begin(*, key: str, title: str, files: dict[str, bytes], unit: Unit, by: Person) -> Draft:
    """A draft with these files. Raises NotAllowed, DraftThere."""
    _gate(may_begin(by, unit))
    if there := Draft.objects.open().filter(unit=unit, key=key).first():
        raise DraftThere(field="title", title=there.title)
    now = timezone.now()
    draft = Draft.objects.create(unit=unit, key=key, title=title, begun_by=by, touched_at=now)
    for path, content in sorted(files.items()):
        _create(draft, path, by, **_kept(path, content))
    look_again(draft)
    journal.write("draft.begun", draft, by=by, title=title)
    return draft


def go_on_from(*, edition: Edition, unit: Unit, by: Person) -> Draft:
    """A draft of a unit that begins as an edition is; the one that the unit has of it already, if there is one.

    Raises NotAllowed, SourceNotKept.
    """
    _gate(may_begin(by, unit))
    if there := Draft.objects.open().filter(unit=unit, key=edition.programme.key).first():
        return there
    files = sources.opened(edition.source_hash)
    if files is None:
        raise SourceNotKept
    return begin(key=edition.programme.key, title=edition.content["title"], files=files, unit=unit, by=by)


def save(
    *, draft: Draft, path: str, text: str, by: Person, version: int | None = None, base: str | None = None
) -> Saved:
    """Write a file that is there. Who started from an older `version` sends what it was (`base`): what both changed in
    different places is taken from both, what both changed in one place is refused. Raises NotAllowed, Stale, TooLong,
    OddCharacters.
    """
    return _saved(draft, path, by, lambda _now: (_fit(text), _fit(base) if base is not None else None), version)


def save_body(
    *, draft: Draft, lesson: str, text: str, by: Person, version: int | None = None, base: str | None = None
) -> Saved:
    """Write the text of a lesson as `save` does; what stands before it stays as it is now. Raises as `save`."""

    def placed(now: str) -> tuple[str, str | None]:
        return with_body(now, _fit(text)), with_body(now, _fit(base)) if base is not None else None

    return _saved(draft, f"{lesson}/{LESSON}", by, placed, version)


def _saved(
    draft: Draft, path: str, by: Person, texts: Callable[[str], tuple[str, str | None]], version: int | None
) -> Saved:
    """`texts`: of the text that is stored, the text to write and what it started from."""
    merged = False
    with transaction.atomic():
        file = _locked(draft, path, by)
        text, base = texts(file.text)
        if version is not None and version != file.version:
            both = merge(base, _fit(text), file.text) if base is not None else None
            if both is None:
                raise Stale(file)
            text, merged = both, both != text
        changed = _write(file, _fit(text), by)
    if changed:
        _look_at(file)
    return Saved(file, merged)


def change(*, draft: Draft, path: str, by: Person, how: Callable[[str], str], version: int | None = None) -> DraftFile:
    """Write a file as `how` makes it of what it is now. Raises NotAllowed, Stale, TooLong."""
    with transaction.atomic():
        file = _locked(draft, path, by)
        if version is not None and version != file.version:
            raise Stale(file)
        changed = _write(file, _fit(how(file.text)), by)
    if changed:
        _look_at(file)
    return file


@transaction.atomic
def add(*, draft: Draft, files: dict[str, bytes], by: Person) -> None:
    """Put new files into a draft; one that is there is left. Raises NotAllowed, TooManyFiles, TooLong."""
    _gate(may_edit(by, draft))
    hold(draft)
    there = set(draft.files.values_list("path", flat=True))
    new = {path: content for path, content in files.items() if path not in there}
    if len(there) + len(new) > MOST_FILES:
        raise TooManyFiles(n=MOST_FILES)
    was = dict(draft.revisions.filter(path__in=new).order_by().values_list("path").annotate(Max("version")))
    for path, content in new.items():
        _create(draft, path, by, version=was.get(path, 0) + 1, **_kept(path, content))
    _touch(draft)
    for lesson in sorted({path.partition("/")[0] for path in new if "/" in path}):
        _look(draft, lesson)


@transaction.atomic
def remove(*, draft: Draft, path: str, by: Person) -> None:
    """Take a file out, or all of a lesson's (its key); what it was stays in the history. Raises NotAllowed."""
    _gate(may_edit(by, draft))
    hold(draft)
    gone = draft.files.filter(path__startswith=f"{path}/") if "/" not in path else draft.files.filter(path=path)
    gone.exclude(path=PROGRAMME).delete()
    _touch(draft)
    if "/" in path:
        _look(draft, path.partition("/")[0])


def add_picture(*, draft: Draft, lesson: str, name: str, content: bytes, by: Person) -> str:
    """Put a picture into a lesson, and give the name that it got there. Raises NotAllowed, NotPicture, TooManyFiles."""
    _gate(may_edit(by, draft))
    name = picture_name(name)
    judge(name, content)
    with transaction.atomic():
        hold(draft)
        free = free_name(draft, lesson, name)
        add(draft=draft, files={f"{lesson}/{free}": content}, by=by)
    return free


@transaction.atomic
def restore(*, revision: DraftRevision, by: Person) -> DraftFile:
    """Make a file what it was once; a file that was taken out is there again. What it is now stays in the history.

    Raises NotAllowed, FileLost.
    """
    draft, path = revision.draft, revision.path
    hold(draft)
    if not draft.files.filter(path=path).exists():
        add(draft=draft, files={path: _content_then(revision)}, by=by)
        return draft.files.get(path=path)
    file = _locked(draft, path, by)
    if not file.sha256 and _write(file, revision.text, by, apart=True):
        _look_at(file)
    return file


@transaction.atomic
def bring_back(*, draft: Draft, lesson: str, by: Person) -> None:
    """The files of a lesson that was taken out, each as it was last. Raises NotAllowed, FileLost."""
    _gate(may_edit(by, draft))
    rows = draft.revisions.filter(path__startswith=f"{lesson}/").order_by("saved_at", "version")
    last = dict(rows.values_list("path", "pk"))
    files = {one.path: _content_then(one) for one in draft.revisions.filter(pk__in=last.values())}
    add(draft=draft, files=files, by=by)


@transaction.atomic
def put_away(*, draft: Draft, by: Person) -> Draft:
    """Take a draft off the list; nothing of it is lost. Raises NotAllowed."""
    _gate(may_edit(by, draft))
    draft.put_away_at = timezone.now()
    draft.save(update_fields=["put_away_at"])
    journal.write("draft.put-away", draft, by=by)
    return draft


@transaction.atomic
def take_back(*, draft: Draft, by: Person) -> Draft:
    """Put a draft on the list again. Raises NotAllowed, DraftThere."""
    _gate(may_begin(by, draft.unit))
    if there := Draft.objects.open().filter(unit=draft.unit, key=draft.key).first():
        raise DraftThere(title=there.title)
    draft.put_away_at = None
    draft.save(update_fields=["put_away_at"])
    journal.write("draft.taken-back", draft, by=by)
    return draft


def send_on(*, draft: Draft, by: Person) -> Job:
    """Ask that the draft be made an edition of its unit, as an archive that is sent in would be. Raises NotAllowed,
    BadSource, TooManyJobs.
    """
    _gate(may_edit(by, draft))
    archive = sources.pack({f"{draft.key}/{path}": content for path, content in contents(draft).items()})
    args = {"name": f"{draft.key}.zip", "file": digest(archive), "unit": str(draft.unit_id)}
    return jobs.ask("edition.draft", by=by, args=args, content=archive, size=len(archive) >> 10)


def look_again(draft: Draft) -> None:
    """Tell anew what lists and checks show of every lesson."""
    known = outline(draft)
    for lesson in known.lessons:
        _look(draft, lesson, known.audience)


def hold(draft: Draft) -> None:
    """Nobody else changes the draft until the end of the transaction. Every verb that changes it begins with this: of
    two that took its rows in another order, PostgreSQL would end one.
    """
    Draft.objects.select_for_update().get(pk=draft.pk)


def _content_then(revision: DraftRevision) -> bytes:
    if not revision.sha256:
        return revision.text.encode()
    try:
        return attachments.path_of(revision.sha256).read_bytes()
    except FileNotFoundError:
        raise attachments.FileLost from None


def _locked(draft: Draft, path: str, by: Person) -> DraftFile:
    _gate(may_edit(by, draft))
    hold(draft)
    return DraftFile.objects.select_for_update(of=("self",)).get(draft=draft, path=path)


def _write(file: DraftFile, text: str, by: Person, *, apart: bool = False) -> bool:
    """Whether this changed the file. `apart`: as a revision of its own, whatever the same person saved a moment ago."""
    if text == file.text:
        return False
    expect(file, None, by=by)
    file.text = text
    file.save(update_fields=["text"])
    _keep_revision(file, by, apart=apart)
    _touch(file.draft)
    return True


def _look_at(file: DraftFile) -> None:
    """Tell anew what follows from a file that was written: after the transaction, for it takes its time, and whoever
    writes anything on the site would wait.
    """
    if file.path != PROGRAMME:
        _look(file.draft, file.path.partition("/")[0], file=file)
        return
    known = outline(file.draft)
    _retitle(file.draft, known.data.get("title"))
    for lesson, facts in known.lessons.items():
        if facts.get("audience") != known.audience:
            _look(file.draft, lesson, known.audience)


def _keep_revision(file: DraftFile, by: Person, *, apart: bool) -> None:
    """One revision for what one person saves within some minutes; the one by somebody else is never written over."""
    now = timezone.now()
    last = DraftRevision.objects.filter(draft=file.draft_id, path=file.path).first()
    goes_on = last and last.by_id == by.pk and last.version > 1 and now - last.created_at < ONE_REVISION
    fields = {"version": file.version, "text": file.text, "sha256": file.sha256, "saved_at": now}
    if last and goes_on and not apart:
        DraftRevision.objects.filter(pk=last.pk).update(**fields)
    else:
        DraftRevision.objects.create(draft_id=file.draft_id, path=file.path, by=by, **fields)


def _create(draft: Draft, path: str, by: Person, *, text: str, sha256: str, version: int = 1) -> None:
    now = timezone.now()
    same: dict[str, Any] = {"draft": draft, "path": path, "version": version, "text": text, "sha256": sha256}
    DraftFile.objects.create(**same, changed_by=str(by.pk), changed_at=now)
    DraftRevision.objects.create(**same, by=by, saved_at=now)


def _kept(path: str, content: bytes) -> dict[str, Any]:
    """A file as its columns hold it: text as text, a picture by its hash."""
    if path == PROGRAMME or path.rpartition("/")[2] in TEXTS:
        return {"text": _fit(content.decode("utf-8-sig", "replace")), "sha256": ""}
    return {"text": "", "sha256": attachments.store(content)}


def _fit(text: str | None) -> str:
    """The text of a file with the ends of lines of this house. Raises TooLong, OddCharacters."""
    text = (text or "").replace("\r\n", "\n")
    if len(text.encode("utf-8", "replace")) > MOST_TEXT:
        raise TooLong(field="text", kb=MOST_TEXT // 1024)
    if UNFIT.search(text):
        raise OddCharacters(field="text")
    return text


def _look(draft: Draft, lesson: str, audience: str | None = None, *, file: DraftFile | None = None) -> None:
    """Tell anew what is known of a lesson; where its text is `file`, there too. Whoever changes the lesson meanwhile
    looks after that, and what they tell stands.
    """
    head = DraftFile.objects.filter(draft=draft, path=f"{lesson}/{LESSON}")
    if not head.exists():
        return
    seen = _versions(draft, lesson)
    facts = look(draft, lesson, audience_of(draft) if audience is None else audience)
    with transaction.atomic():
        hold(draft)
        if _versions(draft, lesson) == seen:
            head.update(facts=facts)
    if file:
        file.facts = facts


def _versions(draft: Draft, lesson: str) -> set[tuple[str, int]]:
    return set(draft.files.filter(path__startswith=f"{lesson}/").values_list("path", "version"))


def _retitle(draft: Draft, title: Any) -> None:
    if isinstance(title, str) and title.strip():
        draft.title = title.strip()[:300]
        draft.save(update_fields=["title"])


def _touch(draft: Draft) -> None:
    draft.touched_at = timezone.now()
    draft.save(update_fields=["touched_at"])


def _gate(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed
