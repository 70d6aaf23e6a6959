"""What is wrong with a definition is said when it is loaded, in Vietnamese, by file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from namro.measuring import FaultyDefinition, load, terms_of
from tests.properties.small_library import write_library

GOOD = """
measure = "x.rate"
title = "Tỷ lệ"
kind = "ratio"
scope = ["COMMUNE"]
over = "latest"
frequency = "month"
numerator = "a"
denominator = "b"

[[example]]
says = "Một nửa."
period = "202501"
expect = { p = "1/2" }
"""

PARTS = """
measure = "x.mixed"
title = "Kết hợp"
kind = "combined"
how = "weighted"
scope = ["COMMUNE"]
over = "latest"
frequency = "month"

[[part]]
name = "one"
measure = "stock"
weight = 0.5

[[part]]
name = "two"
measure = "summed"
weight = 0.5

[[example]]
says = "Không dùng."
period = "202501"
expect = { p = "-" }
"""

FLOWS = """
measure = "x.flow"
title = "Tỷ lệ"
kind = "ratio"
scope = ["COMMUNE"]
over = "period"
calendar = "calendar"
frequency = "month"
numerator = "m"
denominator = "n"

[[example]]
says = "Không dùng."
period = "202501"
expect = { p = "-" }
"""

TWICE = """numerator = [
  { count = "visits", where = { kind = "x" } },
  { count = "visits", where = { size = { at_least = 2 } } },
]"""

WEIGHED = GOOD.replace('numerator = "a"', 'rate = "rate"').replace("denominator", "weight")

FALLING = """
[[part.step]]
reaches = 20
gives = 1
[[part.step]]
reaches = 10
gives = 2
"""

MORE_ELEMENTS = """
[whole]
title = "Tổng số"
unit_of_measure = "người"
time = "stock"

[within]
title = "Trong đó"
unit_of_measure = "người"
time = "stock"
at_most = "whole"

[percent]
title = "Tỷ lệ"
unit_of_measure = "phần trăm"
time = "stock"

[fine]
title = "Số lẻ"
unit_of_measure = "ha"
time = "stock"
digits = 2
"""

SHARE = """
measure = "x.share"
title = "Tỷ lệ đơn vị đạt"
kind = "share_of_units"
scope = ["COMMUNE"]
over = "latest"
frequency = "month"
at_least = 50

[of]
kind = "ratio"
title = "Tỷ lệ"
numerator = "a"
denominator = "b"

