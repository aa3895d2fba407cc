"""Files attached to a PDF of a stranger. Runs apart (`base.apart`): it knows nothing of the site."""

from __future__ import annotations

import json
from contextlib import suppress
from io import BytesIO

MOST_FILES = 8
MOST_BYTES = 100_000  # of one


def read(content: bytes) -> bytes:
    """The attached files that are text, as a JSON list. Raises ValueError when the PDF needs a password."""
    from pypdf import PdfReader  # 13 MB, which only the process apart needs

    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("encrypted")
    found = []
    for _name, files in list(reader.attachments.items())[:MOST_FILES]:
        for file in files[:MOST_FILES]:
            with suppress(UnicodeDecodeError):
                if len(file) <= MOST_BYTES:
                    found.append(file.decode("utf-8"))
    return json.dumps(found).encode()
