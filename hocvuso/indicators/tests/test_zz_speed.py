import random, time, uuid, datetime as dt
import pytest
from django.conf import settings as S
from hocvuso.indicators import services, queries
from hocvuso.indicators.models import *
from hocvuso.people.models import Person
from hocvuso.units import services as units
from hocvuso.units.models import *
from hocvuso.learning.models import Statement
from django.utils import timezone

@pytest.mark.django_db
def test_speed():
    d=S.REFERENCE_DATA
    units.load_places(d/"places.csv"); units.load_units(d/"units.csv"); units.open_commune_committees(); services.load_reference(d)
    rnd=random.Random(1)
    codes=list(Place.objects.communes().values_list("code",flat=True))
    ppl=Person.objects.bulk_create([Person(name="x", birth_year=rnd.randint(1940,2015), sex=rnd.choice(["female","male",""]), audience=rnd.choice(["citizens","elderly"]), home_place_id=rnd.choice(codes)) for _ in range(20000)])
    now=timezone.now(); st=[]
    for p in ppl:
        for k in range(10):
            at=now-dt.timedelta(days=rnd.uniform(0,330))
            st.append(Statement(id=uuid.uuid4(), person=p, verb="completed", object=f"urn:hocvuso:lesson:a/b{k}", content={}, content_hash="x", at=at, stored_at=at, seconds=300, device=f"d{rnd.randint(1,15000)}"))
    Statement.objects.bulk_create(st, batch_size=5000)
    for name in ("learning.lessons-done","learning.minutes","learning.devices","learning.people-on-devices","learning.people-on-crowded-devices","learning.lessons-hasty","people.accounts"):
        t=time.time(); services.roll_up(measure=name); print(name, round(time.time()-t,1))
    print("cells", Cell.objects.count(), "totals", Total.objects.count())
    t=time.time(); services.roll_up(); print("again", round(time.time()-t,1))
    all_units=list(Unit.objects.filter(kind="commune-committee"))
    keys=["lessons-done","learning-minutes","devices","people-on-devices","accounts","learners","learners-share","lessons-per-learner","adults-confirmed","adults-confirmed-people"]
    months=[f"2026-{m:02}" for m in range(1,13)]
    t=time.time(); f=queries.figures(indicators=keys, units=all_units, periods=months); print("3321x12x10", len(f), round(time.time()-t,2))
    provs=list(Unit.objects.filter(kind="provincial-department"))
    t=time.time(); f=queries.figures(indicators=keys, units=provs, periods=months); print("34x12x10", len(f), round(time.time()-t,3))
    weeks=[f"2026-W{m:02}" for m in range(1,49)]
    t=time.time(); f=queries.figures(indicators=keys, units=provs, periods=weeks); print("34 x48 weeks x10", len(f), round(time.time()-t,3))
    nat=queries.national_unit(); import hocvuso.indicators.periods as P
    for by in queries.WAYS:
        t=time.time(); queries.breakdown(indicator=queries.indicator_of("lessons-done"), unit=nat, period=P.parse("2026"), by=by); print(by, round(time.time()-t,3))
    t=time.time(); print(services.examine(period="2026-10"), "examine", round(time.time()-t,1))
