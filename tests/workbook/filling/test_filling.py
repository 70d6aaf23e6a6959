"""A template filled: exactly the cells asked, and nothing else in the file."""

from __future__ import annotations

import io
import tempfile
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.drawing.image import Image
from PIL import Image as Picture

from namro.workbook import Unreadable
from namro.workbook.filling import (
    FaultyMapping,
    Filled,
    Known,
    check,
    fill,
    mapping_of,
    open_template,
    place,
)
from tests.workbook.filling.forms import (
    MAPPING,
    mapping,
    material,
    opened,
    read_back,
    save,
    small_book,
)

KNOWN = Known({"1": True, "2": True, "3": False}, {"c1", "c2"})


def codes(faults):
    return [(f.code, f.place.cell) for f in faults]


def test_whole_mapping_fills_what_it_asks_and_remarks_what_is_missing(tmp_path):
    template = opened(small_book(), tmp_path)
    assert check(mapping(), template, KNOWN) == []
    placed = place(mapping(), template, material())
    assert not placed.errors
    assert codes(placed.notices) == [
        ("MISSING", "Biểu 1!C6"),
        ("MISSING", "Biểu 1!E6"),
        ("NOT_VALID", "Biểu 1!E6"),
        ("UNKNOWN_ROW", "Xã!A4"),
        ("UNKNOWN_ROW", "Xã!A5"),
        ("NO_CODE", "Xã"),
    ]
    book = read_back(fill(template, placed.cells))
    sheet = book["Biểu 1"]
    assert sheet["B2"].value == "tháng 9 năm 2025"
    assert [c.value for c in sheet[5]] == [1, "phủ sóng", 32, None, 0.4568]
    assert [c.value for c in sheet[6]] == [2, "băng rộng", None, None, "-"]
    assert sheet["E5"].number_format == "0.0%"
    assert sheet["E9"].value == "=SUM(E5:E8)"
    assert book["Xã"]["B3"].value == "50,0"
    assert book["Danh mục"].sheet_state == "hidden"
    assert sheet["B2"].fill.fgColor.rgb == "00FFFF00"


def test_pictures_and_every_other_part_stay_byte_for_byte(tmp_path):
    book, picture = small_book(), io.BytesIO()
    Picture.new("RGB", (8, 8), "red").save(picture, "png")
    book["Biểu 1"].add_image(Image(picture), "G2")
    file = save(book, tmp_path)
    template = open_template(file)
    assert "hình ảnh" in template.kept
    content = fill(template, place(mapping(), template, material()).cells)
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(io.BytesIO(content)) as after:
        assert before.namelist() == after.namelist()
        changed = {n for n in before.namelist() if before.read(n) != after.read(n)}
    assert changed == {
        "xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml",
    }  # fmt: skip


def test_same_input_gives_the_same_bytes(tmp_path):
    template = opened(small_book(), tmp_path)
    cells = place(mapping(), template, material()).cells
    assert fill(template, cells) == fill(template, cells)


VALUES = st.one_of(
    st.none(),
    st.decimals(-(10**9), 10**9, places=3),
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=20),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
)
PLACES = st.tuples(st.integers(0, 30), st.integers(0, 30))
TEXTS = st.one_of(st.integers(), st.text(st.characters(categories=("L", "N")), max_size=9))


@settings(max_examples=60, deadline=None)
@given(found=st.dictionaries(PLACES, TEXTS, max_size=25), asked=st.dictionaries(PLACES, VALUES))
def test_any_cells_of_any_sheet_take_their_values_and_no_other_cell_changes(found, asked):
    book = openpyxl.Workbook()
    for (row, column), value in found.items():
        book.active.cell(row + 1, column + 1, value)
    with tempfile.TemporaryDirectory() as folder:
        template = opened(book, Path(folder))
    before = read_back(fill(template, []))["Sheet"]
    content = fill(template, [Filled("Sheet", at, value) for at, value in asked.items()])
    after = read_back(content)["Sheet"]
    for at in {(r, c) for r in range(31) for c in range(31)}:
        shown = after.cell(at[0] + 1, at[1] + 1).value
        if at not in asked:
            assert shown == before.cell(at[0] + 1, at[1] + 1).value
            continue
        match asked[at]:
            case Decimal() as figure:
                assert shown == float(figure)
            case date() as day:
                assert shown == datetime(day.year, day.month, day.day)
            case other:
                assert shown == other


