"""The download of one's own data, table by table, with a neighbour's account beside it."""

import json
from dataclasses import replace

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from hocvuso.base import journal
from hocvuso.base.secrets import encrypt
from hocvuso.people.models import Guardianship, Passkey, RoleOffer
from hocvuso.people.queries import lookup_of
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.privacy import exporting
from hocvuso.privacy.register import REGISTER

pytestmark = pytest.mark.django_db


def table(person, key, word, register=REGISTER):
    told = exporting.export(person, register)
    return next(line for line in told["processings"] if line["key"] == key)["tables"][word]


def text(person):
    return json.dumps(exporting.export(person), cls=DjangoJSONEncoder, ensure_ascii=False)


def test_a_passkey_is_in_it_with_its_name(cast):
    Passkey.objects.create(person=cast.hoa, credential_id="abc", public_key="k", label="Máy của Hoa")
    Passkey.objects.create(person=cast.binh, credential_id="xyz", public_key="k", label="Máy của Bình")
    (row,) = table(cast.hoa, "sign-in", "passkey")
    assert row["label"] == "Máy của Hoa" and "Máy của Bình" not in text(cast.hoa)


def test_no_secret_is_in_it(cast):
    cast.hoa.totp_sealed = encrypt("JBSWY3DP", purpose="totp")
    cast.hoa.save()
    (row,) = table(cast.hoa, "sign-in", "person")
    assert set(row) == {"row", "ended_sessions"} and cast.hoa.session_salt not in text(cast.hoa)


def guardianship(cast):
    return Guardianship.objects.create(
        child=cast.binh,
        guardian=cast.hoa,
        guardian_sealed=encrypt("+84900000001", purpose="identifier"),
        guardian_name="Trần Thị Hoa",
        token_hash="t",
        expires_at="2030-01-01T00:00Z",
    )


def test_a_guardian_sees_their_own_name_and_number_and_not_which_child(cast):
    guardianship(cast)
    (row,) = table(cast.hoa, "guardian", "guardianship")
    assert (row["child"], row["guardian"]) == ("(người khác)", "(bạn)")
    assert (row["guardian_name"], row["guardian_sealed"]) == ("Trần Thị Hoa", "+84900000001")


def test_the_child_sees_that_somebody_was_asked_and_not_their_number(cast):
    guardianship(cast)
    (row,) = table(cast.binh, "guardian", "guardianship")
    assert row["guardian_name"] == row["guardian_sealed"] == "(của người khác)" and "900000001" not in text(cast.binh)


def test_whoever_offers_a_role_takes_no_number_of_others_along(cast):
    roles.offer(address="0912345678", role=Role.VOLUNTEER, unit=cast.school, by=cast.lan, name="Ông Ba")
    (row,) = table(cast.lan, "roles", "role-offer")
    assert row["sealed"] == row["name"] == "(của người khác)" and row["offered_by"] == "(bạn)"


def test_an_offer_to_oneself_is_in_full(cast):
    RoleOffer.objects.create(
        kind="phone",
        lookup=lookup_of("phone", "+84900000001"),
        sealed=encrypt("+84900000001", purpose="identifier"),
        role=Role.VOLUNTEER,
        unit=cast.school,
        name="Hoa",
        offered_by=cast.lan,
        expires_at="2030-01-01T00:00Z",
    )
    (row,) = table(cast.hoa, "roles", "role-offer")
    assert (row["sealed"], row["name"], row["offered_by"]) == ("+84900000001", "Hoa", "(người khác)")


def test_the_journal_names_oneself_and_nobody_else(cast):
    journal.write("role.granted", cast.hoa, by=cast.lan, person=cast.binh.pk, unit="SO-1")
    row = table(cast.hoa, "journal", "journal-entry")[-1]
    assert row["actor"] == row["data"]["person"] == "(người khác)" and row["subject"] == f"person:{cast.hoa.pk}"


def test_a_new_table_of_the_register_appears_by_itself(cast):
    new = replace(REGISTER[0], key="new", fields={"reminders.Notice": "id person text"}, whose={})
    cast.hoa.notices.create(subject="x", text="Chào Hoa")
    assert table(cast.hoa, "new", "notice", (new,))[0]["text"] == "Chào Hoa"


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"people.Identifier": "person sealed"}, "sealed"), ({"indicators.Cell": "audience"}, "whose is a row")],
)
def test_a_table_that_cannot_be_shown_is_refused(fields, why):
    with pytest.raises(exporting.CannotShow, match=why):
        exporting.tables((replace(REGISTER[0], fields=fields, whose={}),))


def test_what_is_kept_is_counted_in_three_queries(cast, django_assert_num_queries):
    with django_assert_num_queries(3):
        counted = {line.key: n for line, n in exporting.counts(cast.hoa)}
    assert counted["account"] == 1 and "acts-in-steering" not in counted


SOON_EMPTY = {"people.OneTimeCode", "base.NotTaken"}  # what ends within minutes, what waits to be mended


@pytest.mark.skipif(connection.vendor != "sqlite", reason="plans are written otherwise elsewhere")
@pytest.mark.parametrize("table", exporting.tables(), ids=lambda table: f"{table.line.key} {table.label}")
def test_no_table_is_read_through_for_a_learner(cast, table):
    rows = exporting.rows_of(table, cast.hoa, {"lookup"}, is_staff=exporting.was_staff(cast.hoa))
    plan = "" if rows.query.is_empty() else rows.order_by().values("pk").explain()
    assert "SCAN" not in plan or table.label in SOON_EMPTY, plan


def test_for_who_held_a_role_all_is_looked_at(cast):
    [figures] = (table for table in exporting.tables() if table.label == "indicators.Value")
    for person, is_empty in ((cast.hoa, True), (cast.lan, False)):
        rows = exporting.rows_of(figures, person, set(), is_staff=exporting.was_staff(person))
        assert rows.query.is_empty() == is_empty
