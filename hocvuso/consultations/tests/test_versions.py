"""Who changes a consultation, a clause or an answer says which one they saw."""

from __future__ import annotations

import pytest
from django.utils import timezone

from hocvuso.base.versions import Stale
from hocvuso.consultations.models import Comment
from hocvuso.consultations.services import commenting, consulting

from .world import prepare

today = timezone.localdate


@pytest.fixture
def drafted(cast):
    return prepare(cast, send=False)


@pytest.fixture
def commented(cast):
    world = prepare(cast)
    for unit, by in ((cast.here, world.an), (cast.next_door, world.xuan)):
        world.say(unit, by)
        commenting.send(invitation=world.invitation(unit), by=by)
    return world


class TestVersions:
    def test_each_verb_begins_the_next_version_of_what_was_seen(self, cast):
        hoa = prepare(cast, send=False).hoa
        made = consulting.draft(unit=cast.ministry, by=hoa, title="Đề án")
        consulting.edit(consultation=made, by=hoa, title="Đề án", due_on=today(), version=1)
        consulting.set_document(consultation=made, text="Điều 1. Một\nĐiều 2. Hai", by=hoa, version=2)
        consulting.merge_up(clause=made.clauses.last(), by=hoa, version=1)
        consulting.invite(consultation=made, units=[cast.here, cast.next_door], by=hoa, version=4)
        consulting.uninvite(invitation=made.invitations.first(), by=hoa, version=5)
        consulting.open_consultation(consultation=made, by=hoa, version=6)
        consulting.close(consultation=made, by=hoa, version=7)
        consulting.finish_answers(consultation=made, by=hoa, version=8)
        assert consulting.report(consultation=made, by=cast.oanh, version=9).version == 10

    def test_what_was_changed_meanwhile_is_not_overwritten(self, drafted):
        held, hoa, clause = drafted.consultation, drafted.hoa, drafted.consultation.clauses.last()
        consulting.edit_clause(clause=clause, label="", text="Khác", by=hoa)
        for act in (
            lambda: consulting.edit(consultation=held, by=hoa, title="A", version=1),
            lambda: consulting.set_document(consultation=held, text="A", by=hoa, version=1),
            lambda: consulting.invite(consultation=held, units=[], by=hoa, version=1),
            lambda: consulting.uninvite(invitation=held.invitations.first(), by=hoa, version=1),
            lambda: consulting.open_consultation(consultation=held, by=hoa, version=1),
            lambda: consulting.edit_clause(clause=clause, label="", text="A", by=hoa, version=1),
            lambda: consulting.merge_up(clause=clause, by=hoa, version=1),
        ):
            with pytest.raises(Stale):
                act()

    def test_of_many_comments_none_is_answered_when_one_was_answered_meanwhile(self, commented):
        comments = list(Comment.objects.filter(kind="change"))
        seen = {comment.pk: comment.version for comment in comments}
        answer = {"consultation": commented.consultation, "why": "Trái luật", "by": commented.hoa}
        consulting.answer(comments=comments[:1], verdict="no", seen=seen, **answer)
        with pytest.raises(Stale):
            consulting.answer(comments=comments, verdict="partly", seen=seen, **answer)
        assert not Comment.objects.filter(verdict="partly").exists()
