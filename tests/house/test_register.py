"""The register of processing says of every field of every noun whether it is about persons."""

from pathlib import Path

from django.apps import apps

from hocvuso.people.rules_consent import MEANS, NOTICE
from hocvuso.privacy import exporting, keeping
from hocvuso.privacy.register import REGISTER

WITHOUT = Path(__file__).parent / "fields_without_persons.txt"
# Whoever changes what is said of a purpose writes a new version of the notice, and both here: people are asked anew.
SAID = {"2026-12": "25f4"}


def columns():
    """`room.Model.field` of every column of every noun, and of its many-to-many fields."""
    for model in apps.get_models():
        if model.__module__.startswith("hocvuso."):
            for field in [*model._meta.concrete_fields, *model._meta.local_many_to_many]:
                yield f"{model._meta.label}.{field.name}"


def without_persons():
    for line in WITHOUT.read_text("utf-8").splitlines():
        model, _colon, names = line.partition(": ")
        yield from (f"{model}.{name}" for name in names.split())


def test_every_field_is_in_the_register_or_among_those_without_persons():
    there, about, not_about = set(columns()), set().union(*(p.columns() for p in REGISTER)), set(without_persons())
    assert not there - about - not_about, (
        "a new field: is it about a person? privacy/register.py, or the list of others"
    )
    assert not (about | not_about) - there, "a field that is gone"
    assert not about & not_about


def test_a_field_that_leads_to_a_person_is_in_the_register():
    about = set().union(*(p.columns() for p in REGISTER))
    for model in apps.get_models():
        for field in [*model._meta.concrete_fields, *model._meta.local_many_to_many]:
            if field.is_relation and field.related_model._meta.label == "people.Person":
                assert not model.__module__.startswith("hocvuso.") or f"{model._meta.label}.{field.name}" in about


def test_a_field_stands_in_one_line_of_the_register():
    every = [column for line in REGISTER for column in line.columns()]
    assert len(every) == len(set(every))


def test_how_long_is_said_of_every_line():
    for line in REGISTER:
        assert line.kept and all(keeping.of(key).sentence for key in line.kept)


def test_a_new_wording_is_a_new_version_of_the_notice():
    from hashlib import sha256

    from django.utils import translation

    with translation.override("vi"):
        said = "\n".join(f"{purpose.value}: {purpose.label}: {words}" for purpose, words in MEANS.items())
    assert sha256(said.encode()).hexdigest()[:4] == SAID[NOTICE], "write a new NOTICE, and its hash here"


def test_every_field_of_the_register_is_in_the_download_of_ones_data_or_it_says_why_not():
    shown = {table.of(name) for table in exporting.tables() for name in table.names}
    reasons = {name: why for line in REGISTER for name, why in line.withheld.items()}
    about = set().union(*(p.columns() for p in REGISTER))
    assert {c for c in about - shown if c not in reasons and c.rpartition(".")[0] not in reasons} == set()
    assert all(str(why) for why in reasons.values())


def test_what_the_register_says_of_the_download_names_fields_that_are_there():
    for line in REGISTER:
        columns = line.columns()
        assert set(line.opened) | set(line.belongs) | set(line.after) <= columns
        assert set(line.withheld) <= columns | set(line.fields) and set(line.whose) <= set(line.fields)
