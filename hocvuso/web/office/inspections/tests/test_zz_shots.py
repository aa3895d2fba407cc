from decimal import Decimal
from django.utils import timezone
from datetime import timedelta
import pytest
from django.urls import reverse
from playwright.sync_api import sync_playwright
from hocvuso.indicators.models import Indicator
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.plans.models import Plan, Task, Comment
from hocvuso.plans.services import commenting, consulting, inspecting, linking, remedying
from hocvuso.plans.tests import consulting as cw, inspecting as iw
from tests import world as T

def test_shots(live_server, transactional_db, client, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    cast = T.cast()
    roles.grant(person=cast.minh, role=Role.STEWARD, unit=cast.ministry, by=None)
    i = iw.prepare(cast)
    i.send(cast.next_door, finish=True)
    f = i.find(cast.here, "Chưa có kế hoạch chi tiết triển khai phong trào tại đơn vị; chưa phân công người phụ trách.")
    r = i.ask(f)
    remedying.propose(remedy=r, text="Đã lập và ban hành kế hoạch số 12.", by=cast.an)
    f2 = i.find(cast.next_door, "Thiếu máy tính")
    roles.grant(person=cast.binh, role=Role.OFFICER, unit=cast.ministry, by=None)
    due = timezone.localdate() + timedelta(days=7)
    c = consulting.draft(unit=cast.ministry, by=cast.oanh, title="Dự thảo kế hoạch triển khai năm 2027", due_on=due, about="Tập trung vào Điều 1.")
    consulting.set_document(consultation=c, text=cw.TEXT, by=cast.oanh)
    consulting.invite(consultation=c, units=[cast.here, cast.next_door], by=cast.oanh)
    consulting.open_consultation(consultation=c, by=cast.oanh)
    w = cw.Consulted(c, cast.oanh, cast.an, cast.xuan)
    w.say(cast.here, cast.an, wording="2. Cả hải đảo.")
    w.say(cast.here, cast.an, label="Điều 2", kind="question", text="Hiệu lực từ ngày nào?")
    w.say(cast.next_door, cast.xuan)
    commenting.send(invitation=w.invitation(cast.next_door), by=cast.xuan)
    fam = [linking.keep_scheme(key=k, number=n, title=t, source="QĐ", family="chuyen-doi-so", by=cast.oanh) for k, n, t in [("a","131/QĐ-TTg","Tăng cường ứng dụng công nghệ thông tin"),("b","146/QĐ-TTg","Nâng cao nhận thức")]]
    plan = Plan.objects.create(unit=cast.ministry, title="Kế hoạch 899", state="in-force")
    for n in range(4):
        t = Task.objects.create(plan=plan, title=f"Phổ cập kỹ năng số cho người dân, đợt {n}", position=n, lead_unit=cast.here)
        if n < 2: linking.set_shares(shares={fam[0]: Decimal("0.4"), fam[1]: Decimal("0.6")}, task=t, by=cast.oanh)
    P = lambda name, *k: live_server.url + reverse(name, args=k)
    shots = {
      "insp-list": (cast.oanh, P("inspections")), "insp": (cast.oanh, P("inspection", i.inspection.pk)),
      "insp-new": (cast.hoa, P("inspection-new")), "insp-check": (cast.hoa, P("inspection-checklist", i.inspection.pk)),
      "insp-scope": (cast.hoa, P("inspection-scope", i.inspection.pk)),
      "sheet": (cast.hoa, P("visit", i.visit(cast.here).pk)), "read": (cast.hoa, P("visit", i.visit(cast.next_door).pk)),
      "findings": (cast.hoa, P("findings")+f"?don-vi={cast.here.pk}"), "finding": (cast.hoa, P("finding", f.pk)), "finding2": (cast.hoa, P("finding", f2.pk)),
      "concl": (cast.hoa, P("inspection-conclusion", i.inspection.pk)),
      "cons-list": (cast.an, P("consultations")), "cons": (cast.oanh, P("consultation", c.pk)), "cons-doc": (cast.oanh, P("consultation-document", c.pk)),
      "invit": (cast.an, P("invitation", w.invitation(cast.here).pk)), "answers": (cast.oanh, P("consultation-answers", c.pk)), "summary": (cast.oanh, P("consultation-summary", c.pk)),
      "cons-inv": (cast.oanh, P("consultation-invitations", c.pk)),
      "schemes": (cast.oanh, P("schemes")), "scheme": (cast.oanh, P("scheme", "a")), "matrix": (cast.oanh, P("scheme-tasks")+f"?ke-hoach={plan.pk}"), "keep": (cast.oanh, P("scheme-new")),
    }
    wide = []
    with sync_playwright() as pw:
        b = pw.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for width in (360, 1200):
            for name, (who, url) in shots.items():
                T.sign_in(client, who)
                ctx = b.new_context(viewport={"width": width, "height": 740})
                ctx.add_cookies([{"name": "hv_session", "value": client.cookies["hv_session"].value, "url": live_server.url}, {"name": "hv_in", "value": "1", "url": live_server.url}])
                pg = ctx.new_page()
                msgs = []
                pg.on("console", lambda m: msgs.append(m.text) if m.type == "error" else None)
                pg.goto(url); pg.wait_for_load_state("networkidle")
                sw = pg.evaluate("document.documentElement.scrollWidth")
                if sw > width or msgs: wide.append((name, width, sw, msgs))
                pg.screenshot(path=f"/tmp/steer_shots/{name}-{width}.png", full_page=True)
                ctx.close()
        b.close()
    print(wide)
    assert not wide, wide
