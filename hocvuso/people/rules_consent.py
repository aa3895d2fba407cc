"""What a person is asked to agree to, each purpose by itself (Law 91/2025/QH15, Articles 4 and 9)."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The version of the notice. Whoever changes what is said of a purpose, or adds one, writes the month: people are then
# asked anew. A test holds wording and version together.
NOTICE = "2026-12"


class Purpose(models.TextChoices):
    """Purposes that need the person's own consent; nothing else of the software rests on consent alone."""

    LEARNING = "learning-records", _("lưu kết quả học và kiểm tra")
    ETHNICITY = "ethnicity", _("đếm theo nhóm dân tộc")
    PUBLIC_NAME = "public-name", _("hiện tên trên trang xác minh chứng nhận")


class Said(models.TextChoices):
    """What a person said. Silence is none of these, and is not consent."""

    GIVEN = "given", _("đồng ý")
    DECLINED = "declined", _("không đồng ý")
    WITHDRAWN = "withdrawn", _("rút lại")


MEANS: dict[Purpose, Promise] = {
    Purpose.LEARNING: _(
        "Lưu bài bạn đã học, câu trả lời và kết quả kiểm tra, để bạn học tiếp trên máy khác, ôn đúng lúc và nhận chứng "
        "nhận. Luật coi dữ liệu về hoạt động trên mạng là dữ liệu nhạy cảm. Không đồng ý thì bạn vẫn đọc và tập mọi "
        "bài, kết quả chỉ nằm trên máy của bạn. Rút lại thì thôi lưu; điều đã lưu còn đó đến khi bạn xoá."
    ),
    Purpose.ETHNICITY: _(
        "Ghi dân tộc của bạn để đếm người học theo nhóm, không hiện với ai khác. Đây là dữ liệu nhạy cảm. Rút lại thì "
        "thông tin này bị xoá."
    ),
    Purpose.PUBLIC_NAME: _(
        "Hiện họ tên của bạn với bất kỳ ai mở trang xác minh chứng nhận. Rút lại thì mọi chứng nhận đều ẩn tên."
    ),
}
