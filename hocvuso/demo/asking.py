"""Residents of the demo ask their communes for help: solved in time or late, rated, or still waiting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from hocvuso.helpdesk.models import ResidentRequest
from hocvuso.helpdesk.queries import unit_helping
from hocvuso.helpdesk.services import requests
from hocvuso.people.models import Person
from hocvuso.people.queries import records_need
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.units.models import Unit

ONE_IN, MOST, DAYS = 100, 500, 60
ASKED = (
    ("service", "Tôi muốn nộp hồ sơ đăng ký tạm trú trên mạng mà không biết bắt đầu từ đâu"),
    ("device", "Điện thoại báo đầy bộ nhớ, không nhận được tin nhắn"),
    ("safety", "Có người gọi xưng công an bắt chuyển tiền, tôi phải làm gì"),
    ("learning", "Muốn gọi thấy hình cho con ở xa"),
    ("other", "Không đọc được chữ nhỏ trên màn hình"),
)


def make(rng: Random, people: Sequence[Person], now: datetime) -> int:
    """One person in a hundred asks, over the last two months; returns how many did."""
    helper = Person.objects.create(name="Cán bộ xã thử", is_demo=True)
    roles.grant(person=helper, role=Role.OFFICER, unit=Unit.objects.get(code="BGDDT"), by=None)
    count = 0
    for person in rng.sample(people, min(len(people) // ONE_IN, MOST)):
        unit = unit_helping(person.home_place)
        if unit is not None and records_need(person) != "guardian":
            _one(rng, person, unit, helper, now)
            count += 1
    return count


def _one(rng: Random, person: Person, unit: Unit, helper: Person, now: datetime) -> None:
    at = now - timedelta(days=rng.random() * DAYS)
    topic, text = rng.choice(ASKED)
    request = requests.ask(unit=unit, topic=topic, text=text, by=person, at=at)
    ResidentRequest.objects.filter(pk=request.pk).update(created_at=at)
    if rng.random() < 0.8:
        day = at + timedelta(days=rng.randint(2, 4))
        requests.take(request=request, by=helper, day=day.date(), at=at)
        if rng.random() < 0.85:
            solved = min(now, at + timedelta(days=rng.randint(0, 6)))
            requests.solve(request=request, by=helper, text="Đã hướng dẫn tận nơi.", at=solved)
            if rng.random() < 0.6:
                requests.rate(request=request, rating=rng.choice((3, 4, 5, 5)), by=person, at=solved)
