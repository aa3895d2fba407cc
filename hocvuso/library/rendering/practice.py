"""Practice: without JavaScript a list of what to do, with explanations to open; the player takes over the data."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from ..source.making import Making
from ..source.practices import Chat, Inbox, Practice, Simulation, Step
from .checks import script_json
from .icons import Icons, inline, sprite, svg
from .strings import words

Say = Mapping[str, str]
# Icons that the players draw with, besides those of the simulated screens (frontend/src/js/later).
_TOOLS = {"lightbulb", "rotate-ccw", "party-popper"}
_DEVICES = {"phone": {"wifi", "battery-full"}, "web": {"globe"}}
_KEYPAD = {"delete", "phone"}
TEXT = "doc-bai"  # where the text of the lesson begins (also frontend/src/js/lesson/next.js)
CHANNELS = {"sms": "message-square", "email": "mail", "chat": "message-circle", "call": "phone", "post": "newspaper"}


def render(practice: Practice, *, icons: Icons = svg, language: str = "vi") -> str:
    """The practice section. Raises UnknownIcon."""
    say = words(language)
    plain = _plain(practice, say)
    data = practice.model_dump(mode="json", exclude_defaults=True) | {"kind": practice.kind}
    return (
        f'<section class="practice" id="thuc-hanh" data-practice="{practice.kind}" aria-labelledby="practice-title">'
        f'<h2 id="practice-title">{inline("pointer", icons)}'
        f"<span>{say[practice.kind]}: {escape(practice.title)}</span></h2>"
        f'<p>{escape(practice.intro)} <a href="#{TEXT}">{say["text_first"]}</a></p>'
        f'<div class="player" hidden></div><div class="plain">{plain}</div>'
        f"{sprite(_icons(practice), icons)}"
        f'<script type="application/json">{script_json(data)}</script></section>'
    )


def _plain(practice: Practice, say: Say) -> str:
    match practice:
        case Simulation():
            return _simulation(practice, say)
        case Inbox():
            return _inbox(practice, say)
        case Making():
            return _making(practice, say)
    return _chat(practice, say)


def _icons(practice: Practice) -> set[str]:
    """Names of the icons that the player of this practice will use."""
    if isinstance(practice, Simulation):
        elements = [e for s in practice.screens for e in s.elements]
        keypad = _KEYPAD if any(e.kind == "keypad" for e in elements) else set()
        return _TOOLS | _DEVICES[practice.device] | keypad | {e.icon for e in elements if e.icon}
    if isinstance(practice, Making):
        return _TOOLS | {"copy"}
    if isinstance(practice, Inbox):
        return _TOOLS | {CHANNELS[m.channel] for m in practice.messages}
    return set(_TOOLS)


def _simulation(practice: Simulation, say: Say) -> str:
    labels = {(s.id, e.id): e.label for s in practice.screens for e in s.elements}
    ways = {(s.id, e.id): say[f"swipe_{e.swipe}"] for s in practice.screens for e in s.elements if e.swipe}
    rows = []
    for step in practice.steps:
        place = (step.screen, step.target)
        low, high = step.wanted
        words = {
            "target": labels[place],
            "text": "".join(step.type[:1]),
            "way": ways.get(place),
            "low": low,
            "high": high,
        }
        act = say[step.act].format(**words)
        slips = _slips(step, labels, say)
        rows.append(f"<li>{escape(step.say)} {_details(say['explain'], f'{act} {step.ok}', slips)}</li>")
    return f"<ol>{''.join(rows)}</ol><p>{escape(practice.done)}</p>"


def _slips(step: Step, labels: Mapping[tuple[str, str], str], say: Say) -> list[str]:
    """The likely slips of a step; what is said to all the others (`other`) needs a tap to make sense."""
    told = []
    for name, why in step.wrong.items():
        if label := labels.get((step.screen, name)):
            told.append(say["slip"].format(target=label, why=why))
        elif name in ("low", "high"):
            told.append(say[f"slip_{name}"].format(why=why))
        elif step.dial and name != "other":
            told.append(say["slip_dial"].format(target=name, why=why))
    return told


def _inbox(practice: Inbox, say: Say) -> str:
    bins = {b.id: b.label for b in practice.bins}
    rows = [
        f"<li><p><strong>{escape(m.sender)}</strong>: {escape(m.text)}</p>"
        f"{_details(say['why'], say['belongs'].format(bin=bins[m.bin]) + ' ' + m.why)}</li>"
        for m in practice.messages
    ]
    return f"<ol>{''.join(rows)}</ol><p>{escape(practice.done)}</p>"


def _chat(practice: Chat, say: Say) -> str:
    rows = []
    for turn in practice.turns:
        replies = "".join(
            f"<li>{escape(r.text)} {_details(say['why'], (say['good'] if r.good else say['bad']) + ' ' + r.why)}</li>"
            for r in turn.replies
        )
        rows.append(
            f"<li><p><strong>{escape(practice.partner)}</strong>: {escape(turn.says)}</p><ul>{replies}</ul></li>"
        )
    return f"<ol>{''.join(rows)}</ol><p>{escape(practice.done)}</p>"


def _making(practice: Making, say: Say) -> str:
    facts = "".join(f"<li>{escape(fact)}</li>" for fact in practice.facts)
    rubric = "".join(f"<li>{escape(line)}</li>" for line in practice.rubric)
    exemplar = [" — ".join(cell.strip() for cell in line.split("|")) for line in practice.exemplar.splitlines()]
    columns = f"<p>{escape(' — '.join(practice.columns))}</p>" if practice.columns else ""
    return (
        f"<p><strong>{escape(practice.task)}</strong></p>{columns}{f'<ul>{facts}</ul>' if facts else ''}"
        f"{_details(say['often_missing'], practice.rules[0].say, [rule.say for rule in practice.rules[1:]])}"
        f"<p>{say['tick']}</p><ol>{rubric}</ol>{_details(say['exemplar'], exemplar[0], exemplar[1:])}"
        f"<p>{escape(practice.done)}</p>"
    )


def _details(title: str, text: str, more: list[str] | None = None) -> str:
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in [text, *(more or [])])
    return f"<details><summary>{title}</summary>{paragraphs}</details>"
