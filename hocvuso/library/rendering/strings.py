"""Every sentence that rendering itself puts before a learner, in Vietnamese and English.

Lessons are compiled once, outside any request, so these do not go through the translation of pages.
"""

from __future__ import annotations

from collections.abc import Mapping

STRINGS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "example": "Ví dụ",
        "warning": "Cẩn thận",
        "remember": "Ghi nhớ",
        "teacher": "Dành cho người dạy",
        "text": "Đọc bài",
        "text_first": "Đọc trước",
        "sources": "Nguồn của bài này",
        "checked": "đọc lại {day}",
        "missing": "Thiếu hình: {name}",
        "simulation": "Tập làm",
        "inbox": "Tập phân loại",
        "chat": "Tập trò chuyện",
        "tap": "Chạm “{target}”.",
        "type": "Nhập “{text}” vào ô “{target}”.",
        "slip": "Nếu chọn “{target}”: {why}",
        "explain": "Xem cách làm",
        "why": "Xem giải thích",
        "belongs": "Xếp vào “{bin}”.",
        "good": "Nên.",
        "bad": "Chưa nên.",
        "answer": "Trả lời",
        "right": "Đúng",
        "order": "Thứ tự đúng",
        "many": "Có thể chọn nhiều câu.",
        "places": "Chọn số thứ tự cho mỗi việc.",
        "place": "Thứ tự của việc: {text}",
    },
    "en": {
        "example": "Example",
        "warning": "Take care",
        "remember": "Remember",
        "teacher": "For the person who teaches",
        "text": "Read the lesson",
        "text_first": "Read first",
        "sources": "Sources of this lesson",
        "checked": "read again {day}",
        "missing": "Missing picture: {name}",
        "simulation": "Try it",
        "inbox": "Sort them",
        "chat": "Talk it through",
        "tap": "Tap “{target}”.",
        "type": "Type “{text}” into “{target}”.",
        "slip": "If you choose “{target}”: {why}",
        "explain": "How to do it",
        "why": "Explanation",
        "belongs": "Belongs to “{bin}”.",
        "good": "Good.",
        "bad": "Better not.",
        "answer": "Answer",
        "right": "Right",
        "order": "The right order",
        "many": "You can choose more than one.",
        "places": "Give each line its number.",
        "place": "Place of: {text}",
    },
}


def words(language: str) -> Mapping[str, str]:
    """The sentences of a lesson in `language`; Vietnamese for lessons in languages without a set of their own yet."""
    return STRINGS.get(language, STRINGS["vi"])
