"""Whatever is written comes back unchanged: for any form, any values, blanks included."""

import tempfile
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from namro.vietnamese import tidy
from namro.workbook import Layout, Row, Sheet, date_value, read, value_date, write
from tests.workbook.forms import filled_file, small_layout

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")),
    min_size=1,
    max_size=40,
).filter(tidy)
DIGITS = st.integers(0, 4)


@st.composite
def forms(draw) -> tuple[Layout, dict[str, Decimal | None], dict[str, str]]:
    values: dict[str, Decimal | None] = {}
    notes: dict[str, str] = {}
    sheets = []
    for number in range(draw(st.integers(1, 3))):
        rows = []
        for place in range(draw(st.integers(1, 6))):
            element = f"e{number}_{place}"
            row, value = draw(rows_with_values(element))
            rows.append(row)
            values[element] = value
            if draw(st.booleans()):
                notes[element] = tidy(draw(WORDS))
        sheets.append(Sheet(f"Biểu {number + 1}", tuple(rows)))
    key = {"unit": draw(WORDS), "round": draw(WORDS)}
    return (
        Layout(key, "Biểu số liệu", "xã A", "quý III/2025", "01/10/2025", tuple(sheets)),
        values,
        notes,
    )


@st.composite
def rows_with_values(draw, element: str) -> tuple[Row, Decimal | None]:
    title = f"{element} {draw(WORDS)}"
    blank = draw(st.booleans())
    if draw(st.integers(0, 3)) == 0:
        day = draw(st.dates(date(1901, 1, 1), date(2099, 12, 31)))
        return Row(element, title, "ngày", "date"), None if blank else date_value(day)
    digits = draw(DIGITS)
    most = 10 ** min(13 + digits, 15) - 1
    value = Decimal(draw(st.integers(-most, most))).scaleb(-digits)
    row = Row(element, title, "người", "number", digits, minimum=Decimal(-(10**15)))
    return row, None if blank else value


@given(forms())
@settings(max_examples=60, deadline=None)
def test_values_and_notes_come_back_unchanged(form) -> None:
    layout, values, notes = form
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bieu.xlsx"
        write(layout, values, file, notes)
        found = read(file, layout)
    assert found.errors == []
    assert {element: cell.value for element, cell in found.values.items()} == values
    assert {e: c.note for e, c in found.values.items() if c.note is not None} == notes


EDITS = st.lists(
    st.tuples(st.floats(0, 0.999), st.integers(0, 20), st.binary(max_size=6)),
    min_size=1,
    max_size=4,
)


@given(st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml",
                        "xl/styles.xml", "xl/_rels/workbook.xml.rels"]), EDITS)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_no_damage_inside_makes_the_reader_fail(part: str, edits) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = filled_file(Path(folder))
        with zipfile.ZipFile(file) as packed:
            members = {name: packed.read(name) for name in packed.namelist()}
        content = bytearray(members[part])
        for where, cut, put in edits:
            at = int(where * len(content))
            content[at : at + cut] = put
        with zipfile.ZipFile(file, "w") as packed:
            for name, data in (members | {part: bytes(content)}).items():
                packed.writestr(name, data)
        found = read(file, small_layout())
    assert all(fault.message and fault.suggestion and fault.place for fault in found.faults)


@given(st.dates())
def test_a_day_survives_as_a_number(day: date) -> None:
    assert value_date(date_value(day)) == day
