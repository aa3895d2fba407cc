"""Check items in a lesson: forms that can be answered without JavaScript, explained at once with it."""

from __future__ import annotations

import json
import random
from html import escape

from ..source.schema import ItemSource


def render_check(item: ItemSource, *, lesson: str) -> str:
    """One check item. Only for `use: check`: its key is in the page. `lesson`: address, when not on the lesson's page."""
    if item.use != "check":
        raise ValueError("test items never go into a page")
    name = f"q-{item.key}"
    body = _order(item, name) if item.type == "order" else _options(item, name)
    data = {
        "key": item.key,
        "type": item.type,
        "right": [n for n, o in enumerate(item.options) if o.right],
        "whys": [o.why for o in item.options],
        "why": item.why,
    }
    address = f' data-lesson="{escape(lesson)}"' if lesson else ""
    return (
        f'<form class="check" data-check="{escape(item.key)}"{address}><fieldset><legend>{escape(item.stem)}</legend>{body}</fieldset>'
        f'<p class="check-actions"><button class="button" type="submit" hidden>Trả lời</button></p>'
        f'<div class="feedback" role="status"></div>'
        f"<details class=\"no-js\"><summary>Xem giải thích</summary><p>{escape(item.why)}</p></details>"
        f'<script type="application/json">{script_json(data)}</script></form>'
    )


def _options(item: ItemSource, name: str) -> str:
    kind = "radio" if item.type == "choice" else "checkbox"
    hint = "" if item.type == "choice" else '<p class="hint">Có thể chọn nhiều câu.</p>'
    rows = "".join(
        f'<label class="option"><input type="{kind}" name="{name}" value="{n}"><span>{escape(o.text)}</span></label>'
        for n, o in enumerate(item.options)
    )
    return hint + rows


def _order(item: ItemSource, name: str) -> str:
    """The steps shuffled (always the same way for one item), each with the choice of its place."""
    order = list(range(len(item.sequence)))
    random.Random(item.key + item.stem).shuffle(order)
    places = "".join(f'<option value="{n}">{n + 1}</option>' for n in range(len(order)))
    rows = "".join(
        f'<label class="option order"><select name="{name}-{n}" data-option="{n}"><option value="">–</option>{places}</select>'
        f"<span>{escape(item.sequence[n])}</span></label>"
        for n in order
    )
    return f'<p class="hint">Chọn số thứ tự cho mỗi việc.</p>{rows}'


def script_json(data: object) -> str:
    """JSON that cannot end its script element."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
