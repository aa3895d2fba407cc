"""Invented people, spread over the communes as people are spread over the provinces."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from hocvuso.indicators.models import Population
from hocvuso.people.models import Person
from hocvuso.people.rules_consent import Purpose
from hocvuso.people.services import consents
from hocvuso.units.models import Place

from .dating import dated

DAYS = 200  # how far back the movement reaches
FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
)
MIDDLE = {"female": ("Thị", "Ngọc", "Thu", "Minh", "Phương"), "male": ("Văn", "Hữu", "Đức", "Minh", "Quang")}
GIVEN = (
    "An", "Bình", "Chi", "Dung", "Giang", "Hà", "Hạnh", "Hoa", "Hùng", "Khánh", "Lan", "Linh", "Mai", "Nam", "Nga",
    "Phúc", "Quân", "Sơn", "Tâm", "Thảo", "Trang", "Tuấn", "Vân", "Yến",
)  # fmt: skip
# audience → (share, youngest, oldest)
AUDIENCES = {
    "citizens": (0.42, 18, 59),
    "elderly": (0.16, 60, 88),
    "pupils-lower-secondary": (0.2, 11, 15),
    "students": (0.1, 18, 24),
    "officials": (0.05, 22, 60),
    "enterprise-workers": (0.07, 18, 60),
}
BATCH = 5000


def person(rng: Random, place: str | None, now: datetime, *, days: int = DAYS) -> Person:
    """One invented person who came within the last `days`; more came lately than in the beginning."""
    audience = rng.choices(list(AUDIENCES), [share for share, _low, _high in AUDIENCES.values()])[0]
    _share, youngest, oldest = AUDIENCES[audience]
    sex = rng.choice(("female", "male"))
    made = Person(
        id=UUID(int=rng.getrandbits(128), version=4),
        name=f"{rng.choice(FAMILY)} {rng.choice(MIDDLE[sex])} {rng.choice(GIVEN)}",
        birth_year=now.year - rng.randint(youngest, oldest),
        sex=sex,
        audience=audience,
        home_place_id=place,
        is_demo=True,
    )
    made.created_at = now - timedelta(days=days * (1 - rng.triangular(0, 1, 0.8)) + rng.random())
    return made


def make(rng: Random, count: int, now: datetime) -> list[Person]:
    """`count` people; one in fifty says no home place."""
    communes, weights = weighted_communes()
    homes = rng.choices(communes, weights, k=count)
    made = [person(rng, None if rng.random() < 0.02 else home, now) for home in homes]
    with dated(Person):
        Person.objects.bulk_create(made, batch_size=BATCH)
    consents.give_for_all(people=made, purpose=Purpose.LEARNING, evidence="demo")
    return made


def weighted_communes() -> tuple[list[str], list[float]]:
    """Communes with the share of their province's population that falls to each."""
    people = {p.place_id: p.count for p in Population.objects.filter(group="all").order_by("on")}
    communes = Place.objects.communes().filter(valid_to=None, parent__isnull=False).order_by("code")
    rows = [(place.code, str(place.parent_id)) for place in communes.only("code", "parent")]
    inside = Counter(province for _code, province in rows)
    return [code for code, _p in rows], [people.get(province, 1_000_000) / inside[province] for _c, province in rows]
