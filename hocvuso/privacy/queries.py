"""What is said of a breach to the people whose data it is about."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _t

from hocvuso.base.addresses import address_of

from .models import Breach
from .register import REGISTER


def words_to_people(breach: Breach) -> str:
    """What the people whose data it is about are told, in plain words and in the language in force."""
    env = settings.ENV
    return _t(
        "Chúng tôi xin lỗi phải báo với bạn: %(what)s\n\nDữ liệu liên quan: %(data)s.\nĐiều có thể xảy ra: "
        "%(consequences)s\nChúng tôi đã làm: %(measures)s\n\nBạn nên: cảnh giác với người gọi, nhắn tin xưng là "
        "cán bộ; không đưa mã đăng nhập cho ai; vào %(link)s xem lại tài khoản. Cần hỏi: %(contact)s."
    ) % {
        "what": breach.what,
        "data": "; ".join(str(line.title) for line in REGISTER if line.key in breach.data) or _t("chưa rõ"),
        "consequences": breach.consequences or _t("chưa rõ"),
        "measures": breach.measures,
        "link": settings.BASE_URL + address_of("account"),
        "contact": env["HOCVUSO_CONTROLLER_CONTACT"] or "…",
    }
