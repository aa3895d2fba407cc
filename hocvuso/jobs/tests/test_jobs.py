"""Long work waits in one line, is done once or not at all, and says how it goes."""

from __future__ import annotations

import os
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.utils import timezone

from hocvuso.base.errors import IllegalMove, NotAllowed
from hocvuso.base.models import JournalEntry
from hocvuso.jobs import services as jobs
from hocvuso.jobs.models import Job
from hocvuso.jobs.services import Kind, Outcome

pytestmark = pytest.mark.django_db
State = Job.State


def somebody():
    return SimpleNamespace(pk=uuid4())


def write(run):
    """What it writes is a row of its own."""

    def finish():
        Job.objects.create(kind="trace", by_id=run.by_id, language="vi", state=State.DONE)
        return Outcome("xong", 3)

    return finish


def traces():
    return Job.objects.filter(kind="trace").count()


@pytest.fixture(autouse=True)
def kinds(monkeypatch, settings, tmp_path):
    settings.DATA = tmp_path
    made = {
        "write": Kind("write", write, 1, 10, again=True, whole=True),
        "once": Kind("once", write, 1, 0, again=False, whole=True),
    }
    monkeypatch.setattr(jobs, "_kinds", made)
    return made


def breaks(kinds, fault):
    def work(_run):
        raise fault

    kinds["write"] = Kind("write", work, 1, 0, again=True, whole=True)


def asked(by, n=0, kind="write"):
    return jobs.ask(kind, by=by, args={"n": n})


def done_by(job):
    jobs.do(job, lambda done, total: None)
    job.refresh_from_db()
    return job


