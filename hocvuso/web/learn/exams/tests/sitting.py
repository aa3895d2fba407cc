"""Sitting a test as a browser does, with knowledge of the key."""

from django.test import Client

from hocvuso.assess.models import Attempt, Item
from tests import world
from tests.world import right_response, wrong_response

INTRO, START = "/kiem-tra/hai-bai/", "/kiem-tra/hai-bai/bat-dau/"


def signed_in(person):
    client = Client()
    world.sign_in(client, person)
    return client


def form(url, *, right=True):
    """What a browser sends for the open question, filled in with knowledge of the key."""
    attempt = Attempt.objects.get(pk=url.strip("/").rsplit("/", 1)[-1])
    position = attempt.answers.count()
    item = Item.objects.get(pk=attempt.form["items"][position]["id"])
    response = right_response(item) if right else wrong_response(item)
    typed = {"position": position, "type": item.content["type"]}
    if item.content["type"] == "order":
        return typed | {f"place-{option}": place for place, option in enumerate(response, 1)}
    return typed | {"option": response}


def open_item(client, url, kind):
    """Answer until a question of a kind is open; its position and item."""
    while True:
        attempt = Attempt.objects.get()
        at = attempt.answers.count()
        item = Item.objects.get(pk=attempt.form["items"][at]["id"])
        if item.content["type"] == kind:
            return at, item
        client.post(url, form(url))


def answer_all(client, url, *, right=True):
    while "Bạn đã trả lời hết" not in client.get(url).text:
        assert client.post(url, form(url, right=right)).status_code == 302
