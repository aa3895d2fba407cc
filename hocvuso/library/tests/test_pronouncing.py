"""Written Vietnamese as it is said."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.library.pronouncing import DIGITS, MOST, by_digits, cardinal, said

NUMBERS = [
    (0, "không"),
    (5, "năm"),
    (10, "mười"),
    (15, "mười lăm"),
    (20, "hai mươi"),
    (21, "hai mươi mốt"),
    (24, "hai mươi tư"),
    (35, "ba mươi lăm"),
    (100, "một trăm"),
    (105, "một trăm linh năm"),
    (111, "một trăm mười một"),
    (1001, "một nghìn không trăm linh một"),
    (2026, "hai nghìn không trăm hai mươi sáu"),
    (10_500, "mười nghìn năm trăm"),
    (1_000_000, "một triệu"),
    (1_500_000, "một triệu năm trăm nghìn"),
    (3_000_000_010, "ba tỉ không trăm mười"),
]
WRITTEN = [
    # abbreviations and names
    ("Mở VNeID, nhập mã OTP.", "mở vê en i ai đi, nhập mã ô tê pê."),
    ("Quét mã QR bằng app", "quét mã quy e rờ bằng áp"),
    ("Nhắn SMS, mã PIN 4 số", "nhắn ét em ét, mã pin bốn số"),
    ("AI là gì? ai cũng hỏi.", "ây ai là gì? ai cũng hỏi."),
    ("Cắm USB, bật Wi-Fi", "cắm u ét bê, bật oai phai"),
    ("gõ URL", "gõ u e rờ lờ"),
    ("HTX và TTTB", "hát tê ích xì và tê tê tê bê"),
    ("NGUYEN VAN HOA", "nguyen van hoa"),
    # dates and times
    ("Từ 30/11/2026", "từ ngày ba mươi tháng mười một năm hai nghìn không trăm hai mươi sáu"),
    ("ngày 01/07/2025", "ngày một tháng bảy năm hai nghìn không trăm hai mươi lăm"),
    ("tháng 7/2025", "tháng bảy năm hai nghìn không trăm hai mươi lăm"),
    ("ngày 5/3", "ngày năm tháng ba"),
    (
        "thứ 4, ngày 1/4/2026, hết tháng 4",
        "thứ tư, ngày một tháng tư năm hai nghìn không trăm hai mươi sáu, hết tháng tư",
    ),
    ("Nghị định 30/2020", "nghị định ba mươi năm hai nghìn không trăm hai mươi"),
    ("Thông tư 12/2024", "thông tư mười hai năm hai nghìn không trăm hai mươi tư"),
    ("gọi 1414", "gọi một bốn một bốn"),
    ("lúc 14:30 hay 8h", "lúc mười bốn giờ ba mươi hay tám giờ"),
    ("trực 24/7", "trực suốt ngày đêm"),
    # telephones
    ("Gọi 113 ngay", "gọi một một ba ngay"),
    ("báo tới 156", "báo tới một năm sáu"),
    ("0912 345 678", "không chín một hai, ba bốn năm, sáu bảy tám"),
    ("tổng đài 19001234", "tổng đài một chín không không một hai ba bốn"),
    ("1900 1234", "một chín không không, một hai ba bốn"),
    ("+84 912 345 678", "cộng tám bốn, chín một hai, ba bốn năm, sáu bảy tám"),
    ("bấm *101#", "bấm sao một không một thăng"),
    ("mã 482913", "mã bốn tám hai chín một ba"),
    # money, percent, numbers
    ("1.500.000 đ", "một triệu năm trăm nghìn đồng"),
    ("50.000đ", "năm mươi nghìn đồng"),
    ("200.000 VND", "hai trăm nghìn đồng"),
    ("giảm 40%", "giảm bốn mươi phần trăm"),
    ("1,5 triệu", "một phẩy năm triệu"),
    ("3,05 kg", "ba phẩy không năm ki lô gam"),
    ("từ 5–7 phút", "từ năm đến bảy phút"),
    ("công nghiệp 4.0", "công nghiệp bốn chấm không"),
    ("3/4 số", "ba trên bốn số"),
    # law, addresses
    ("Nghị định 13/2023/NĐ-CP", "nghị định mười ba năm hai nghìn không trăm hai mươi ba"),
    ("Nghị quyết 57-NQ/TW", "nghị quyết năm mươi bảy nghị quyết trung ương"),
    ("vào https://dichvucong.gov.vn/", "vào dịch vụ công chấm gốp chấm vê en"),
    ("đuôi .gov.vn", "đuôi chấm gốp chấm vê en"),
    ("an@thu.vn", "an a còng thu chấm vê en"),
    # signs
    ("Mở **Cài đặt** → chạm `Pin`", "mở cài đặt, rồi chạm pin"),
    ("Cài đặt (máy) — rồi dừng…", "cài đặt, máy, rồi dừng."),
    ("“Có?”, mẹ hỏi", "có? mẹ hỏi"),
    ("mua & bán, và/hoặc đổi", "mua và bán, và hoặc đổi"),
    ("Zalo/Facebook", "da lô hoặc phây búc"),
]


@pytest.mark.parametrize(("number", "words"), NUMBERS)
def test_numbers_in_words(number, words):
    assert cardinal(number) == words


@pytest.mark.parametrize(("written", "words"), WRITTEN)
def test_what_is_written_is_said(written, words):
    assert said(written) == words


@given(st.integers(0, MOST - 1), st.integers(0, MOST - 1))
def test_two_numbers_are_never_said_alike(one, other):
    assert (cardinal(one) == cardinal(other)) == (one == other)


@given(st.integers(0, 10**15))
def test_a_number_is_words_alone(number):
    assert re.fullmatch(r"[^\W\d_]+( [^\W\d_]+)*", cardinal(number))


@given(st.from_regex(r"0[35789][0-9]{8}", fullmatch=True))
def test_a_telephone_is_heard_digit_by_digit(number):
    assert said(f"gọi {number} nhé") == f"gọi {by_digits(number)} nhé"
    assert len(by_digits(number).split()) == 10 and {*by_digits(number).split()} <= {*DIGITS}


@given(st.integers(1000, 999_999_999))
def test_money_is_said_as_the_number_it_is(amount):
    assert said(f"{amount:,} đ".replace(",", ".")) == f"{cardinal(amount)} đồng"


@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)))
def test_a_date_is_said_with_day_month_and_year(day):
    month = "tư" if day.month == 4 else cardinal(day.month)
    assert said(f"{day:%d/%m/%Y}") == f"ngày {cardinal(day.day)} tháng {month} năm {cardinal(day.year)}"


@given(st.text(max_size=80) | st.text("0123456789/.,:%-–đ AIOTPvn*#@()", max_size=40))
def test_only_words_and_pauses_are_left_of_any_text(text):
    words = said(text)
    assert all(sign.isalpha() or sign in " .,!?:;" or not sign.isascii() for sign in words)
    assert not re.search(r"[0-9*#@/()%_`\[\]<>]|  |^ | $", words)