@pytest.mark.parametrize(
    ("change", "code", "cell"),
    [
        ({"spots": [{"sheet": "Khác", "cell": "A1", "what": "period"}]}, "NO_SHEET", "Khác!A1"),
        ({"spots": [{"sheet": "Biểu 1", "cell": "1A", "what": "period"}]}, "NO_CELL", "Biểu 1!1A"),
        ({"spots": [{"sheet": "Biểu 1", "cell": "E9", "what": "period"}]}, "FORMULA", "Biểu 1!E9"),
        ({"spots": [{"sheet": "Biểu 1", "cell": "B1", "what": "period"}]}, "MERGED", "Biểu 1!B1"),
        ({"spots": [{"sheet": "Biểu 1", "cell": "B6", "what": "period"}]}, "TWICE", "Biểu 1!B6"),
        ({"spots": [{"sheet": "Biểu 1", "cell": "G1", "what": "value", "of": "9"}]},
         "NO_TARGET", "Biểu 1!G1"),
        ({"spots": [{"sheet": "Biểu 1", "cell": "G1", "what": "value", "of": "3"}]},
         "NO_MEASURE", "Biểu 1!G1"),
        ({"spots": [{"sheet": "Biểu 1", "cell": "G1", "what": "text"}]}, "NO_TEXT", "Biểu 1!G1"),
        ({"codes": {"zz": "1"}}, "NO_UNIT", "zz"),
        ({"codes": {"c1": "1", "c2": "1"}}, "TWICE", "c2"),
        ({"blocks": [{**MAPPING["blocks"][0], "last": 9}]}, "FORMULA", "Biểu 1!E9"),
        ({"blocks": [{**MAPPING["blocks"][0], "last": 2}]}, "BAD_ROWS", "Biểu 1!5:2"),
        ({"blocks": [{**MAPPING["blocks"][1], "match_column": "H"}]}, "NOTHING_PRINTED", "Xã!H3"),
    ],
)  # fmt: skip
def test_faulty_mapping_is_told_by_cell(tmp_path, change, code, cell):
    found = check(mapping(**change), opened(small_book(), tmp_path), KNOWN)
    assert (code, cell) in codes(found)
    assert all(f.suggestion for f in found)


@pytest.mark.parametrize(
    "data",
    [[], {"x": 1}, {"spots": [{"sheet": "a", "cell": "A1", "what": "?"}]}, {"codes": {"a": 1}},
     {"spots": [{"sheet": "a", "cell": "A1", "what": "period", "look": {"scale": "7"}}]},
     {"blocks": [{"sheet": "a", "rows": "targets", "first": True, "last": 2, "columns": []}]}],
)  # fmt: skip
def test_data_that_is_no_mapping_is_refused(data):
    with pytest.raises(FaultyMapping):
        mapping_of(data)


def test_mapping_comes_back_from_its_data_unchanged():
    assert mapping_of(mapping().as_json()) == mapping()


def test_more_rows_than_the_table_has_room_for_is_an_error(tmp_path):
    short = mapping(blocks=[{**MAPPING["blocks"][0], "last": 5}])
    placed = place(short, opened(small_book(), tmp_path), material())
    assert codes(placed.errors) == [("NO_ROOM", "Biểu 1!5")]


def _packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY_FILE"),
        (b"%PDF-1.4", "NOT_A_WORKBOOK"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "OLD_FORMAT"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "ENCRYPTED"),
        (_packed(**{"xl/workbook.xml": b"<a/>", "xl/vbaProject.bin": b"x"}), "MACROS"),
        (_packed(**{"xl/workbook.xml": b"\0" * 70_000_000}), "TOO_LARGE"),
        (_packed(**{"xl/workbook.xml": b"<a/>"}), "DAMAGED"),
        (_packed(**{"xl/workbook.xml": b"<a/>", "_xmlsignatures/sig1.xml": b"x"}), "SIGNED"),
        (b"PK\x03\x04broken", "DAMAGED"),
    ],
)
def test_what_is_no_template_is_refused_with_its_reason(tmp_path, content, code):
    file = tmp_path / "mau.xlsx"
    file.write_bytes(content)
    with pytest.raises(Unreadable) as refused:
        open_template(file)
    assert refused.value.fault.code == code
    assert refused.value.fault.suggestion
