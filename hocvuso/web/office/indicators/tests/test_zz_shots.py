import os, random
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="1"
import pytest
from django.conf import settings as S
from playwright.sync_api import sync_playwright
from hocvuso.indicators import services, queries
from hocvuso.indicators.models import *
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.units import services as units
from hocvuso.units.models import *
from hocvuso.indicators.tests import world as w
from hocvuso.learning.models import *
from tests.world import sign_in
import uuid, datetime as dt
from django.utils import timezone

@pytest.mark.django_db(transaction=True)
def test_shots(live_server, client, settings):
    d=S.REFERENCE_DATA
    units.load_places(d/"places.csv"); units.load_units(d/"units.csv"); services.load_reference(d)
    top=queries.national_unit(); so=Unit.objects.get(code="SGDDT-01"); so2=Unit.objects.get(code="SGDDT-80")
    m=Person.objects.create(name="Lan"); roles.grant(person=m, role=Role.LEADER, unit=top, by=None)
    rnd=random.Random(1)
    provs=list(Place.objects.provinces())
    ppl=Person.objects.bulk_create([Person(name="x", birth_year=rnd.randint(1940,2015), sex=rnd.choice(["female","male",""]), audience=rnd.choice(["citizens","elderly","students",""]), home_place=rnd.choice(provs+[None])) for _ in range(600)])
    now=timezone.now()
    st=[]
    for p in ppl:
        for k in range(rnd.randint(1,4)):
            at=now-dt.timedelta(days=rnd.triangular(0,330,40))
            st.append(Statement(id=uuid.uuid4(), person=p, verb="completed", object=f"urn:hocvuso:lesson:a/b{k}", content={}, content_hash="x", at=at, stored_at=at, seconds=rnd.randint(20,900), device=rnd.choice(["d%d"%rnd.randint(1,400),"shared"])))
    Statement.objects.bulk_create(st)
    Person.objects.filter(pk__in=[p.pk for p in ppl]).update(created_at=now-dt.timedelta(days=60))
    ind=queries.indicator_of("adults-confirmed")
    for u,v in ((so2,55.0),(so,40.0)):
        services.declare(indicator=ind, unit=u, period="2026", value=v, by=m, evidence=[services.Evidence("bang-ke.pdf", b"%PDF-1")])
    services.roll_up(full=True)
    print("flags", services.examine(period="2026-10"), services.examine(period="2025"))
    sign_in(client, m)
    with sync_playwright() as pw:
        b=pw.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for width in (360,1200):
            c=b.new_context(viewport={"width":width,"height":900}, base_url=live_server.url)
            c.add_cookies([{"name":"hv_session","value":client.cookies["hv_session"].value,"url":live_server.url}])
            pg=c.new_page()
            for n,path in {"list":"","ind":"lessons-done/?ky=2026-10","aud":"accounts/?theo=age_band","decl":f"adults-confirmed/?don-vi={so2.pk}&ky=2026","khai":f"adults-confirmed/khai/?don-vi={so2.pk}&ky=2026","flags":"canh-bao/","rec":"lessons-done/ban-ghi/?ky=2026-10","def":"learners-share/dinh-nghia/","tgt":"adults-confirmed/chi-tieu/"}.items():
                r=pg.goto("/dieu-hanh/chi-so/"+path); assert r.status==200, path
                over=pg.evaluate("document.documentElement.scrollWidth>innerWidth+1")
                print(n,width,"OVERFLOW" if over else "")
                pg.screenshot(path=f"/tmp/count-{n}-{width}.png", full_page=True)
        b.close()
