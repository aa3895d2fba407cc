"""Markdown and plain text, ours with its boxes and that of others."""

from __future__ import annotations

import re
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from hocvuso.library.source.blocks import KINDS

from . import html
from .model import Gathered

_OURS_ONLY = ("question", "practice")  # stand for a file beside the lesson, which does not come in


def read(text: str) -> tuple[Gathered, str]:
    """What a text holds, and the title it declares."""
    md = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).use(front_matter_plugin)
    for kind in KINDS:
        md.use(container_plugin, kind)
    tokens = md.parse(text)
    title = ""
    gathered = Gathered()
    if tokens and tokens[0].type == "front_matter":
        title = (re.search(r"(?m)^title:[ \t]*['\"]?(.*?)['\"]?[ \t]*$", tokens[0].content) or ["", ""])[1]
        if len(tokens[0].content.strip().splitlines()) > 1:
            gathered.leave("phần khai báo ở đầu (chỉ lấy tên bài)", "đầu tài liệu")
    kept = _without_places(gathered, tokens)
    page = md.renderer.render(kept, md.options, {})
    html.into(gathered, html.parsed(f"<body>{page}</body>"), lambda link: None)
    return gathered, title


def _without_places(gathered: Gathered, tokens: list[Any]) -> list[Any]:
    """The tokens without questions and practice."""
    kept, within = [], 0
    for token in tokens:
        kind = token.type.removeprefix("container_").removesuffix("_open").removesuffix("_close")
        if kind in _OURS_ONLY and token.type.startswith("container_"):
            within += token.nesting
            if token.nesting > 0:
                gathered.leave(f"khối ::: {token.info.strip()}: hãy thêm câu hỏi, thực hành khi sửa bài")
        elif not within:
            kept.append(token)
    return kept