class TestAsking:
    def test_what_is_small_is_done_at_once_and_is_no_row(self):
        job = jobs.ask("write", by=somebody(), args={}, size=10)
        assert (job.state, job.says, job.done, traces()) == (State.DONE, "xong", 3, 1)
        assert Job.objects.count() == 1  # the trace

    def test_what_is_larger_waits_and_wakes_the_worker(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            job = jobs.ask("write", by=somebody(), args={}, size=11)
        assert job.state == State.QUEUED and traces() == 0 and jobs.wake_file().exists()

    def test_it_is_in_the_journal(self):
        by = somebody()
        job = asked(by)
        jobs.cancel(job, by=by)
        acts = JournalEntry.objects.filter(subject=f"job:{job.pk}", actor=str(by.pk)).values_list("act", flat=True)
        assert list(acts) == ["job.asked", "job.cancelled"]

    def test_the_same_asked_again_while_it_waits_or_runs_is_the_same(self):
        by = somebody()
        first = asked(by)
        assert asked(by).pk == first.pk
        jobs.take("w")
        assert asked(by).pk == first.pk
        assert asked(somebody()).pk != first.pk

    def test_one_person_does_not_fill_the_line(self):
        by = somebody()
        for n in range(jobs.MOST_LIVING):
            asked(by, n)
        with pytest.raises(jobs.TooManyJobs, match="5 việc đang chờ hoặc đang chạy"):
            asked(by, 99)
        assert Job.objects.count() == jobs.MOST_LIVING
        asked(somebody(), 99)

    def test_arguments_that_no_row_holds_are_told_of_where_they_are_made(self):
        with pytest.raises(TypeError):
            jobs.ask("write", by=somebody(), args={"unit": uuid4()}, size=1)


class TestTheLine:
    def test_many_jobs_of_one_do_not_keep_the_others_waiting(self):
        many, one, other = somebody(), somebody(), somebody()
        for n in range(4):
            asked(many, n)
        asked(one)
        asked(other)
        turns = []
        while job := jobs.take("w"):
            turns.append(job.by_id)
            done_by(job)
        assert turns == [many.pk, one.pk, other.pk, many.pk, many.pk, many.pk]

    def test_what_the_site_asks_for_itself_waits_until_nobody_does(self):
        """It is asked for as often as there is to do, and shown to nobody."""
        for n in range(jobs.MOST_LIVING + 2):
            asked(None, n)
        late = somebody()
        asked(late)
        assert jobs.take("w").by_id == late.pk
        assert jobs.take("w").by_id is None

    def test_the_same_asked_for_by_the_site_twice_is_one_job(self):
        assert asked(None) == asked(None) and asked(None) != asked(None, 1)

    def test_a_job_is_taken_by_one_worker(self):
        asked(somebody())
        job = jobs.take("one")
        assert job.worker == "one" and jobs.take("other") is None


class TestDoing:
    def test_what_it_writes_and_that_it_is_done_are_one(self):
        asked(somebody())
        job = done_by(jobs.take("w"))
        assert (job.state, job.says, job.done, traces()) == (State.DONE, "xong", 3, 1)

    def test_what_was_cancelled_meanwhile_writes_nothing(self):
        by = somebody()
        asked(by)
        mine = jobs.take("w")
        jobs.cancel(mine, by=by)
        job = done_by(mine)
        assert job.state == State.CANCELLED and "Chưa có gì được ghi" in job.says and traces() == 0
        assert not jobs.beat(mine, 1, 2)

    def test_what_another_worker_was_given_is_written_once(self):
        asked(somebody())
        slow = jobs.take("slow")
        Job.objects.update(beat_at=timezone.now() - timedelta(minutes=5))
        assert jobs.take_lost(timezone.now()) == 1
        quick = done_by(jobs.take("quick"))
        assert done_by(slow).state == State.DONE and traces() == 1 and quick.tries == 2

    def test_a_refusal_says_its_sentence_and_is_no_fault_of_the_software(self, kinds):
        breaks(kinds, NotAllowed())
        asked(somebody())
        job = done_by(jobs.take("w"))
        assert (job.state, job.says, job.error) == (State.FAILED, str(NotAllowed.says), "")

    @pytest.mark.parametrize(("fault", "said"), [(MemoryError(), "nhiều bộ nhớ"), (KeyError("x"), "Phần mềm gặp lỗi")])
    def test_what_breaks_is_said_and_kept_for_the_operator(self, kinds, fault, said):
        breaks(kinds, fault)
        asked(somebody())
        job = done_by(jobs.take("w"))
        assert job.state == State.FAILED and said in job.says and "Chưa có gì được ghi" in job.says and job.error

    def test_a_kind_that_nobody_knows_any_more_has_failed(self, kinds):
        asked(somebody())
        del kinds["write"]
        assert done_by(jobs.take("w")).state == State.FAILED

    def test_it_speaks_the_language_of_who_asked(self, kinds):
        breaks(kinds, NotAllowed())
        job = asked(somebody())
        Job.objects.filter(pk=job.pk).update(language="en")
        assert done_by(jobs.take("w")).says == "You do not have the right to do this here."


class TestBreakingOff:
    def test_it_is_begun_again_once_and_then_has_failed(self):
        asked(somebody())
        for state in (State.QUEUED, State.FAILED):
            jobs.break_off(jobs.take("w"), "killed")
            assert Job.objects.get().state == state
        assert "ngừng giữa chừng" in Job.objects.get().says

    def test_what_may_not_be_begun_again_is_not(self):
        asked(somebody(), kind="once")
        jobs.break_off(jobs.take("w"), "killed")
        assert Job.objects.get().state == State.FAILED

    def test_what_takes_too_long_is_not_begun_again(self):
        asked(somebody())
        jobs.break_off(jobs.take("w"), "slow", late=True)
        assert Job.objects.get().state == State.FAILED and "lâu hơn 1 phút" in Job.objects.get().says

    def test_what_is_over_stays_as_it_is(self):
        asked(somebody())
        job = jobs.take("w")
        done_by(Job.objects.get())
        jobs.break_off(job, "its process ended after all was written")
        assert Job.objects.get(kind="write").state == State.DONE
        with pytest.raises(IllegalMove):
            jobs.cancel(job, by=somebody())


class TestTheFile:
    def test_it_comes_with_the_job_and_with_what_follows(self, kinds):
        def look(run):
            assert run.content() == b"a,b"
            return lambda: Outcome("xem", then={} if run.args.get("apply") else {"apply": True})

        kinds["look"] = Kind("look", look, 1, 0, again=True, whole=True)
        by = somebody()
        jobs.ask("look", by=by, args={"name": "a.csv", "file": "hash"}, content=b"a,b")
        first = done_by(jobs.take("w"))
        jobs.ask_next(first, by=by)
        second = done_by(jobs.take("w"))
        assert second.state == State.DONE and second.args["apply"] and not second.then
        with pytest.raises(IllegalMove):
            jobs.ask_next(second, by=by)

    def test_without_it_the_job_has_failed_in_words(self, kinds):
        kinds["look"] = Kind("look", lambda run: run.content(), 1, 0, again=True, whole=True)
        job = jobs.ask("look", by=somebody(), args={"name": "a.csv"}, content=b"a,b")
        jobs.path_of(job.pk).unlink()
        assert "Tệp gửi kèm không còn" in done_by(jobs.take("w")).says

    def test_old_jobs_go_with_their_files(self):
        old, new = (jobs.ask("write", by=somebody(), args={}, content=b"x") for _n in range(2))
        for _n in range(2):
            done_by(jobs.take("w"))
        Job.objects.filter(pk=old.pk).update(ended_at=timezone.now() - timedelta(days=31))
        os.utime(jobs.path_of(old.pk), (0, 0))
        os.utime(jobs.path_of(new.pk), (0, 0))
        assert jobs.clean_up(timezone.now()) == 2
        assert not jobs.path_of(old.pk).exists() and jobs.path_of(new.pk).exists()


class TestWhatIsLookedAfter:
    def test_what_stands_still_and_what_broke(self, kinds):
        now = timezone.now()
        asked(somebody())
        assert not jobs.standing(now).exists()
        assert jobs.standing(now + timedelta(hours=1)).exists()
        breaks(kinds, KeyError("x"))
        done_by(jobs.take("w"))
        assert [job.error for job in jobs.broken(now)] == ["KeyError('x')"]
        assert not jobs.standing(now + timedelta(hours=1)).exists()

    def test_a_refusal_is_nothing_to_look_after(self, kinds):
        breaks(kinds, NotAllowed())
        asked(somebody())
        done_by(jobs.take("w"))
        assert not jobs.broken(timezone.now() - timedelta(days=1)).exists()
