"""What other places show of a page when its address is shared: title, sentence, and a picture made at publishing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from io import BytesIO
from json import dumps
from pathlib import Path

from django.conf import settings
from PIL import Image

from hocvuso.library.publishing import store

from . import drawings

TEMPLATE = Path(__file__).with_name("sharing.typ")
NAME = "share.png"
COLOURS = 96  # of the picture: flat drawings need no more, and it weighs a third
_TILES = {
    "rose": "#f8dfe4",
    "sun": "#fdeac2",
    "sky": "#d8e9f5",
    "mint": "#d5ece4",
    "lilac": "#e5e0f3",
    "sand": "#f1e4cd",
}


@dataclass(frozen=True)
class Card:
    """What the picture shows: a title, a line beneath it, and somebody of the cast."""

    title: str
    note: str
    face: str

    @property
    def folder(self) -> str:
        """The name of its folder in the store: what it is drawn from, as a hash."""
        drawn = (TEMPLATE.read_text("utf-8"), drawings.bust(self.face, "happy"), str(COLOURS))
        return store.digest(dumps([asdict(self), drawn], ensure_ascii=False).encode())


@dataclass(frozen=True)
class Shared:
    """A page as others show it. `path` is its one address, whatever the language of who shares it."""

    path: str
    title: str
    description: str
    card: Card

    @property
    def address(self) -> str:
        """The canonical address."""
        return settings.BASE_URL + self.path

    @property
    def picture(self) -> str:
        """The address of the picture."""
        return f"{settings.BASE_URL}/b/{self.card.folder}/{NAME}"


def make_picture(card: Card) -> None:
    """Draw the picture of a card, 1200 × 630, unless it is there."""
    if not store.holds(card.folder, [NAME]):
        store.put({NAME: _drawn(card)}, name=card.folder)


def _drawn(card: Card) -> bytes:
    import typst  # 7 MB in each process, of which most never draw

    data = {
        **asdict(card),
        "tile": _TILES[drawings.CAST[card.face].tile],
        "bust": drawings.bust(card.face, "happy"),
        "site": "Học vụ số",
    }
    inputs = {"data": dumps(data, ensure_ascii=False)}
    whole = typst.compile(TEMPLATE.read_bytes(), format="png", ppi=144, ignore_system_fonts=True, sys_inputs=inputs)
    small = BytesIO()
    with Image.open(BytesIO(whole)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()