[[example]]
says = "Không dùng."
period = "202501"
expect = { p = "-" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = write_library(tmp_path)
    with (made / "elements.toml").open("a", encoding="utf-8") as file:
        file.write(MORE_ELEMENTS)
    return made


def test_good_definitions_load(folder: Path) -> None:
    given = (GOOD, PARTS, SHARE, FLOWS, WEIGHED.replace("x.rate", "x.weighed"))
    for name, text in enumerate(given):
        (folder / f"x-{name}.toml").write_text(text, encoding="utf-8")

    library = load(folder)

    assert [t.slug for t in terms_of(library.measures["x.mixed"])] == ["x.mixed/one", "x.mixed/two"]


@pytest.mark.parametrize(
    ("text", "old", "new", "key", "what"),
    [
        (GOOD, 'numerator = "a"', 'numerater = "a"', "numerator", "thiếu mục"),
        (GOOD, 'frequency = "month"', 'frequency = "month"\nspeed = 3', "speed", "không có mục"),
        (GOOD, 'numerator = "a"', 'numerator = "z"', "numerator", "không có số liệu “z”"),
        (GOOD, 'kind = "ratio"', 'kind = "rate"', "kind", "không dùng được"),
        (GOOD, 'numerator = "a"', 'numerator = "u"', "numerator", "flow"),
        (GOOD, 'over = "latest"', 'over = "period"', "numerator", "stock"),
        (GOOD, 'numerator = "a"', 'numerator = "index"', "numerator", "không cộng gộp được"),
        (GOOD, 'numerator = "a"', 'numerator = "since"', "numerator", "kiểu ngày"),
        (GOOD, 'numerator = "a"', 'numerator = ["a", "a"]', "numerator", "ghi hai lần"),
        (GOOD, 'numerator = "a"', 'numerator = ["whole", "within"]', "numerator", "nằm trong"),
        (GOOD, 'numerator = "a"', 'numerator = "percent"', "numerator", "không cộng gộp được"),
        (FLOWS, 'numerator = "m"', TWICE, "numerator", "cả hai điều kiện"),
        (FLOWS, 'calendar = "calendar"', "", "calendar", "chỉ báo cáo theo một lịch"),
        (WEIGHED, 'rate = "rate"', 'rate = "a"', "rate", "tính bằng %"),
        (WEIGHED, 'weight = "b"', 'weight = "index"', "weight", "không làm trọng số"),
        (WEIGHED, 'weight = "b"', 'weight = "fine"', "rate", "không còn chính xác"),
        (PARTS, "weight = 0.5", "weight = 0.5\nfull_at = 0", "part one", "lớn hơn 0"),
        (PARTS, "weight = 0.5", f"weight = 0.5\n{FALLING}", "part one", "tăng dần"),
        (GOOD, 'numerator = "a"', 'numerator = ["a", "index"]', "numerator", "khác đơn vị tính"),
        (GOOD, 'period = "202501"', 'period = "202513"', "example 1.period", "Mã kỳ"),
        (GOOD, GOOD[GOOD.index("[[example]]") :], "", "example", "thiếu ví dụ"),
        (GOOD, 'scope = ["COMMUNE"]', "scope = []", "scope", "ít nhất một loại"),
        (GOOD, 'scope = ["COMMUNE"]', 'scope = "COMMUNE"', "scope", "một danh sách"),
        (GOOD, 'title = "Tỷ lệ"', "title = 3", "title", "một đoạn chữ"),
        (GOOD, 'title = "Tỷ lệ"', "title = ", "toàn tệp", "TOML"),
        (GOOD, 'measure = "x.rate"', 'measure = "stock"', "measure", "đã có trong tệp"),
        (PARTS, "weight = 0.5", "weight = 0.4", "part", "đúng bằng 1"),
        (PARTS, 'how = "weighted"', 'how = "min"', "part", "weight"),
        (PARTS, 'measure = "stock"', 'measure = "stocks"', "part 1.measure", "không có cách đo"),
        (PARTS, 'measure = "stock"', 'measure = "x.mixed"', "part 1.measure", "vòng quanh"),
        (PARTS, 'measure = "stock"', 'measure = "stands"', "part one", "cùng đơn vị tính"),
        (PARTS, 'measure = "stock"', 'measure = "calendar-flow"', "calendar", "cùng một lịch"),
        (PARTS, 'name = "two"', 'name = "one"', "part", "hai lần"),
        (SHARE, "at_least = 50", "", "at_least", "mức tối thiểu"),
        (SHARE, 'kind = "ratio"', 'kind = "level"', "of.value", "thiếu mục"),
    ],
)
def test_faulty_definition_is_named_by_file_and_key(
    folder: Path, text: str, old: str, new: str, key: str, what: str
) -> None:
    assert old in text
    (folder / "x-faulty.toml").write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(FaultyDefinition) as caught:
        load(folder)

    assert (caught.value.file, caught.value.key) == ("x-faulty.toml", key)
    assert what in str(caught.value)


def test_rate_of_a_rate_is_refused(folder: Path) -> None:
    of = SHARE[SHARE.index("[of]") : SHARE.index("[[example]]")]
    inner = '[of]\nkind = "share_of_units"\ntitle = "Trong"\nat_least = 1\n' + of.replace(
        "[of]", "[of.of]"
    )
    (folder / "x-faulty.toml").write_text(SHARE.replace(of, inner + "\n"), encoding="utf-8")

    with pytest.raises(FaultyDefinition, match="chỉ xét trên một tỷ lệ hoặc một cột mốc"):
        load(folder)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('time = "flow"', 'time = "flow"\ncarry = 3', "u.carry"),
        ("carry = 2", 'carry = 2\nat_most = "zz"', "a.at_most"),
        ("carry = 2", "carry = 2\nminimum = 5\nmaximum = 4", "a.maximum"),
        ("carry = 2", "carry = 2\ndigits = 7", "a.digits"),
        ('time = "stock"', 'time = "pool"', "a.time"),
    ],
)
def test_faulty_element_is_named_by_its_key(folder: Path, old: str, new: str, key: str) -> None:
    file = folder / "elements.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    with pytest.raises(FaultyDefinition) as caught:
        load(folder)

    assert (caught.value.file, caught.value.key) == ("elements.toml", key)


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ('{ colour = "x" }', "không có mục"),
        ('{ kind = "w" }', "không phải giá trị"),
        ("{ kind = { at_least = 3 } }", "chỉ dùng cho cột kiểu number hoặc date"),
        ("{ kind = { above = 3 } }", "điều kiện “above” không có"),
        ('{ size = "big" }', "không đúng kiểu number"),
        ('{ size = { present = "yes" } }', "present phải là"),
        ("{ kind = { one_of = [] } }", "danh sách không trống"),
        ('{ kind = ["a", "b"] }', "nhiều giá trị viết là"),
    ],
)
def test_faulty_condition_is_refused(folder: Path, where: str, what: str) -> None:
    text = GOOD.replace('"latest"', '"period"')
    text = text.replace('numerator = "a"', f'numerator = {{ count = "visits", where = {where} }}')
    text = text.replace('denominator = "b"', 'denominator = { count = "visits" }')
    (folder / "x-faulty.toml").write_text(text, encoding="utf-8")

    with pytest.raises(FaultyDefinition, match=what):
        load(folder)


def test_count_has_one_canonical_name_however_it_is_written(folder: Path) -> None:
    library = load(folder)

    slugs = {count.slug for count in library.counts_of("visits")}

    assert slugs == {
        "visits",
        "visits?kind!=z",
        "visits?size=*",
        "visits?kind=x&size<=4&size>=2",
    }


def test_installation_adds_its_own_measures_to_the_packages(tmp_path: Path) -> None:
    text = GOOD.replace('"a"', '"population-5g-covered"').replace('"b"', '"population"')
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")

    library = load(None, tmp_path)

    assert len(library.measures) == 22 and library.measures["x.rate"].hash


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ('at_most = "second"', "vòng quanh"),
        ('at_most = "third"', "khác đơn vị tính"),
        ('recorded_as = "visits?kind=unknown"', "không cách đo nào đếm"),
    ],
)
def test_element_that_cannot_be_part_of_another_is_refused(
    folder: Path, told: str, what: str
) -> None:
    def element(slug: str, unit: str, more: str = "") -> str:
        return f'\n[{slug}]\ntitle = "x"\nunit_of_measure = "{unit}"\ntime = "stock"\n{more}\n'

    text = element("first", "người", told) + element("second", "người", 'at_most = "first"')
    with (folder / "elements.toml").open("a", encoding="utf-8") as file:
        file.write(text + element("third", "hộ"))

    with pytest.raises(FaultyDefinition, match=what):
        load(folder)
