"""Pictures of documents as a lesson can keep them: PNG, JPEG, WebP, and drawings that our own cleaning takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from hocvuso.library.rendering.pictures import MAX_BYTES, BadDrawing, drawn
from hocvuso.media.pictures import BROKEN, MAX_PIXELS

KEPT = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
CONVERTED = ("GIF", "BMP", "TIFF")
MOST_BYTES = 700 * 1024  # of one that is kept as it came
MOST_SIDE = 1600  # pixels; a lesson shows 720
SMALLEST = 12  # pixels: what is smaller is a dot or a line of the layout
_SHOWN_OTHERWISE = re.compile(rb"<(?:\w+:)?(?:style|image|foreignObject|filter|pattern|animate)\b|\sstyle=")
_OTHERS = (
    (b"\x01\x00\x00\x00", "EMF"),
    (b"\xd7\xcd\xc6\x9a", "WMF"),
    (b"\x01\x00\x09\x00", "WMF"),
    (b"%!PS", "EPS"),
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "nén (EMZ, WMZ hoặc SVGZ)"),
)


class Unusable(ValueError):
    """A picture that no lesson can show; says why."""


@dataclass(frozen=True)
class Ready:
    """A picture that a lesson can keep; `note`: what has become of it that its author should know."""

    content: bytes
    ending: str
    note: str = ""


def prepared(content: bytes) -> Ready:
    """A picture of a document, made ready. Raises Unusable."""
    if re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE svg|svg)", content) and b"<svg" in content[:4096]:
        return _drawing(content)
    for sign, kind in _OTHERS:
        if content.startswith(sign):
            raise Unusable(f"kiểu {kind} không dùng được trên web; hãy lưu hình ấy thành PNG rồi thêm lại")
    try:
        with Image.open(BytesIO(content), formats=(*KEPT, *CONVERTED)) as image:
            return _raster(image, content)
    except Unusable:
        raise
    except BROKEN as error:
        raise Unusable("không đọc được; hãy lưu hình ấy thành PNG rồi thêm lại") from error


def _drawing(content: bytes) -> Ready:
    if len(content) > MAX_BYTES:
        raise Unusable(f"hình vẽ SVG lớn hơn {MAX_BYTES // 1024} KB")
    try:
        drawn(content, Path("hinh.svg"), "")
    except BadDrawing as error:
        raise Unusable(f"hình vẽ SVG không nhận được ({str(error).removeprefix('hinh.svg: ')})") from error
    changed = _SHOWN_OTHERWISE.search(content)
    return Ready(content, "svg", "hình vẽ SVG có phần màu sắc, chữ hoặc ảnh bên trong sẽ không hiện" if changed else "")


def _raster(image: Image.Image, content: bytes) -> Ready:
    if image.width * image.height > MAX_PIXELS:
        raise Unusable(f"quá {MAX_PIXELS // 1_000_000} triệu điểm ảnh")
    if max(image.size) < SMALLEST or min(image.size) < 3:
        raise Unusable("quá nhỏ, chỉ để trang trí")
    moves = getattr(image, "n_frames", 1) > 1 and image.format != "TIFF"
    note = "ảnh động chỉ còn lại hình đầu" if moves else ""
    image.load()
    small = len(content) <= MOST_BYTES and max(image.size) <= MOST_SIDE
    if small and not moves and image.format in KEPT and image.mode in ("RGB", "RGBA", "L", "P", "1", "LA"):
        return Ready(content, KEPT[image.format])
    made = ImageOps.exif_transpose(image)
    made.thumbnail((MOST_SIDE, MOST_SIDE))
    if image.format == "JPEG" or made.mode in ("CMYK", "YCbCr"):
        return Ready(_saved(made.convert("RGB"), "JPEG"), "jpg", note)
    made = made.convert("RGBA" if made.has_transparency_data else "RGB")
    as_png = _saved(made, "PNG")
    return Ready(as_png, "png", note) if len(as_png) <= MOST_BYTES else Ready(_saved(made, "WEBP"), "webp", note)


def _saved(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    image.save(out, kind, quality=82)
    return out.getvalue()
