"""Certificates are suspended, restored and revoked by who may, for a reason, and the journal tells of it."""

import re

import pytest
from django.test import Client

from hocvuso.base.models import JournalEntry
from hocvuso.credentials import queries, services
from hocvuso.credentials.models import RevocationRequest
from tests import world

pytestmark = pytest.mark.django_db
PAGE = "/dieu-hanh/chung-nhan/"


@pytest.fixture
def credential(cast, programme):
    return services.issue(attempt=world.take_final(cast.hoa, programme))


@pytest.fixture
def lan(cast):
    client = Client()
    world.sign_in(client, cast.lan)
    return client


@pytest.fixture
def oanh(cast):
    client = Client()
    world.sign_in(client, cast.oanh)
    return client


def decide(client, how):
    return client.post(f"{PAGE}de-nghi/{RevocationRequest.objects.latest('created_at').pk}/", {"act": how}, follow=True)


def act(client, credential, name, reason="cấp nhầm"):
    return client.post(f"{PAGE}{credential.pk}/", {"act": name, "reason": reason}, follow=True)


def verdict(credential):
    return queries.verification(credential.pk).verdict


class TestFinding:
    @pytest.mark.parametrize("pasted", ["{}", " {} ", "https://hoc.example.vn/xac-minh/{}", "/xac-minh/{}?dang=json"])
    def test_by_what_stands_on_it(self, lan, credential, pasted):
        page = lan.get(PAGE, {"ma": pasted.format(credential.pk)}).text
        assert "Hai bài thử" in page and "còn hiệu lực" in page and "Đề nghị thu hồi" in page

    def test_nothing_of_the_holder_is_shown(self, lan, credential):
        page = lan.get(PAGE, {"ma": credential.pk}).text
        assert not re.search(r"\bHoa\b", page) and "900000001" not in page and str(credential.holder_id) not in page

    @pytest.mark.parametrize("pasted", ["x", "00000000-0000-0000-0000-000000000000", "<b>", "\0"])
    def test_what_is_not_there_is_said(self, lan, credential, pasted):
        page = lan.get(PAGE, {"ma": pasted})
        assert page.status_code == 200 and "Không có chứng nhận nào mang mã này." in page.text

    def test_what_is_too_long_to_be_an_address_is_named(self, lan, credential):
        page = lan.get(PAGE, {"ma": f"{credential.pk}" + "9" * 5000})
        assert page.status_code == 400 and 'id="error-ma"' in page.text and "còn hiệu lực" not in page.text

    def test_at_first_it_only_asks(self, lan, credential):
        page = lan.get(PAGE).text
        assert "Mã hoặc địa chỉ trên chứng nhận" in page and "Không có chứng nhận nào" not in page


