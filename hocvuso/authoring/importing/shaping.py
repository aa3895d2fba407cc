"""From what stands in a document to what was meant: title, headings, lists typed by hand, captions, tables as lists."""

from __future__ import annotations

import re
from dataclasses import replace

from .model import Block, Box, Break, Gathered, Picture, Run, Table, Text, line, quoted, tidy

MOST_LETTERS = 150_000  # of a lesson that is to be edited; one of ten minutes has five thousand
_A_BLOCK = 20  # letters for which a block counts besides its own
_LONGEST_HEADING = 200
_LONGEST_BOLD = 90
_LONGEST_CAPTION = 200
_BULLET = re.compile(r"^([-–—•●○▪■◦‣⁃✓✔➢➤❖o*+·])[ \t]+(?=\S)")
_NUMBER = re.compile(r"^(\d{1,3})[.)][ \t]+(?=\S)")
_CAPTION = re.compile(r"^(Hình|Ảnh|Hình ảnh|Sơ đồ|Biểu đồ|Figure|Fig\.)\s*\d+([.\-–]\d+)*\s*[.:–-]", re.I)
_COUNTED = re.compile(r"(?i)^(s?tt|số thứ tự|no\.?|#)$")
_PART = re.compile(r"^([IVX]+|\d+|[A-H])[.)/ ]")
_ENDS_A_SENTENCE = (".", ",", ";", "…", "?", "!")
_NO_TITLE = re.compile(
    r"(?i)^(microsoft (word|powerpoint) - .*|powerpoint presentation|untitled.*|slide \d+|document\d*)?$"
)


def shaped(gathered: Gathered, name: str, *, declared: str = "") -> tuple[str, list[Block]]:
    """Title and blocks of a lesson. `declared`: what the file says its title is; `name`: of the file."""
    blocks = _captioned(gathered.blocks)
    blocks = _listed([one for block in blocks for one in _untabled(block)])
    blocks = [_heading_of_size(block) for block in blocks]
    if not any(isinstance(block, Text) and block.kind == "heading" for block in blocks):
        blocks = [_bold_as_heading(block, first=n == 0) for n, block in enumerate(blocks)]
    title, rest = _titled(gathered.title, blocks)
    if not rest and title:  # it is all that the document says
        rest = [Text([Run(title)])]
    blocks = _broken(_levelled(rest))
    return title or _declared(declared) or _from_name(name), _cut(gathered, blocks)


def _captioned(blocks: list[Block]) -> list[Block]:
    made: list[Block] = []
    for block in blocks:
        above = made[-1] if made else None
        if isinstance(block, Text) and isinstance(above, Picture) and not above.caption:
            short = len(block.text) <= _LONGEST_CAPTION
            if short and (block.kind == "caption" or (block.kind == "text" and _CAPTION.match(block.text))):
                made[-1] = replace(above, caption=line(block.text))
                continue
        if isinstance(block, Text) and block.kind == "caption":
            block = replace(block, kind="text")
        made.append(block)
    return made


def _untabled(block: Block) -> list[Block]:
    """A table as a list, a row an item: `**first cell**: others`, each behind the name of its column if it has one."""
    if not isinstance(block, Table):
        return [block]
    head = block.rows[0] if block.head and len(block.rows) > 1 else []
    items = [Text(tidy(_row(row, head)), "item") for row in (block.rows[1:] if head else block.rows)]
    said = "; ".join("".join(run.text for run in cell) for cell in head if cell)
    return [*([Text(tidy([Run(said, italic=True)]))] if said and len(head) <= 2 else []), *items]


def _row(row: list[list[Run]], head: list[list[Run]]) -> list[Run]:
    runs: list[Run] = []
    for n, cell in enumerate(row):
        if not cell:
            continue
        name = "".join(run.text for run in head[n]).rstrip(": ") if n < len(head) else ""
        if n == 0 and name and "".join(run.text for run in cell).strip().isdigit() and not _COUNTED.match(name):
            runs.append(Run(f"{name} ", bold=True))  # `Bước 1`
        elif n and name and len(row) > 2:
            name = f"{name}: "
            runs.append(Run(name if not runs else (": " if n == 1 else "; ") + name))
        elif runs:
            runs.append(Run(": " if n == 1 else "; "))
        runs += [replace(run, text=run.text.replace("\n", ", "), bold=n == 0) for run in tidy(cell)]
    return runs


def _listed(blocks: list[Block]) -> list[Block]:
    """Lists typed by hand: a sign in front, or numbers that go on. Each new sign is one level deeper."""
    made: list[Block] = []
    signs: list[str] = []
    for n, block in enumerate(blocks):
        sign, number, length = _sign(blocks, n)
        if not sign:
            signs = []
        elif isinstance(block, Text):
            above = signs if number is None else []  # numbers beneath signs are hardly ever meant
            signs = signs[: signs.index(sign) + 1] if sign in signs else [*above, sign]
            block = Text(_without(block.runs, length), "item", len(signs) - 1, number)
        made.append(block)
    return _nested(made)


def _sign(blocks: list[Block], n: int) -> tuple[str, int | None, int]:
    """The sign of an item typed by hand, its number, and how long that is; of anything else nothing."""
    block = blocks[n]
    if not isinstance(block, Text) or block.kind != "text":
        return "", None, 0
    if match := _BULLET.match(block.text):
        return match.group(1), None, match.end()
    match = _NUMBER.match(block.text)
    if match and _goes_on(blocks, n, int(match.group(1))):
        return "1", int(match.group(1)), match.end()
    return "", None, 0


