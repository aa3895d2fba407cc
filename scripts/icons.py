"""Draw the icons that phones and browsers want as pixels. Needed when frontend/src/icon.svg changes."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import typst
from PIL import Image

FOLDER = Path(__file__).parents[1] / "frontend" / "src"
GROUND = "#0b5d57"


def drawn(svg: str, size: int, fill: str = "none") -> Image.Image:
    """The drawing as a square of pixels, twice as fine and then made smaller."""
    page = f"#set page(width: {size}pt, height: {size}pt, margin: 0pt, fill: {fill})"
    page += '\n#image(bytes(sys.inputs.svg), format: "svg", width: 100%)'
    png = typst.compile(page.encode(), format="png", ppi=144, sys_inputs={"svg": svg})
    return Image.open(BytesIO(png)).resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Write them beside the drawing."""
    svg = (FOLDER / "icon.svg").read_text("utf-8")
    # Systems cut their own shape out of a full square; what matters stays within its inner four fifths.
    square = re.sub(r'<rect[^>]*rx="14"[^>]*/>', "", svg).replace('viewBox="0 0 64 64"', 'viewBox="-6 -6 76 76"')
    icons = FOLDER / "icons"
    icons.mkdir(exist_ok=True)
    for name, size, text, fill in (
        ("icon-192.png", 192, svg, "none"),
        ("icon-512.png", 512, svg, "none"),
        ("icon-maskable.png", 512, square, f'rgb("{GROUND}")'),
        ("apple-touch-icon.png", 180, square, f'rgb("{GROUND}")'),
    ):
        drawn(text, size, fill).quantize(64).save(icons / name, "PNG", optimize=True)
    drawn(svg, 48).save(icons / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])


if __name__ == "__main__":
    main()
