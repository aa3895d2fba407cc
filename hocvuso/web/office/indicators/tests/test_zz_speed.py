import random, time, uuid, datetime as dt, cProfile, pstats
import pytest
from django.conf import settings as S
from hocvuso.indicators import services
from hocvuso.indicators.models import *
from hocvuso.people.models import Person
from hocvuso.units import services as units
from hocvuso.units.models import *
from hocvuso.learning.models import Statement
from django.utils import timezone
@pytest.mark.django_db
def test_speed():
    d=S.REFERENCE_DATA
    units.load_places(d/"places.csv")
    rnd=random.Random(1)
    codes=list(Place.objects.communes().values_list("code",flat=True))
    ppl=Person.objects.bulk_create([Person(name="x", birth_year=rnd.randint(1940,2015), sex=rnd.choice(["female","male",""]), audience=rnd.choice(["citizens","elderly"]), home_place_id=rnd.choice(codes)) for _ in range(4000)])
    now=timezone.now(); st=[]
    for p in ppl:
        for k in range(10):
            at=now-dt.timedelta(days=rnd.uniform(0,330))
            st.append(Statement(id=uuid.uuid4(), person=p, verb="completed", object=f"urn:hocvuso:lesson:a/b{k}", content={}, content_hash="x", at=at, stored_at=at, seconds=300, device=f"d{rnd.randint(1,3000)}"))
    Statement.objects.bulk_create(st, batch_size=5000)
    for name in ("learning.minutes","learning.people-on-devices"):
        pr=cProfile.Profile(); pr.enable(); t=time.process_time(); services.roll_up(measure=name); print(name, time.process_time()-t); pr.disable()
        pstats.Stats(pr).sort_stats("tottime").print_stats(14)
