"""Check items in a lesson: forms that can be read without JavaScript, answered and explained at once with it."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from html import escape

from ..source.schema import ItemSource
from .strings import words


def render_check(item: ItemSource, *, lesson: str = "", language: str = "vi") -> str:
    """One check item. Only for `use: check`: its key is in the page. `lesson`: address, when on another page."""
    if item.use != "check":
        raise ValueError("test items never go into a page")
    say = words(language)
    body = _order(item, say) if item.type == "order" else _options(item, say)
    data = {
        "key": item.key,
        "type": item.type,
        "right": [n for n, o in enumerate(item.options) if o.right],
        "whys": [o.why for o in item.options],
        "why": item.why,
    }
    heading = "h2" if lesson else "h3"  # on a page of questions it stands right beneath the title
    address = f' data-lesson="{escape(lesson)}"' if lesson else ""
    return (
        f'<form class="check" data-item="{escape(item.key)}"{address}>'
        f"<fieldset><legend><{heading}>{escape(item.stem)}</{heading}></legend>{body}</fieldset>"
        f'<div class="dock"><div class="feedback" role="status"></div>'
        f'<p class="check-actions"><button class="button" type="submit" hidden>{say["answer"]}</button></p></div>'
        f'<details class="no-js"><summary>{say["why"]}</summary>{_explained(item, say)}</details>'
        f'<script type="application/json">{script_json(data)}</script></form>'
    )


def _options(item: ItemSource, say: Mapping[str, str]) -> str:
    kind = "radio" if item.type == "choice" else "checkbox"
    hint = "" if item.type == "choice" else f'<p class="hint">{say["many"]}</p>'
    rows = "".join(
        f'<label class="option"><input type="{kind}" name="q-{item.key}" value="{n}">'
        f"<span>{escape(o.text)}</span></label>"
        for n, o in enumerate(item.options)
    )
    return hint + rows


def _order(item: ItemSource, say: Mapping[str, str]) -> str:
    """The lines shuffled, each with the choice of its place; with JavaScript they are moved up and down instead."""
    order = _shuffled(item)
    places = "".join(f'<option value="{n}">{n + 1}</option>' for n in range(len(order)))
    rows = "".join(
        f'<div class="option order" data-option="{n}"><select name="q-{item.key}-{n}" '
        f'aria-label="{escape(say["place"].format(text=item.sequence[n]))}">'
        f'<option value="">–</option>{places}</select>'
        f"<span>{escape(item.sequence[n])}</span></div>"
        for n in order
    )
    return f'<p class="hint">{say["places"]}</p><div class="order-list">{rows}</div>'


def _shuffled(item: ItemSource) -> list[int]:
    """The same shuffle for one item at every publishing (bundles are deterministic), and never the answer itself."""
    order = list(range(len(item.sequence)))
    chance = random.Random(item.key + item.stem)
    while order == sorted(order):
        chance.shuffle(order)
    return order


def _explained(item: ItemSource, say: Mapping[str, str]) -> str:
    """The answer with its reasons, for readers without JavaScript."""
    if item.type == "order":
        rows = "".join(f"<li>{escape(line)}</li>" for line in item.sequence)
        return f"<p>{say['order']}:</p><ol>{rows}</ol><p>{escape(item.why)}</p>"
    rows = "".join(
        f"<li><strong>{escape(o.text)}</strong>{' (' + say['right'] + ')' if o.right else ''}: "
        f"{escape(o.why or '')}</li>"
        for o in item.options
    )
    return f"<ul>{rows}</ul><p>{escape(item.why)}</p>"


def script_json(data: object) -> str:
    """JSON that cannot end its script element."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
