"""Documents of the tests, made by the libraries that make real ones."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import pytest
import typst
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image
from pptx import Presentation

from hocvuso.authoring.importing import BadDocument, formats, read_document


def read(content, name="bai.docx"):
    """A document read in this process, so that a fault of ours is seen and not only refused."""
    return formats.imported(name, content)


def refused(content):
    """The words with which a document is refused."""
    with pytest.raises(BadDocument) as refusal:
        read_document("a", content)
    return str(refusal.value)


def what(imported):
    """What was left out, without where."""
    return [left.what for left in imported.left_out]


def saved(document):
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def picture(kind="PNG", size=(60, 40), colour="red", **options):
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **options)
    return out.getvalue()


def zipped(parts):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def word(*paragraphs):
    """A Word document of plain paragraphs; of pairs, the second is the style."""
    document = docx.Document()
    for one in paragraphs:
        text, style = (one, None) if isinstance(one, str) else one
        document.add_paragraph(text, style)
    return document


def in_font(paragraph, text, font):
    run = paragraph.add_run(text)
    run.font.name = font
    run._r.rPr.rFonts.set(qn("w:hAnsi"), font)


def add_xml(paragraph, xml):
    """An element that python-docx cannot make itself, as Word writes it."""
    paragraph._p.append(parse_xml(xml.replace("NS", nsdecls("w", "m", "r"), 1)))


def odt(body, *, styles="", more=None):
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"),
                             ("draw", "drawing"), ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"))
    )  # fmt: skip
    spaces += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:automatic-styles>{styles}'
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, **(more or {})})


def epub(*chapters, title="Sách", more=None):
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="OPS/sach.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    items = "".join(
        f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>' for n, _c in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n, _c in enumerate(chapters))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    page = '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body>{}</body></html>'
    return zipped(
        {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "OPS/sach.opf": package}
        | {f"OPS/c{n}.xhtml": page.format(chapter) for n, chapter in enumerate(chapters)}
        | (more or {})
    )


def pdf(text):
    """What typst makes of a text."""
    return typst.compile(text.encode())


def presentation():
    return Presentation()
