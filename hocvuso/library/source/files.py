"""Which files a source may name: plain names of real files in the folder that names them. Decided here and only here.

A source comes from a stranger: what it names is read and published. So a name is one name, not a path; and a file is a
file, not a link to one elsewhere, nor a device.
"""

from __future__ import annotations

import stat
import unicodedata
from pathlib import Path

LONGEST = 100
_BESIDES = frozenset(" -_.,()+")  # what may stand in a name besides letters, their marks, and digits


class BadName(ValueError):
    """A name that is none, or stands for something that is no file of the source; the text says which and why."""


def plain(name: str) -> str:
    """`name` itself, if it is the plain name of a file or folder. Raises BadName.

    What only looks like a letter, a dot or a slash is refused with the rest: such a name is never an honest one.
    """
    plainly = name == unicodedata.normalize("NFKC", name) and all(map(_may_stand, name))
    if not plainly or not name.strip(" .") or len(name) > LONGEST or name[-1:] in (" ", "."):
        raise BadName(
            f"tên {name[:LONGEST]!r} không dùng được: chỉ ghi tên của tệp trong thư mục này, không ghi đường dẫn; "
            f"dùng chữ, số, dấu cách và - _ . , ( ) +, nhiều nhất {LONGEST} ký tự"
        )
    return name


def _may_stand(letter: str) -> bool:
    return letter in _BESIDES or unicodedata.category(letter)[0] in "LM" or unicodedata.category(letter) == "Nd"


def beside(folder: Path, name: str) -> Path:
    """The file of `folder` with this name, however its letters are composed on the disk (macOS takes `ả` apart).

    It may be missing; if it is there, it is a real file. Raises BadName.
    """
    path = folder / plain(name)
    if not path.is_file() and not name.isascii() and folder.is_dir():
        path = next((p for p in folder.iterdir() if unicodedata.normalize("NFC", p.name) == name), path)
    if not is_real(path) or path.is_dir():
        raise BadName(f"{name!r} là liên kết hoặc không phải tệp; hãy chép tệp thật vào thư mục")
    return path


def is_real(path: Path) -> bool:
    """Whether this is a file or folder by itself; no link, device, pipe or socket. What is missing is none of those."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return True
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)
