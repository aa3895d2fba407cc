"""Raster pictures in responsive modern formats."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

WIDTHS = (360, 720)
FORMATS = {"avif": {"quality": 60}, "webp": {"quality": 76}}
RENDITIONS = tuple(f"{width}.{kind}" for width in WIDTHS for kind in FORMATS)
MAX_PIXELS = 40_000_000
_KINDS = ("PNG", "JPEG", "WEBP")


class BadPicture(ValueError):
    """A file is not a picture we take, or is too large."""


def renditions(path: Path) -> tuple[dict[str, bytes], tuple[int, int]]:
    """All renditions of a picture by `<width>.<format>`, and its size in pixels.

    Judged by content, not by name; metadata (place, device) are dropped. Raises BadPicture.
    """
    try:
        with Image.open(path, formats=_KINDS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise BadPicture(f"{path.name}: quá {MAX_PIXELS // 1_000_000} triệu điểm ảnh")
            plain = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise BadPicture(f"{path.name}: không phải hình PNG, JPEG hay WebP") from error
    made = {}
    for width in WIDTHS:
        small = plain.copy()
        small.thumbnail((width, width * 4))
        for kind, options in FORMATS.items():
            out = BytesIO()
            small.save(out, kind.upper(), **options)
            made[f"{width}.{kind}"] = out.getvalue()
    return made, plain.size
