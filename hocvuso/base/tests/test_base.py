"""Settings fail loudly, secrets stay secret, limits hold, states move only where they may."""

from contextlib import nullcontext
from datetime import timedelta
from enum import Enum

import pytest
from cryptography.exceptions import InvalidTag
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base import secrets, signing, throttle
from hocvuso.base.env import BadSetting, database, read_settings
from hocvuso.base.errors import IllegalMove, TooMany
from hocvuso.base.ids import uuid7
from hocvuso.base.logs import scrubbed
from hocvuso.base.models import Tries
from hocvuso.base.states import check_move


class TestSettings:
    def test_an_unknown_name_stops_the_start(self):
        with pytest.raises(BadSetting, match="HOCVUSO_PROT"):
            read_settings({"HOCVUSO_PROT": "8000"})

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("HOCVUSO_PORT", "80000"),
            ("HOCVUSO_DEBUG", "maybe"),
            ("HOCVUSO_WORKERS", "-1"),
            ("HOCVUSO_BASE_URL", "ftp://x"),
            ("HOCVUSO_LOG", "xml"),
            ("HOCVUSO_LOG", ""),
            ("HOCVUSO_TRUSTED_PROXIES", "proxy.example.vn"),
            ("HOCVUSO_METRICS_FROM", "10.0.0.1/8"),
            ("HOCVUSO_SMTP_URL", "http://mail"),
            ("HOCVUSO_SMTP_URL", "smtp://"),
            ("HOCVUSO_SMTP_URL", "smtp://mail:none"),
        ],
    )
    def test_nonsense_stops_the_start_and_names_the_setting(self, name, value):
        with pytest.raises(BadSetting, match=name):
            read_settings({name: value})

    def test_a_password_in_a_setting_is_not_shown(self):
        with pytest.raises(BadSetting, match="HOCVUSO_SMTP_URL") as stopped:
            read_settings({"HOCVUSO_SMTP_URL": "smpt://user:geheim@mail"})
        assert "geheim" not in str(stopped.value)

    @pytest.mark.parametrize(
        ("url", "port", "ssl", "tls"),
        [
            ("smtp://mail.example.vn", 587, False, False),
            ("smtp://an:x@mail.example.vn", 587, False, True),
            ("smtps://an:x@mail.example.vn", 465, True, False),
            ("smtps://an:x@mail.example.vn:2465", 2465, True, False),
        ],
    )
    def test_a_mail_server_has_the_port_of_its_kind(self, url, port, ssl, tls):
        read = read_settings({"HOCVUSO_SMTP_URL": url})["HOCVUSO_SMTP_URL"]
        assert (read["host"], read["port"], read["use_ssl"], read["use_tls"]) == ("mail.example.vn", port, ssl, tls)

    def test_user_and_password_of_mail_may_hold_any_letter(self):
        read = read_settings({"HOCVUSO_SMTP_URL": "smtps://an%40example.vn:p%40%3A%2Fss@mail"})["HOCVUSO_SMTP_URL"]
        assert (read["username"], read["password"]) == ("an@example.vn", "p@:/ss")

    def test_another_database_is_refused(self, tmp_path):
        with pytest.raises(BadSetting, match="mysql"):
            database("mysql://x/y", tmp_path)

    def test_a_short_secret_is_refused(self, tmp_path):
        with pytest.raises(SystemExit):
            secrets.master_secret("short", tmp_path)

    def test_a_new_secret_is_kept_only_on_purpose_and_privately(self, tmp_path):
        made, kept = secrets.master_secret("", tmp_path)
        assert not kept and not list(tmp_path.iterdir())
        secrets.keep(made, tmp_path / "secret.key")
        assert secrets.master_secret("", tmp_path) == (made, True)
        assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0
        with pytest.raises(FileExistsError):
            secrets.keep("another", tmp_path / "secret.key")

    def test_a_key_file_that_was_emptied_is_no_secret(self, tmp_path):
        (tmp_path / "secret.key").write_text("")
        with pytest.raises(SystemExit, match="too short"):
            secrets.master_secret("", tmp_path)


class TestSecrets:
    @given(st.text(max_size=200))
    def test_what_is_sealed_opens_again(self, text):
        assert secrets.decrypt(secrets.encrypt(text, purpose="a"), purpose="a") == text

    def test_a_seal_opens_only_for_its_purpose(self):
        with pytest.raises(InvalidTag):
            secrets.decrypt(secrets.encrypt("0912345678", purpose="a"), purpose="b")

    def test_the_same_text_is_sealed_differently_each_time(self):
        assert secrets.encrypt("x", purpose="a") != secrets.encrypt("x", purpose="a")

    def test_a_signature_holds_for_its_data_alone(self):
        sealed, public = signing.new_key()
        signature = signing.sign(sealed, b"data")
        assert signing.verify(public, signature, b"data")
        assert not signing.verify(public, signature, b"Data")
        assert not signing.verify("z6MkBad", signature, b"data")


def test_ids_sort_by_time_and_are_version_7():
    made = [uuid7() for _ in range(50)]
    assert all(i.version == 7 and i.variant == "specified in RFC 4122" for i in made)
    assert [i.int >> 80 for i in made] == sorted(i.int >> 80 for i in made)


def test_logs_carry_no_row_that_broke_a_rule_of_the_database():
    said = 'new row violates check "x"\nDETAIL:  Failing row contains (Hoa, 1960).\nnext'
    assert "Hoa" not in scrubbed(said) and scrubbed(said).endswith("next")


def test_logs_carry_no_addresses_of_people():
    assert scrubbed("gửi tới an@example.vn và 0912345678, +84912345678") == "gửi tới ‹e-mail› và ‹phone›, ‹phone›"


class Light(Enum):
    RED = "red"
    GREEN = "green"


def test_a_move_that_is_not_in_the_table_is_refused():
    check_move({Light.RED: {Light.GREEN}}, now=Light.RED, to=Light.GREEN)
    with pytest.raises(IllegalMove):
        check_move({Light.RED: {Light.GREEN}}, now=Light.GREEN, to=Light.RED)


@pytest.mark.django_db
class TestThrottle:
    def test_the_limit_holds_and_says_how_long(self):
        for _ in range(3):
            throttle.count("thing", "who", limit=3, minutes=10)
        with pytest.raises(TooMany) as refused:
            throttle.count("thing", "who", limit=3, minutes=10)
        assert refused.value.values["minutes"] in (9, 10)

    def test_a_refused_try_does_not_lengthen_the_wait_and_a_new_window_begins_anew(self, monkeypatch):
        began = timezone.now()
        for minute, fits in [(0, True), (5, True), (8, False), (9, False), (10, True), (19, True), (19, False)]:
            monkeypatch.setattr(timezone, "now", lambda minute=minute: began + timedelta(minutes=minute))
            with nullcontext() if fits else pytest.raises(TooMany):
                throttle.count("thing", "who", limit=2, minutes=10)

    def test_one_does_not_use_up_anothers_tries(self):
        for who in ("a", "b"):
            throttle.count("thing", who, limit=1, minutes=10)

    def test_nothing_of_the_person_is_kept_in_clear(self):
        throttle.count("thing", "0912345678", limit=1, minutes=10)
        assert "0912345678" not in Tries.objects.get().bucket
