"""YAML of strangers: read as plain data or refused with its line; never more than was written, never another error."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.plain_yaml import BadYaml, load

LAUGHS = "\n".join(["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9))])
letters = st.characters(exclude_categories=["Cc", "Cs", "Cn"])
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(letters, max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdef", min_size=1), inner, max_size=4),
    max_leaves=12,
)


@given(plain)
def test_what_is_written_plainly_is_read_as_ever(data):
    assert load(yaml.safe_dump(data, allow_unicode=True)) == data


@given(st.text(st.sampled_from("[]{}:-?*&!|>'\"%@` \n\t0123456789abc.,#<=~\\xu"), max_size=60) | st.text(max_size=60))
def test_no_text_makes_another_error(text):
    try:
        load(text)
    except BadYaml as error:
        assert str(error)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LAUGHS, "dòng 2: YAML không đọc được: không dùng được tham chiếu"),
        ("&a [*a]", "tham chiếu"),
        ("- {a: &x {b: 1}}\n- {<<: *x}", "dòng 2"),
        ("[" * 5000 + "]" * 5000, "lồng nhau"),
        ("- " * 5000 + "x", "lồng nhau"),
        ("a: " + "9" * 6000, "số quá dài"),
        ("a: 1" + ":1" * 100_000, "số quá dài"),
        ("\n\na: 2026-99-99", "dòng 3: YAML không đọc được: không phải số hay ngày có thật"),
        ("a: !!binary YQ==", "nhãn"),
        ("a: !!set {b, c}", "nhãn"),
        ("a: !!int x", "không phải số"),
        ("a: !!python/object/apply:os.system [ls]", "nhãn"),
        ('a: "\\0"', "ký tự điều khiển"),
        ('a: "\\ud800"', "ký tự điều khiển"),
        ("? [a]\n: b", "unhashable"),
        ("a: [", "dòng 1"),
        ("a\x00b", "không đọc được"),
    ],
)
def test_what_is_not_plain_is_refused_with_its_place(text, said):
    with pytest.raises(BadYaml, match=said.replace("(", r"\(")):
        load(text)
