"""What can be taken home: a page that lists it, files that are made once."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from hocvuso.handouts import taking
from hocvuso.web.kit.downloads import is_export

pytestmark = pytest.mark.django_db
PAGE = "/hoc/hai-bai/tai-ve/"


@pytest.fixture(autouse=True)
def kept(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path / "take-home"


def links(page):
    return re.findall(r'href="(/hoc/hai-bai/tai-ve/[^"]+)"', page)


class TestThePage:
    def test_it_lists_every_format_of_the_programme_and_of_each_lesson(self, programme, client):
        found = links(client.get(PAGE).text)
        assert len(found) == len(taking.OF_PROGRAMME) + 2 * len(taking.OF_LESSON)
        assert "/hoc/hai-bai/tai-ve/chuong-trinh.epub" in found
        assert "/hoc/hai-bai/tai-ve/bai/bai-mot.pdf" in found

    def test_it_makes_nothing(self, programme, client, kept):
        client.get(PAGE)
        assert not kept.exists()

    def test_it_says_the_licence_and_how_to_cite(self, programme, client):
        page = client.get(PAGE).text
        assert "CC BY 4.0" in page and "https://creativecommons.org/licenses/by/4.0/" in page
        assert "“Hai bài thử”, Học vụ số" in page

    def test_it_tells_the_size_once_a_file_was_made(self, programme, client):
        assert "KB</small>" not in client.get(PAGE).text
        b"".join(client.get(f"{PAGE}chuong-trinh.epub"))
        assert "KB</small>" in client.get(PAGE).text.replace("\xa0", " ")

    def test_the_programme_leads_to_it(self, programme, client):
        assert f'href="{PAGE}"' in client.get("/chuong-trinh/hai-bai/").text

    def test_in_english(self, programme, client):
        client.cookies["hv_lang"] = "en"
        assert "Whole programme" in client.get(PAGE).text


class TestTheFiles:
    def test_each_that_is_offered_comes(self, programme, client):
        for address in links(client.get(PAGE).text):
            answer = client.get(address)
            assert answer.status_code == 200 and len(b"".join(answer)) > 1000, address
            assert answer["Content-Disposition"].startswith('attachment; filename="hai-bai')

    def test_they_are_written_outside_the_learners_workers(self, programme, client):
        assert all(is_export(address, "") for address in links(client.get(PAGE).text))
        assert not is_export(PAGE, "")

    def test_the_second_time_the_kept_file_comes(self, programme, client, kept):
        first = b"".join(client.get(f"{PAGE}bai/bai-mot.pdf"))
        file = next(kept.rglob("bai-mot.pdf"))
        file.write_bytes(b"kept")
        assert b"".join(client.get(f"{PAGE}bai/bai-mot.pdf")) == b"kept" != first

    def test_files_of_another_edition_go(self, programme, client, kept):
        old = kept / "hai-bai" / "older"
        old.mkdir(parents=True)
        b"".join(client.get(f"{PAGE}bai/bai-mot.pdf"))
        assert not old.exists() and len(list((kept / "hai-bai").iterdir())) == 1

    def test_the_bundle_comes_without_what_is_only_for_the_server(self, programme, client):
        names = ZipFile(BytesIO(b"".join(client.get(f"{PAGE}chuong-trinh.zip")))).namelist()
        assert "lessons/bai-mot/article.html" in names and "licence.txt" in names
        assert not [name for name in names if name.endswith(".br")]

    def test_no_item_of_a_test_goes_out(self, programme, client):
        stems = [item["stem"] for item in programme.current.items]
        assert stems
        for address in links(client.get(PAGE).text):
            content = b"".join(client.get(address))
            files = [content]
            if content[:2] == b"PK":
                with ZipFile(BytesIO(content)) as archive:
                    files = [archive.read(name) for name in archive.namelist()]
            assert not [stem for stem in stems for file in files if stem.encode() in file], address

    @pytest.mark.parametrize(
        "address", ["chuong-trinh.exe", "chuong-trinh.pdf", "bai/bai-ba.pdf", "bai/bai-mot.zip", "bai/..%2f..%2fx.pdf"]
    )
    def test_what_is_not_offered_is_not_there(self, programme, client, address):
        assert client.get(PAGE + address).status_code == 404

    def test_of_what_is_not_published_nothing_goes_out(self, programme, client):
        assert client.get("/hoc/khong-co/tai-ve/").status_code == 404
        assert client.get("/hoc/khong-co/tai-ve/chuong-trinh.epub").status_code == 404
