"""Things are named by the word of their noun, and found by it."""

import pytest
from django.utils import timezone

from hocvuso.base.models import JournalEntry, Tries
from hocvuso.base.words import model_of, name_of, thing_of, word_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def thing():
    return Tries.objects.create(bucket="a:b", since=timezone.now())


def test_a_thing_is_named_by_word_and_key(thing):
    assert name_of(thing) == "tries:a:b" and thing_of("tries:a:b") == thing


def test_a_model_is_named_by_its_word():
    assert name_of(Tries) == word_of(Tries) == "tries" and model_of("tries") is Tries


@pytest.mark.parametrize(
    "name", ["", "tries", "tries:", "tries:gone", "nothing:1", "attachment:not-a-key", "base.tries:a:b"]
)
def test_a_name_of_nothing_finds_nothing(thing, name):
    assert thing_of(name) is None


def test_a_word_is_not_inherited():
    class Heir(JournalEntry):
        class Meta:
            app_label = "base"
            abstract = True

    with pytest.raises(LookupError):
        word_of(Heir)
