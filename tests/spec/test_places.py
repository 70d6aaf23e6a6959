"""A faulty definition is refused when it is loaded, with the file, the line and the mend."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from namro.measuring import FaultyDefinition, load
from namro.measuring.places import line_of
from tests.properties.small_library import write_library
from tests.spec.test_definitions import GOOD, PARTS, SHARE

TOML = '''title = "x"
note = """
part = "not a key"
"""  # the end

[[part]]
name = "one"
weight = 1
[[part.part]]
name = "deep"
[[part]]
name = "two"
"weight" = 2

[visits.columns.day]
type = "date"
'''
MEND = re.compile(r"hãy|phải|chọn|mẫu|thiếu")


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("title", 1), ("note", 2), ("part 1", 6), ("part one", 6), ("part 1.weight", 8),
        ("part one.weight", 8), ("part 1.part 1.name", 10), ("part 2.weight", 13),
        ("part two.weight", 13), ("part 2.full_at", 11), ("visits.columns.day.type", 16),
        ("visits.columns.day.title", 15), ("visits", 1), ("measure", 1),
    ],
)  # fmt: skip
def test_line_of_a_key_is_found(key: str, line: int) -> None:
    assert line_of(TOML, key) == line


def test_every_key_of_the_library_is_found_on_its_own_line() -> None:
    """Whatever the walk over the text finds, the line there holds the key's last word."""
    from namro.measuring.definitions import PACKAGE
    from namro.measuring.places import _lines

    for file in PACKAGE.rglob("*.toml"):
        text = file.read_text(encoding="utf-8")
        for path, number in _lines(text).items():
            last = path.rpartition(".")[2].partition(" ")[0]
            assert last in text.splitlines()[number - 1], (file.name, path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_library(tmp_path)


def refused(folder: Path, text: str, name: str = "x-faulty.toml") -> FaultyDefinition:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(FaultyDefinition) as caught:
        load(folder)
    return caught.value


UNKNOWN_PART = 'measure = "stock"', 'measure = "stok"'
RING = 'measure = "stock"', 'measure = "x.mixed"'
NO_EXAMPLE = GOOD[GOOD.index("[[example]]") :], ""


@pytest.mark.parametrize(
    ("text", "change", "at", "says"),
    [
        (PARTS, RING, 'measure = "x.mixed"', "vòng quanh: x.mixed → x.mixed; hãy bỏ"),
        (GOOD, ('"a"', '"aa"'), 'numerator = "aa"', "không có số liệu “aa”"),
        (PARTS, UNKNOWN_PART, 'measure = "stok"', "Có thể là “stock”."),
        (GOOD, NO_EXAMPLE, None, "ít nhất một ví dụ"),
        (GOOD, ('numerator = "a"', 'numerater = "a"'), None, "Có phải “numerater”"),
        (GOOD, ('over = "latest"', 'over = "lately"'), 'over = "lately"', "chọn một trong"),
        (GOOD, ('period = "202501"', 'period = "202513"'), 'period = "202513"', "Mã kỳ"),
        (
            PARTS,
            ('[[part]]\nname = "one"', '[[part]]  # 1\nname = "one"\nfull_at = 0'),
            "[[part]]  # 1",
            "lớn hơn 0",
        ),
        (GOOD, ('title = "Tỷ lệ"', "title = "), "title = ", "mẫu TOML"),
        (GOOD, ('title = "Tỷ lệ"', 'title = "Tỷ lệ'), 'title = "Tỷ lệ', "mẫu TOML"),
        (PARTS, ("weight = 0.5", "weight = 0,5"), "weight = 0,5", "dấu chấm (không phải dấu phẩy)"),
        (
            GOOD,
            ('over = "latest"', 'over = "latest"\nover = "period"'),
            'over = "period"',
            "bỏ một",
        ),
    ],
)
def test_fault_names_its_line_and_the_mend(
    folder: Path, text: str, change: tuple[str, str], at: str | None, says: str
) -> None:
    assert change[0] in text
    faulty = text.replace(*change, 1)

    why = refused(folder, faulty)

    lines = faulty.splitlines()
    wanted = 1 if at is None else max(n for n, line in enumerate(lines, 1) if line == at)
    assert (why.file, why.line) == ("x-faulty.toml", wanted), str(why)
    assert str(why).startswith(f"Tệp x-faulty.toml, dòng {wanted}, mục “") and says in str(why)
    assert MEND.search(why.what)
    assert not re.search(r"\b(line|column|Expected|Invalid|Unterminated|got)\b", str(why))


def test_rate_of_a_rate_is_refused_with_its_line(folder: Path) -> None:
    of = SHARE[SHARE.index("[of]") : SHARE.index("[[example]]")]
    deep = '[of]\nkind = "share_of_units"\ntitle = "T"\nat_least = 1\n' + of.replace(
        "[of]", "[of.of]"
    )
    faulty = SHARE.replace(of, deep + "\n")

    why = refused(folder, faulty)

    assert faulty.splitlines()[(why.line or 0) - 1] == 'kind = "share_of_units"'
    assert "không lấy tỷ lệ của một tỷ lệ" in why.what


def test_letters_of_another_encoding_are_refused_with_their_line(folder: Path) -> None:
    (folder / "x.toml").write_bytes('measure = "x"\ntitle = "Tỷ lệ"\n'.encode("utf-16-le"))
    (folder / "y.toml").write_bytes('measure = "y"\ntitle = "Tỷ'.encode("cp1258", "replace"))
    with pytest.raises(FaultyDefinition, match=r"dòng \d+.*(UTF-8|TOML)"):
        load(folder)


def test_fault_of_an_element_names_its_line_in_the_installations_own_file(tmp_path: Path) -> None:
    own = (
        '\n[first]\ntitle = "F"\nunit_of_measure = "người"\ntime = "stock"\nat_most = "populaton"\n'
    )
    (tmp_path / "elements.toml").write_text(own, encoding="utf-8")

    with pytest.raises(FaultyDefinition) as caught:
        load(None, tmp_path)

    assert caught.value.line == 6 and "Có thể là “population”." in str(caught.value)
