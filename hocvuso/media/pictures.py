"""Raster pictures in responsive modern formats."""

from __future__ import annotations

import json
import struct
from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from hocvuso.base import apart

WIDTHS = (360, 720)
FORMATS = {"avif": {"quality": 60}, "webp": {"quality": 76}}
RENDITIONS = tuple(f"{width}.{kind}" for width in WIDTHS for kind in FORMATS)
MAX_PIXELS = 40_000_000
NO_PICTURE = "không phải hình PNG, JPEG hay WebP"
_KINDS = ("PNG", "JPEG", "WEBP")
# What a reader of pictures says of one that is broken, or made to hurt.
BROKEN: tuple[type[Exception], ...] = (
    UnidentifiedImageError, OSError, Image.DecompressionBombError, ValueError, SyntaxError, ArithmeticError,
    LookupError, TypeError, EOFError, struct.error,
)  # fmt: skip


class BadPicture(ValueError):
    """A file is not a picture we take, or is too large."""


def renditions(path: Path) -> tuple[dict[str, bytes], tuple[int, int]]:
    """All renditions of a picture by `<width>.<format>`, and its size in pixels.

    Judged by content, not by name; metadata (place, device) are dropped. Read apart. Raises BadPicture.
    """
    try:
        told = json.loads(apart.read(_rendered, path.read_bytes()))
    except apart.Unread as error:
        raise BadPicture(f"{path.name}: {error or NO_PICTURE}") from error
    width, height = told["size"]
    return {name: b64decode(content) for name, content in told["made"].items()}, (width, height)


def size_of(path: Path) -> tuple[int, int]:
    """Width and height of a picture as it stands upright, by what its head says. Raises BadPicture."""
    try:
        with Image.open(path, formats=_KINDS) as image:
            width, height = image.size
            lies = image.getexif().get(ExifTags.Base.Orientation, 1) in range(5, 9)  # its renditions stand upright
    except BROKEN as error:
        raise BadPicture(f"{path.name}: {NO_PICTURE}") from error
    return (height, width) if lies else (width, height)


def _rendered(content: bytes) -> bytes:
    """The renditions of a picture and its size, as JSON. Raises BadPicture."""
    try:
        with Image.open(BytesIO(content), formats=_KINDS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise BadPicture(f"quá {MAX_PIXELS // 1_000_000} triệu điểm ảnh")
            plain = ImageOps.exif_transpose(image).convert("RGB")
    except BadPicture:
        raise
    except BROKEN as error:
        raise BadPicture(NO_PICTURE) from error
    made = {}
    for width in WIDTHS:
        small = plain.copy()
        small.thumbnail((width, width * 4))
        for kind, options in FORMATS.items():
            out = BytesIO()
            small.save(out, kind.upper(), **options)
            made[f"{width}.{kind}"] = b64encode(out.getvalue()).decode()
    return json.dumps({"size": plain.size, "made": made}).encode()