def _goes_on(blocks: list[Block], n: int, number: int) -> bool:
    """Whether the number before or after this one stands near: behind items, pictures, and a paragraph at most."""
    for step, wanted in ((1, number + 1), (-1, number - 1)):
        passed = 0
        for there in blocks[n + step :: step][:12]:
            if isinstance(there, Text) and there.kind == "text" and not _BULLET.match(there.text):
                if (match := _NUMBER.match(there.text)) and int(match.group(1)) == wanted:
                    return True
                passed += 1
            if passed > 1 or not (isinstance(there, Picture) or (isinstance(there, Text) and there.kind != "heading")):
                break
    return False


def _without(runs: list[Run], count: int) -> list[Run]:
    """Runs without their first letters."""
    made = []
    for run in runs:
        cut = min(count, len(run.text))
        count -= cut
        made.append(replace(run, text=run.text[cut:]))
    return tidy(made)


def _nested(blocks: list[Block]) -> list[Block]:
    """Items at most one level below what stands before them."""
    depth = -1
    made: list[Block] = []
    for block in blocks:
        depth = min(block.level, depth + 1, 5) if isinstance(block, Text) and block.kind == "item" else -1
        made.append(replace(block, level=depth) if isinstance(block, Text) and depth >= 0 else block)
    return made


def _heading_of_size(block: Block) -> Block:
    """A whole paragraph in the style of a heading is none."""
    long = isinstance(block, Text) and block.kind == "heading" and len(block.text) > _LONGEST_HEADING
    return replace(block, kind="text") if isinstance(block, Text) and long else block


def _bold_as_heading(block: Block, *, first: bool) -> Block:
    """A short bold paragraph is a heading; the first of all is the title, unless it is the first part of several."""
    if not isinstance(block, Text) or block.kind != "text" or not all(r.bold or not r.text.strip() for r in block.runs):
        return block
    if len(block.text) > _LONGEST_BOLD or "\n" in block.text or block.text.endswith(_ENDS_A_SENTENCE):
        return block
    return replace(block, kind="heading", level=1 if first and not _PART.match(block.text) else 2)


def _titled(found: str, blocks: list[Block]) -> tuple[str, list[Block]]:
    """The title: in the style of one, or the first heading where nothing stands above it; it leaves the text."""
    titles = [b for b in blocks if isinstance(b, Text) and b.kind == "heading" and b.level == 0]
    if titles:
        first = titles[0]
        rest = [replace(b, level=1) if any(b is t for t in titles[1:]) and isinstance(b, Text) else b for b in blocks]
        return line(first.text)[:300], [b for b in rest if b is not first]
    top = blocks[0] if blocks else None
    if found:
        again = isinstance(top, Text) and top.kind == "heading" and line(top.text).lower() == line(found).lower()
        return line(found)[:300], blocks[1:] if again else blocks
    headings = [b.level for b in blocks if isinstance(b, Text) and b.kind == "heading"]
    alone = top is not None and headings[1:].count(headings[0]) == 0 if headings else False
    if isinstance(top, Text) and top.kind == "heading" and (top.level == 1 or alone or headings == [top.level]):
        return line(top.text)[:300], blocks[1:]
    return "", blocks


def _levelled(blocks: list[Block]) -> list[Block]:
    """The highest headings stand beneath the title, at level 2; those of three levels and more below are of one."""
    levels = sorted({b.level for b in blocks if isinstance(b, Text) and b.kind == "heading"})
    place = {level: min(2 + n, 4) for n, level in enumerate(levels)}
    return [replace(b, level=place[b.level]) if isinstance(b, Text) and b.kind == "heading" else b for b in blocks]


def _broken(blocks: list[Block]) -> list[Block]:
    """Breaks stand between something and something."""
    made: list[Block] = []
    for block in blocks:
        if isinstance(block, Break) and (not made or isinstance(made[-1], Break)):
            continue
        made.append(block)
    return made[:-1] if made and isinstance(made[-1], Break) else made


def _declared(title: str) -> str:
    said = line(title)[:300]
    return "" if _NO_TITLE.match(said) else said


def _from_name(name: str) -> str:
    stem = re.sub(r"\.\w{1,5}$", "", re.split(r"[/\\]", name)[-1])
    return line(re.sub(r"[_\-]+", " ", stem))[:300] or "Bài chưa có tên"


def _cut(gathered: Gathered, blocks: list[Block]) -> list[Block]:
    """As much as a lesson can hold; where the rest begins is noted, and what no text names any more is not kept."""
    left = MOST_LETTERS
    for n, block in enumerate(blocks):
        left -= _letters(block)
        if left < 0:
            first = next((b.text for b in blocks[n:] if isinstance(b, Text)), "")
            where = f"từ {quoted(first)} đến hết"
            gathered.leave(f"tài liệu dài quá {MOST_LETTERS:,} chữ cái: phần này không lấy".replace(",", "."), where)
            begun: list[Block] = [Text([Run(first[:MOST_LETTERS])])] if n == 0 else []
            blocks = blocks[:n] or begun
            break
    named = {block.name for block in blocks if isinstance(block, Picture)}
    gathered.pictures = {name: content for name, content in gathered.pictures.items() if name in named}
    return blocks


def _letters(block: Block) -> int:
    if isinstance(block, Box):
        return sum(map(_letters, block.blocks))
    return _A_BLOCK + (len(block.text) if isinstance(block, Text) else 0)
