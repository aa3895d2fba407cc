"""The doctor: whatever is wrong, it says so in a line with a remedy, and the remedy mends it."""

import os
import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from hocvuso.jobs.models import Job
from hocvuso.library import queries, services_speech
from hocvuso.library import services as library
from hocvuso.library.models import Edition
from hocvuso.media import speech
from hocvuso.media.speech import Speech
from hocvuso.ops import doctor
from hocvuso.people.services import codes
from tests.world import ROOT, owner

SOURCE = ROOT / "tests" / "programmes" / "hai-bai"


def examine_alone(tmp_path, **environ):
    """The command as an operator runs it, on an installation of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "hocvuso", "doctor"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "", "HOCVUSO_DATA": str(tmp_path), **environ},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and "Traceback" not in done.stdout + done.stderr, done.stderr
    return done.stdout


def test_a_database_without_tables_is_told_to_be_set_up(tmp_path):
    said = examine_alone(tmp_path)
    assert "✗ The database is older than the software.\n  → hocvuso setup" in said
    assert "could not be made" not in said


def test_a_database_that_does_not_answer_is_said(tmp_path):
    said = examine_alone(tmp_path, DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert "✗ The database does not answer" in said and "DATABASE_URL" in said


def test_a_check_that_breaks_is_a_finding_and_holds_up_no_other():
    def ill():
        yield "first", "remedy"
        raise OSError("disk is gone")

    first, second = doctor._made(ill)
    assert first == ("first", "remedy") and "“ill” could not be made: OSError: disk is gone" in second[0]


@pytest.mark.django_db
class TestBundles:
    @pytest.fixture
    def bundle(self, programme):
        return settings.BUNDLES / programme.current.bundle

    @pytest.fixture(autouse=True)
    def _whole_again(self, programme):
        """Bundles are shared by all tests: each signs them anew, and mends what it spoilt, by the remedy itself."""
        library.publish_folder(folder=SOURCE, unit=owner())
        yield
        library.publish_folder(folder=SOURCE, unit=owner())

    def findings(self):
        return [what for what, _remedy in doctor._made(doctor.bundles)]

    def test_nothing_is_wrong_at_first(self, bundle):
        assert self.findings() == []

    @pytest.mark.parametrize(
        ("name", "spoil", "said"),
        [
            ("manifest.sig", None, "The signature of hai-bai 1 is missing"),
            ("manifest.sig", b"", "The signature of hai-bai 1 is missing"),
            ("manifest.sig", b"z6MkX nonsense\n", "The signature of hai-bai 1 is missing"),
            ("manifest.sig", b"\xff\xfe", "The signature of hai-bai 1 is missing"),
            ("manifest.json", None, "The bundle of hai-bai 1 is missing"),
            ("manifest.json", b"{}", "The bundle of hai-bai 1 is missing"),
            ("lessons/bai-mot/article.html", None, "lessons/bai-mot/article.html is missing"),
            ("lessons/bai-mot/article.html", b"<p>x", "lessons/bai-mot/article.html is missing or was changed"),
            ("index.json", b"[]", "index.json is missing or was changed"),
        ],
    )
    def test_what_was_spoilt_is_named_and_publishing_the_folder_again_mends_it(self, bundle, name, spoil, said):
        if spoil is None:
            (bundle / name).unlink()
        else:
            (bundle / name).write_bytes(spoil)
        (what,) = self.findings()
        assert said in what
        edition = library.publish_folder(folder=SOURCE, unit=owner())
        assert (edition.number, self.findings()) == (1, [])

    def test_the_remedy_names_the_folder_where_there_is_one(self, bundle, settings, tmp_path):
        (bundle / "manifest.sig").unlink()
        assert next(doctor.bundles())[1].startswith("hocvuso publish FOLDER with the source of hai-bai; or restore ")
        settings.CONTENT = SOURCE.parent
        assert next(doctor.bundles())[1].startswith(f"hocvuso publish {SOURCE}; or restore ")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("most", "sent", "said"),
    [
        (20, 15, None),
        (20, 16, "16 of 20 SMS with codes for today are sent; the rest"),
        (20, 20, "no more go out"),
        (None, 20, None),
    ],
)
def test_codes_by_sms_that_come_to_an_end_are_named(settings, most, sent, said):
    settings.ENV = {**settings.ENV, "HOCVUSO_SMS_A_DAY": 20}
    for _message in range(sent):
        codes.spend("phone", reserve=True)
    settings.ENV = {**settings.ENV, "HOCVUSO_SMS_A_DAY": most}
    told = [what for what, _remedy in doctor.budget()]
    assert told == [] if said is None else said in told[0]


@pytest.mark.django_db
def test_jobs_that_stand_still_or_broke_are_named():
    assert list(doctor.long_work()) == []
    asked = {"kind": "quality.check", "by_id": uuid4(), "language": "vi"}
    still = Job.objects.create(**asked)
    Job.objects.filter(pk=still.pk).update(created_at=timezone.now() - timedelta(hours=1))
    Job.objects.create(**asked, state="failed", error="out of memory", ended_at=timezone.now())
    Job.objects.create(**asked, state="failed", says="Bạn không có quyền", ended_at=timezone.now())
    (waits, remedy), (broke, _remedy) = doctor.long_work()
    assert f"quality.check {still.pk}" in waits and "stands still (queued)" in waits and "hocvuso work" in remedy
    assert "failed: out of memory" in broke


@pytest.mark.django_db
def test_sources_that_want_reading_are_named_but_not_those_never_dated(programme):
    edition = programme.published_edition
    days = {"Đọc đã lâu": timezone.localdate() - timedelta(days=366), "Vừa đọc": timezone.localdate()}
    cited = [{"title": t, "issuer": "Bộ", "date": "", "url": "", "checked": d.isoformat()} for t, d in days.items()]
    for lesson in edition.content["lessons"].values():
        lesson["sources"] = [*cited, {**cited[0], "title": "Chưa ghi ngày", "checked": None}]
    Edition.objects.filter(pk=edition.pk).update(content=edition.content)
    [(what, remedy)] = doctor.sources()
    assert "hai-bai: the source “Đọc đã lâu”" in what and "/bien-soan/nguon/" in remedy


@pytest.mark.django_db
class TestSounds:
    @pytest.fixture
    def edition(self, programme, settings, monkeypatch):
        settings.ENV = {**settings.ENV, "HOCVUSO_SPEECH": "built-in"}
        monkeypatch.setattr(speech, "speak", lambda said: Speech(b"sound", 9.0, [float(n) for n in range(len(said))]))
        return programme.current

    def test_lessons_without_a_sound_are_told_of_and_are_no_fault(self, edition, capsys):
        [(what, remedy)] = doctor.unspoken()
        assert what == "hai-bai: 2 lessons are not spoken yet." and "hocvuso setup" in remedy
        assert list(doctor.sounds()) == []
        doctor.examine()
        assert "· hai-bai: 2 lessons" in capsys.readouterr().out

    def test_a_sound_that_was_changed_is_a_fault_that_setting_up_mends(self, edition):
        services_speech.speak(edition)
        assert list(doctor.unspoken()) == list(doctor.sounds()) == []
        file = settings.BUNDLES / queries.sound_of(edition, "bai-mot").folder / "bai.weba"
        file.write_bytes(b"other")
        [(what, _remedy)] = doctor.sounds()
        assert what == "The sound of hai-bai/bai-mot is missing or was changed."
        assert services_speech.ask() == 1 and services_speech.speak(edition) == 1
        assert list(doctor.sounds()) == []
