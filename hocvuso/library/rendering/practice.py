"""Practice: without JavaScript a list of what to do, with explanations to open; the player takes the data beside it."""

from __future__ import annotations

from html import escape

from ..source.schema import Chat, Inbox, Simulation
from .checks import script_json
from .icons import inline, symbol

_KINDS = {"simulation": "Tập làm", "inbox": "Tập phân loại", "chat": "Tập trò chuyện"}


def render(practice: Simulation | Inbox | Chat) -> str:
    """The practice section."""
    if isinstance(practice, Simulation):
        plain, sprite = _simulation(practice)
    else:
        plain, sprite = (_inbox(practice) if isinstance(practice, Inbox) else _chat(practice)), ""
    data = practice.model_dump(mode="json", exclude_defaults=True) | {"kind": practice.kind}
    return (
        f'<section class="practice" id="thuc-hanh" data-practice="{practice.kind}" aria-labelledby="practice-title">'
        f'<h2 id="practice-title">{inline("pointer")}{_KINDS[practice.kind]}: {escape(practice.title)}</h2>'
        f'<p>{escape(practice.intro)}</p><div class="player" hidden></div><div class="plain">{plain}</div>{sprite}'
        f'<script type="application/json">{script_json(data)}</script></section>'
    )


def _simulation(practice: Simulation) -> tuple[str, str]:
    elements = {(s.id, e.id): e for s in practice.screens for e in s.elements}
    rows = []
    for step in practice.steps:
        target = elements[step.screen, step.tap or step.field or ""].label
        act = f"Chạm “{target}”." if step.tap else f"Nhập “{step.type[0]}” vào ô “{target}”."
        rows.append(f"<li>{escape(step.say)} {_why(act + ' ' + step.ok)}</li>")
    icons = sorted({e.icon for e in elements.values() if e.icon})
    sprite = f'<svg class="sprite" hidden>{"".join(map(symbol, icons))}</svg>' if icons else ""
    return f"<ol>{''.join(rows)}</ol>", sprite


def _inbox(practice: Inbox) -> str:
    bins = {b.id: b.label for b in practice.bins}
    rows = [
        f"<li><p><strong>{escape(m.sender)}</strong>: {escape(m.text)}</p>{_why(bins[m.bin] + '. ' + m.why)}</li>"
        for m in practice.messages
    ]
    return f"<ul>{''.join(rows)}</ul>"


def _chat(practice: Chat) -> str:
    rows = []
    for turn in practice.turns:
        replies = "".join(f"<li>{escape(r.text)} {_why(('Nên. ' if r.good else 'Chưa nên. ') + r.why)}</li>" for r in turn.replies)
        rows.append(f"<li><p><strong>{escape(practice.partner)}</strong>: {escape(turn.says)}</p><ul>{replies}</ul></li>")
    return f"<ol>{''.join(rows)}</ol>"


def _why(text: str) -> str:
    return f"<details><summary>Xem giải thích</summary><p>{escape(text)}</p></details>"
