"""The notice says what is so: who answers, what for, how long, which rights."""

import pytest

from hocvuso.people.rules_consent import NOTICE
from hocvuso.privacy import keeping
from hocvuso.privacy.register import REGISTER

pytestmark = pytest.mark.django_db


def test_it_names_every_kind_of_data_and_every_time(client):
    page = client.get("/quyen-rieng-tu/").text
    assert NOTICE in page and "91/2025/QH15" in page
    for line in REGISTER:
        assert str(line.title) in page
    for title, how_long in keeping.rows():
        assert str(title) in page and how_long in page


def test_who_answers_is_said_once_the_operator_said_so(client, settings):
    assert "chưa ghi tên cơ quan" in client.get("/quyen-rieng-tu/").text
    settings.ENV = {**settings.ENV, "HOCVUSO_CONTROLLER": "Bộ X", "HOCVUSO_CONTROLLER_CONTACT": "hoi@x.vn"}
    page = client.get("/quyen-rieng-tu/").text
    assert "Bộ X" in page and "hoi@x.vn" in page and "chưa ghi tên cơ quan" not in page


def test_every_page_leads_to_it(client):
    assert 'href="/quyen-rieng-tu/"' in client.get("/gioi-thieu/").text
