"""Search: one thing is found however people call and type it, and what nobody teaches is not found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.library import lexicon, searching, services
from hocvuso.library.indexing import accented, index_lesson, note_learners, terms
from hocvuso.library.models import Lesson, Programme
from hocvuso.library.queries import most_learned
from hocvuso.library.searching import search, suggest

# key: title, English title, what its author says people call it, text
SHELF = {
    "cuoc-goi-la": ("Số lạ gọi đến", "A stranger calls", ["lừa đảo", "số lạ"], "Ai hỏi mã OTP thì tắt máy. Thật."),
    "thu": ("Gửi thư điện tử", "Send an e-mail", ["email"], "Viết thư, đính kèm ảnh, gửi cho cơ quan."),
    "mua": ("Mua hàng trên mạng không lo", "Shop online safely", ["shopee"], "Xem người bán, đọc đánh giá."),
    "mat-khau": ("Mật khẩu dài", "A long password", ["mật khẩu"], "Ba từ ghép lại. Đừng đưa ai."),
    "ai": ("Hỏi AI cho rõ", "Ask an AI clearly", ["chatgpt"], "AI hay bịa. Hỏi lại, kiểm lại với AI khác."),
    "video": ("Gọi video cho con cháu", "Video-call the family", ["gọi hình"], "Mở máy, chọn tên, bấm máy quay."),
    "phieu": ("Đơn xin việc", "A job application", [], "Ai cũng viết được: tên, việc đã làm, nơi ở."),
    "anh": ("Chụp ảnh giấy tờ cho rõ", "Photograph a document", ["chụp hình"], "Để phẳng, đủ sáng, không loé."),
    "vneid": ("Giấy tờ trong điện thoại", "Your papers in the phone", ["VNeID", "căn cước"], "Mở ứng dụng, bấm."),
    "tra-tien": ("Trả tiền bằng mã QR", "Pay by QR code", ["chuyển khoản"], "Xem tên, xem số tiền, rồi mới bấm."),
    "suc-khoe": ("Sổ sức khoẻ điện tử", "The e-health book", ["bảo hiểm y tế"], "Mở sổ, xem lịch khám. Quét mã."),
}  # fmt: skip


@pytest.fixture
def shelf(cast):
    programme = Programme.objects.create(key="ke", owner=cast.ministry)
    for n, (key, (title, title_en, words, text)) in enumerate(SHELF.items()):
        lesson = Lesson.objects.create(
            programme=programme, key=key, address=f"ke/{key}", position=n, listed=True, title=title, title_en=title_en,
            goal=title, promise=title, icon="book",
        )  # fmt: skip
        index_lesson(lesson, words, [], text)


@pytest.mark.django_db
class TestWhatIsThere:
    @pytest.mark.parametrize(
        ("typed", "key"),
        [
            *((one, "thu") for one in ["email", "e-mail", "E mail", "gmail", "thư điện tử", "thu dien tu", "emial"]),
            *((one, "mua") for one in ["shopee", "sopee", "shoppe", "lazada", "mua hàng online", "mua hang tren mang"]),
            *((one, "mat-khau") for one in ["password", "mat khau", "maatj khaaur", "long password", "quên mật khẩu"]),
            *((one, "ai") for one in ["AI", "ai", "trí tuệ nhân tạo", "chat gpt", "artificial intelligence"]),
            *((one, "video") for one in ["gọi hình", "video call", "goi video", "goij video"]),
            *((one, "anh") for one in ["chụp ảnh", "chup hinh", "photo", "photograph", "photograph documents"]),
            *((one, "vneid") for one in ["vneid", "căn cước công dân", "CCCD", "can cuoc", "định danh điện tử"]),
            *((one, "suc-khoe") for one in ["BHYT", "bao hiem y te", "sức khỏe", "suc khoe dien tu", "health book"]),
            *((one, "cuoc-goi-la") for one in ["scam", "lừa đảo", "lùa dảo", "luwaf ddaor", "số lạ", "OTP", "mã otp"]),
            ("tôi muốn học cách gửi thư điện tử cho con", "thu"),
        ],
    )
    def test_it_is_found_first_however_it_is_called_and_typed(self, shelf, typed, key):
        assert search(typed).lessons[0].key == key

    def test_the_word_that_was_mended_is_said(self, shelf):
        assert search("photogrph").mended == {"photogrph": "photograph"}


@pytest.mark.django_db
class TestWhatIsTold:
    @pytest.mark.parametrize(
        "told",
        [
            "Có người gọi xưng công an, bảo tôi chuyển tiền. Tôi phải làm sao?",
            "co nguoi goi xung la cong an bao toi chuyen tien",
            "Có người tự xưng là nhân viên ngân hàng đòi tôi chuyển khoản gấp",
            "Công an gọi điện doạ bắt tôi, bắt chuyển tiền vào tài khoản an toàn",
            "Hôm qua có anh mạo danh cán bộ phường gọi, bảo chuyển tiền, tôi lỡ chuyển rồi",
        ],
    )
    def test_a_scam_that_asks_for_money_is_a_scam_before_it_is_a_payment(self, shelf, told):
        assert suggest(told, limit=3)[0].key == "cuoc-goi-la"

    def test_a_payment_is_a_payment(self, shelf):
        assert [lesson.key for lesson in suggest("Tôi muốn chuyển tiền cho con", limit=3)] == ["tra-tien"]

    def test_a_lesson_is_offered_once(self, shelf):
        found = suggest("Tôi muốn gửi thư điện tử cho con", limit=3)
        assert found[0].key == "thu" and len(found) == len({lesson.pk for lesson in found})


@pytest.mark.django_db
class TestWhatIsNotThere:
    @pytest.mark.parametrize(
        "typed",
        [
            "máy giặt", "may giat", "giá vàng hôm nay", "visa đi mỹ", "cách trồng lúa", "lúa", "bóng đá", "thời tiết",
            "excel", "facebook", "zzzz qqq", "nấu phở", "thi bang lai xe",
        ],
    )  # fmt: skip
    def test_nothing_is_found(self, shelf, typed):
        assert search(typed).lessons == []

    @pytest.mark.parametrize("typed", ["", " ", "cho", "và", "làm sao để", "tôi muốn", "the", "%", "_", "'; --", "🙂"])
    def test_what_asks_for_nothing_gets_nothing_and_no_guess(self, shelf, typed):
        found = search(typed)
        assert found.lessons == [] and found.mentions == [] and found.mended == {}

    def test_what_is_only_mentioned_is_offered_as_that(self, shelf):
        found = search("đính kèm")
        assert found.lessons == [] or found.mentions == []
        assert [one.key for one in found.lessons + found.mentions] == ["thu"]

    def test_a_catalogue_without_lessons_has_nothing(self, db):
        assert search("lừa đảo").lessons == []


@pytest.mark.django_db
class TestProgrammes:
    @pytest.mark.parametrize("typed", ["hai bài thử", "Hai bai thu", "hai baif thuwr", "two trial lessons", "bài thử"])
    def test_one_is_found_by_its_name(self, programme, typed):
        assert [one.key for one in search(typed).programmes] == ["hai-bai"]

    @pytest.mark.parametrize("typed", ["ông bà", "nguoi gia", "elderly", "grandparents", "người cao tuổi"])
    def test_one_is_found_by_whom_it_is_for(self, programme, typed):
        assert search(typed).programmes == []
        Programme.objects.update(audience="elderly")
        searching._shelves.cache_clear()
        assert [one.key for one in search(typed).programmes] == ["hai-bai"]

    @pytest.mark.parametrize("typed", ["", "bài", "bái thu", "hai bài lúa", "cho", "hai trial x"])
    def test_what_says_something_else_names_none(self, programme, typed):
        assert search(typed).programmes == []

    def test_a_withdrawn_one_is_not_found(self, programme):
        assert search("hai bài thử").programmes
        services.withdraw(edition=programme.current)
        assert search("hai bài thử").programmes == []


@pytest.mark.django_db
class TestWhoHasNotSaidWhat:
    def test_the_first_lessons_come_in_the_order_of_programmes(self, shelf, cast):
        first = Programme.objects.create(key="z", owner=cast.ministry, position=1)
        Lesson.objects.create(programme=first, key="a", address="z/a", position=0, listed=True, title="A", goal="A",
                              promise="A", icon="book")  # fmt: skip
        assert [one.address for one in most_learned(2)] == ["z/a", "ke/cuoc-goi-la"]

    def test_is_offered_what_most_people_learn(self, shelf):
        ids = dict(Lesson.objects.values_list("key", "pk"))
        note_learners({ids["vneid"]: 5, ids["mua"]: 9})
        assert [one.key for one in most_learned(3)] == ["mua", "vneid", "cuoc-goi-la"]
        note_learners({ids["vneid"]: 1})
        assert [one.key for one in most_learned(2)] == ["vneid", "cuoc-goi-la"]


class TestTheLexicon:
    def test_no_spelling_is_in_two_rows(self):
        import yaml

        rows = yaml.safe_load(lexicon.FILE.read_text("utf-8"))
        of_row = [(tuple(lexicon.fold(one).split()), lexicon.term_of(row)) for row in rows for one in row]
        assert all(lexicon.spellings()[spelling] == term for spelling, term in of_row)
        assert max(len(spelling) for spelling, _term in of_row) <= lexicon.LONGEST

    def test_a_pronoun_is_no_machine(self):
        assert lexicon.of_text("Ai hỏi mã thì tắt máy") == []
        assert lexicon.of_text("AI hay bịa") == ["=ai"]

    @given(st.text(max_size=200))
    def test_any_text_can_be_kept_and_asked(self, text):
        assert all(0 < weight < 32768 and 0 < len(term) <= 80 for term, weight in terms([(text, 1), (text, 8)]).items())
        assert [word for words, _term in lexicon.parted(lexicon.fold(text).split()) for word in words] == lexicon.fold(
            text
        ).split()

    def test_diacritics_tell_words_apart(self):
        assert accented("Lúa và lừa, lua") == ["lúa", "và", "lừa"]