class TestActs:
    def test_suspended_restored_revoked(self, lan, cast, credential):
        page = act(lan, credential, "suspend", "đang xem lại").text
        assert "Chứng nhận nay: tạm dừng." in page and "đang xem lại" in page and verdict(credential) == "suspended"
        assert (
            "Chứng nhận nay: còn hiệu lực." in act(lan, credential, "restore").text and verdict(credential) == "valid"
        )
        acts = JournalEntry.objects.filter(act="credential.moved", actor=str(cast.lan.pk))
        assert [a.data["after"] for a in acts] == ["suspended", "issued"]

    def test_two_revoke_it_and_two_lift_it(self, lan, oanh, credential):
        page = act(lan, credential, "revoke").text
        assert "Một người khác có quyền này cần xác nhận." in page and "Rút đề nghị" in page
        assert "Xác nhận</button>" not in page and verdict(credential) == "valid"
        assert decide(lan, "confirm").status_code == 409 and verdict(credential) == "valid"
        assert "Lan đề nghị thu hồi" in oanh.get(PAGE, {"ma": credential.pk}).text
        assert "Hai bài thử" in oanh.get("/dieu-hanh/").text
        assert "Chứng nhận nay: đã thu hồi." in decide(oanh, "confirm").text and verdict(credential) == "revoked"
        act(oanh, credential, "lift", "thu hồi nhầm")
        assert "Oanh đề nghị bỏ việc thu hồi" in lan.get(PAGE, {"ma": credential.pk}).text
        assert "Chứng nhận nay: còn hiệu lực." in decide(lan, "confirm").text and verdict(credential) == "valid"

    def test_a_session_left_open_decides_nothing(self, lan, oanh, credential):
        act(lan, credential, "revoke")
        world.leave_open(oanh)
        page = f"{PAGE}?ma={credential.pk}"
        for name in ("confirm", "decline"):
            path = f"{PAGE}de-nghi/{RevocationRequest.objects.get().pk}/"
            answer = oanh.post(path, {"act": name}, headers={"Referer": f"http://testserver{page}"})
            assert answer["Location"].startswith("/tai-khoan/buoc-hai/?next=")
        assert verdict(credential) == "valid" and RevocationRequest.objects.get().state == "open"

    @pytest.mark.parametrize("who", ["lan", "oanh"])
    def test_taken_back_or_declined_it_stays_valid(self, lan, oanh, credential, who):
        act(lan, credential, "revoke")
        assert "Chứng nhận để nguyên như cũ." in decide({"lan": lan, "oanh": oanh}[who], "decline").text
        assert verdict(credential) == "valid"

    def test_next_door_there_is_no_request(self, lan, cast, credential):
        act(lan, credential, "revoke")
        xuan = Client()
        world.sign_in(xuan, cast.xuan)
        assert decide(xuan, "confirm").status_code == decide(xuan, "decline").status_code == 404

    @pytest.mark.parametrize("name", ["suspend", "revoke"])
    @pytest.mark.parametrize("reason", ["", "   "])
    def test_not_without_a_reason(self, lan, credential, name, reason):
        page = act(lan, credential, name, reason)
        assert page.status_code == 400 and 'id="error-reason"' in page.text and verdict(credential) == "valid"

    def test_a_reason_that_is_too_long_is_not_cut(self, lan, credential):
        page = act(lan, credential, "revoke", "x" * 100_000)
        assert page.status_code == 400 and "x" * 100_000 in page.text and verdict(credential) == "valid"

    def test_what_was_revoked_stays_so(self, lan, credential):
        services.revoke(credential=credential, reason="sai")
        page = act(lan, credential, "restore")
        assert page.status_code == 409 and "Không thể chuyển từ" in page.text and verdict(credential) == "revoked"

    @pytest.mark.parametrize("name", ["delete", "", "\0"])
    def test_there_is_no_other_act(self, lan, credential, name):
        assert act(lan, credential, name).status_code == 404

    def test_a_compromised_key_is_said(self, lan, credential):
        services.condemn_key(public=credential.key.public)
        assert "bị lộ" in lan.get(PAGE, {"ma": credential.pk}).text


@pytest.mark.parametrize("who", ["hoa", "an", "minh"])
def test_for_others_there_is_no_such_page(cast, credential, who):
    client = Client()
    world.sign_in(client, getattr(cast, who))
    assert client.get(PAGE).status_code == 404
    assert act(client, credential, "revoke").status_code == 404 and verdict(credential) == "valid"


def test_the_menu_leads_there_once_there_is_something_to_answer_for(lan, credential, cast):
    assert f'href="{PAGE}"' in lan.get("/dieu-hanh/").text
    xuan = Client()
    world.sign_in(xuan, cast.xuan)
    assert f'href="{PAGE}"' not in xuan.get("/dieu-hanh/").text


def test_who_leads_elsewhere_neither_finds_it_nor_revokes_it(cast, credential):
    xuan = Client()
    world.sign_in(xuan, cast.xuan)
    assert "Không có chứng nhận nào mang mã này." in xuan.get(PAGE, {"ma": credential.pk}).text
    assert act(xuan, credential, "revoke").status_code == 404 and verdict(credential) == "valid"


def test_the_ministry_asks_for_it_too(oanh, credential):
    assert "Đã gửi đề nghị." in act(oanh, credential, "revoke").text
