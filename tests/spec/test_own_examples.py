"""An installation's own measures are held to their worked examples when they are loaded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from namro.measuring import FaultyDefinition, load
from namro.measuring.examples import check_examples, load_own
from tests.own_measure import BY_POST

LIBRARY = load()
MEASURES = LIBRARY.measures.values()
OWN = BY_POST % "period"


@pytest.fixture
def own(tmp_path: Path):
    """own("1/2", "1/3"): the folder with the measure in which one is put for the other."""

    def write(old: str = "", new: str = "") -> Path:
        assert old in OWN
        (tmp_path / "post.toml").write_text(OWN.replace(old, new, 1), encoding="utf-8")
        return tmp_path

    return write


@pytest.mark.parametrize("one", MEASURES, ids=lambda m: m.slug)
def test_the_packages_examples_hold(one):
    check_examples(one, LIBRARY)


@pytest.mark.parametrize("one", MEASURES, ids=lambda m: m.slug)
def test_an_example_that_says_something_else_is_refused(one):
    example = one.examples[0]
    unit, expected = next(iter(example.expect.items()))
    other = "1/7777" if expected != "1/7777" else "-"
    wrong = replace(example, expect={**example.expect, unit: other})
    with pytest.raises(FaultyDefinition, match="hãy sửa định nghĩa hoặc sửa ví dụ"):
        check_examples(replace(one, examples=(wrong,)), LIBRARY)


def test_own_measure_whose_example_holds_is_loaded(own):
    assert "own.by-post" in load_own(own()).measures


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('p = "1/2"', 'p = "1/3"', 19, "ghi p = “1/3” nhưng cách đo cho “1/2”"),
        ('c1 = "1/2"', 'c7 = "1/2"', 19, "không có đơn vị “c7”"),
        ("2025-07-02", "02/7/2025 ", 14, "“02/7/2025” không phải ngày"),
        ("| post", "", 14, "dòng 1 của bảng có 3 ô"),
        ("| channel", "| kenh   ", 14, "“kenh” không phải cột"),
    ],
)
def test_own_measure_with_a_wrong_example_is_refused_by_file_line_and_mend(
    own, old, new, line, said
):
    with pytest.raises(FaultyDefinition) as why:
        load_own(own(old, new))
    assert said in str(why.value)
    assert str(why.value).startswith(f"Tệp post.toml, dòng {line}, ")


LEVEL = """
measure = "own.people"
title = "Dân số"
kind = "level"
scope = ["PROVINCE"]
unit_of_measure = "người"
over = "latest"
frequency = "month"
value = "own-people"

[[example]]
says = "Số đã công bố."
period = "202507"
reported = \"\"\"
unit | period | own-people
tk   | 202507 | 1234567.25
\"\"\"
expect = { tk = "1234567.25", p = "1234567.25" }
"""
ELEMENTS = """
[own-people]
title = "Dân số"
unit_of_measure = "người"
time = "stock"
digits = 2
carry = 12
"""


@pytest.fixture
def level(tmp_path: Path):
    """level("old", "new"): the folder with a measure of a published number, one text changed."""

    def write(old: str = "", new: str = "") -> Path:
        assert old in LEVEL
        (tmp_path / "people.toml").write_text(LEVEL.replace(old, new, 1), encoding="utf-8")
        (tmp_path / "elements.toml").write_text(ELEMENTS, encoding="utf-8")
        return tmp_path

    return write


@pytest.mark.parametrize("expected", ["1234567.25", "1234567.3", "1234567"])
def test_a_large_level_is_compared_to_as_many_decimals_as_the_example_writes(level, expected):
    old = 'expect = { tk = "1234567.25", p = "1234567.25" }'
    new = f'expect = {{ tk = "{expected}", p = "{expected}" }}'
    assert "own.people" in load_own(level(old, new)).measures


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("unit | period", "don-vi | period", "“unit” là cột phải có"),
        ("unit | period", "unit | ky", "“period” là cột phải có"),
        ("tk   | 202507", "tk   | 2025xx", "“2025xx” không phải kỳ"),
        ("1234567.25\n", "NaN\n", "“NaN” không phải số"),
        ("1234567.25\n", "1e30\n", "“1e30” không phải số"),
        ("1234567.25\n", "1.2345678\n", "“1.2345678” không phải số"),
        ('tk = "1234567.25"', "tk = 1", "phải là một đoạn chữ"),
    ],
)
def test_a_mistyped_example_is_refused_in_words(level, old, new, said):
    with pytest.raises(FaultyDefinition, match=r"people\.toml") as why:
        load_own(level(old, new))
    assert said in str(why.value)
