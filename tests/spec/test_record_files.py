"""CSV, Excel and Parquet through one door: the same rows, the same faults, each with its cell."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from namro.measuring import load
from namro.measuring.records import KnownUnits, RecordsRead, receive, told_faults
from namro.measuring.records.faults import MOST_LISTED, SHOWN_FAULTS
from namro.terms import Period

DATASET = load().datasets["dossiers"]
JULY = Period.of("202507")
HEAD = ["Mã hồ sơ", "Mã đơn vị", "Mã thủ tục", "Ngày tiếp nhận", "Kênh tiếp nhận",
        "Hồ sơ được số hóa khi tiếp nhận", "Mức độ hài lòng (1–5)", "Họ và tên"]  # fmt: skip
UNITS = KnownUnits(
    names={"c1": "Xã Suối Một", "c2": "Phường Đồi Hai", "007": "Xã Bảy", "d1": "Xã Trùng",
           "d2": "Xã Trùng"},
    also={"c2": ("P. Đồi Hai",)},
    former={"Xã Cũ": ("c1", "c2"), "cu": ("c1", "c2"), "Xã Mất": ()},
    elsewhere={"z9": "Xã Ngoài"},
)  # fmt: skip


def take(tmp_path: Path, file: Path, room: Path | None = None) -> RecordsRead:
    return receive(
        file, DATASET, units=UNITS, period=JULY, batch="b", out=tmp_path / "out.parquet",
        hash_key=b"k" * 32, room=room,
    )  # fmt: skip


def row(key: str, unit: Any = "c1", day: Any = date(2025, 7, 2), more: Any = None) -> list[Any]:
    return [key, unit, "T1", day, "trực tuyến", "có", more, "Nguyễn Văn Thử"]


def workbook(path: Path, rows: list[list[Any]], sheet: str = "Hồ sơ", above: int = 2) -> Path:
    """Titles above, the head, the rows; formulas are (text, result)."""
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        guide = book.add_worksheet("Hướng dẫn")
        guide.write(0, 0, "Điền từ dòng thứ tư")
        page = book.add_worksheet(sheet)
        page.write(0, 0, "DANH SÁCH HỒ SƠ")
        for at, cells in enumerate([HEAD, *rows], start=above):
            for column, cell in enumerate(cells):
                if isinstance(cell, tuple):
                    page.write_formula(at, column, cell[0], None, cell[1])
                elif cell is not None:
                    page.write(at, column, cell)
    return path


def test_workbook_is_taken_from_the_sheet_that_has_the_head(tmp_path: Path) -> None:
    rows = [row("h1"), row("h2", "Xã Suối Một", datetime(2025, 7, 3, 8, 30)), row("h3", more=4.5)]

    read = take(tmp_path, workbook(tmp_path / "a.xlsx", rows))

    assert (read.faults, read.rows, read.sheet) == ((), 3, "Hồ sơ")
    table = pq.read_table(tmp_path / "out.parquet").to_pydict()
    assert table["row"] == [4, 5, 6] and set(table["unit"]) == {"c1"}
    assert table["received_on"][1] == date(2025, 7, 3)
    assert table["satisfaction"][2] == Decimal("4.5")
    assert (
        "Họ và tên" in read.ignored
        and "Thử".encode() not in (tmp_path / "out.parquet").read_bytes()
    )


def test_fault_in_a_workbook_is_named_by_sheet_and_cell(tmp_path: Path) -> None:
    rows = [row("h1"), row("h2", day="hôm qua"), row("h3", "c9"), row("h1")]

    read = take(tmp_path, workbook(tmp_path / "a.xlsx", rows))

    said = [
        (f.code, f.message.split(": ")[0], f.place.cell if f.place else "") for f in read.faults
    ]
    assert said == [
        ("NOT_A_DATE", "Trang “Hồ sơ”, ô D5", "Hồ sơ!D5"),
        ("UNKNOWN_UNIT", "Trang “Hồ sơ”, ô B6", "Hồ sơ!B6"),
        ("DUPLICATE_KEY", "Trang “Hồ sơ”, ô A7", "Hồ sơ!A7"),
    ]
    assert "“h1” đã có ở dòng 4" in read.faults[2].message
    assert all(f.suggestion for f in read.faults) and not (tmp_path / "out.parquet").exists()


def test_formula_that_failed_is_said_and_not_taken_for_a_blank(tmp_path: Path) -> None:
    rows = [row("h1", day=("=1/0", "#DIV/0!")), row("h2", more=("=A1", "")), row("h3")]

    read = take(tmp_path, workbook(tmp_path / "a.xlsx", rows))

    assert [(f.code, f.place.cell if f.place else "") for f in read.faults] == [
        ("FORMULA", "Hồ sơ!D4"), ("FORMULA", "Hồ sơ!G5"),
    ]  # fmt: skip
    assert "#DIV/0!" in read.faults[0].message and "chưa được tính" in read.faults[1].message


def test_two_sheets_of_records_are_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Tháng 6", "Tháng 7"):
            book.add_worksheet(name).write_row(0, 0, HEAD)

    read = take(tmp_path, path)

    assert [f.code for f in read.faults] == ["TWO_SHEETS"]
    assert "“Tháng 6” và “Tháng 7”" in read.faults[0].message


def test_stray_cell_far_away_is_refused_before_it_takes_all_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Hồ sơ")
        page.write_row(0, 0, HEAD)
        page.write(1_048_575, 16_383, "x")

    read = take(tmp_path, path)

    assert [f.code for f in read.faults] == ["TOO_LARGE"]
    assert "1048576 dòng, 16384 cột" in read.faults[0].message


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"khong phai", "NOT_A_WORKBOOK"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "NOT_A_WORKBOOK"),
        (b"", "NOT_A_WORKBOOK"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(content)
    assert [f.code for f in take(tmp_path, file).faults] == [code]


def parquet(path: Path, rows: list[list[Any]]) -> Path:
    columns = list(zip(*rows, strict=True))
    pq.write_table(pa.table([pa.array(c) for c in columns], names=HEAD), path)
    return path


def test_parquet_gives_the_same_slice_as_csv_and_excel(tmp_path: Path) -> None:
    rows = [row("h1", more=4.25), row("h2", "c2", date(2025, 6, 15), 1.125), row("h3", more=3.0)]
    csv = tmp_path / "a.csv"
    told = [",".join(HEAD)] + [
        ",".join([*map(str, r[:6]), f'"{str(r[6]).replace(".", ",")}"', r[7]]) for r in rows
    ]
    csv.write_text("\n".join(told), encoding="utf-8")
    files = [csv, workbook(tmp_path / "a.xlsx", rows), parquet(tmp_path / "a.parquet", rows)]

    slices = []
    for file in files:
        assert take(tmp_path, file).faults == ()
        table = pq.read_table(tmp_path / "out.parquet").drop_columns(["row"])
        slices.append(table.to_pylist())

    assert slices[0] == slices[1] == slices[2]
    assert [r["satisfaction"] for r in slices[0]] == [Decimal("4.25"), 3, Decimal("1.125")]


def test_fault_in_parquet_is_named_by_row(tmp_path: Path) -> None:
    read = take(tmp_path, parquet(tmp_path / "a.parquet", [row("h1"), row("h2", "c9")]))

    assert [f.message.split(":")[0] for f in read.faults] == ["Dòng 2"]


def test_damaged_parquet_is_refused(tmp_path: Path) -> None:
    file = parquet(tmp_path / "a.parquet", [row("h1")])
    file.write_bytes(file.read_bytes()[:-20])
    assert [f.code for f in take(tmp_path, file).faults] == ["NOT_PARQUET"]


def test_csv_in_utf16_and_with_excels_own_first_line_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    lines = ["sep=;", ";".join(HEAD), "h1;c1;T1;02/7/2025;trực tuyến;có;4,5;Nguyễn Văn Thử"]
    file.write_text("\r\n".join(lines), encoding="utf-16")

    read = take(tmp_path, file)

    assert (read.faults, read.rows) == ((), 1)
    assert pq.read_table(tmp_path / "out.parquet").to_pydict()["row"] == [3]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("c1", "c1"), ("Xã Suối Một", "c1"), ("UBND xã Suối Một", "c1"), ("xa suoi mot", "c1"),
        ("P. Đồi Hai", "c2"), ("  Phường   Đồi Hai ", "c2"),
    ],
)  # fmt: skip
def test_unit_is_known_by_code_and_by_name(said: str, code: str) -> None:
    assert UNITS.code_of(said.strip(), "Đơn vị") == code


@pytest.mark.parametrize(
    ("said", "code", "message", "mend"),
    [
        ("Xã Cũ", "FORMER_UNIT", "nay là c1 (Xã Suối Một), c2 (Phường Đồi Hai)", "c1 hoặc c2"),
        ("cu", "FORMER_UNIT", "“cu” là tên hoặc mã cũ", "c1 hoặc c2"),
        ("Xã Mất", "FORMER_UNIT", "đã giải thể", "chọn đúng kỳ"),
        ("Xã Trùng", "DOUBTFUL_UNIT", "có 2 đơn vị tên “Xã Trùng”", "d1 (Xã Trùng), d2"),
        ("z9", "OUT_OF_REACH", "ngoài phạm vi", "Xã Ngoài"),
        ("7", "UNKNOWN_UNIT", "không có đơn vị nào", "Ghi “007” và định dạng cột là chữ"),
        ("Xã Suối Mốt nhỏ", "UNKNOWN_UNIT", "không có đơn vị nào", "có phải c1 (Xã Suối Một)?"),
        ("Xã Lạ Hoắc", "UNKNOWN_UNIT", "không có đơn vị nào", "Ghi đúng mã đơn vị."),
    ],
)
def test_unit_that_cannot_be_taken_is_said_with_the_mend(
    tmp_path: Path, said: str, code: str, message: str, mend: str
) -> None:
    read = take(tmp_path, workbook(tmp_path / "a.xlsx", [row("h1", said)]))

    (fault,) = read.faults
    assert fault.code == code and message in fault.message and mend in (fault.suggestion or "")


def test_every_fault_is_written_in_the_order_of_lines(tmp_path: Path) -> None:
    """Duplicates are found last; in the list they stand at their line all the same."""
    file, room = tmp_path / "a.csv", tmp_path / "room"
    room.mkdir()
    lines = [",".join(HEAD)]
    for i in range(400):
        day = "hôm qua" if i % 2 else "2025-07-02"
        lines.append(f"h{i // 4},c1,T1,{day},trực tuyến,có,,A")
    file.write_text("\n".join(lines), encoding="utf-8")

    read = take(tmp_path, file, room)

    assert read.all_faults is not None and len(read.faults) == SHOWN_FAULTS + 1
    faults = list(told_faults(read.all_faults))
    assert [f.line for f in faults] == sorted(f.line for f in faults)
    assert sum(f.code == "DUPLICATE_KEY" for f in faults) == 300
    assert sum(f.code == "NOT_A_DATE" for f in faults) == 200
    assert f"Còn {500 - SHOWN_FAULTS} lỗi khác" in read.faults[-1].message
    assert MOST_LISTED == 1_000_000
    assert [p.name for p in room.iterdir()] == ["faults.jsonl"]


def test_number_of_a_person_is_never_said_in_a_fault(tmp_path: Path) -> None:
    from dataclasses import replace

    hashed = replace(DATASET, hashed=("dossier",))
    file = tmp_path / "a.csv"
    lines = [",".join(HEAD), *["012345678901,c1,T1,2025-07-02,trực tuyến,có,,A"] * 2]
    file.write_text("\n".join(lines), encoding="utf-8")

    read = receive(
        file, hashed, units=UNITS, period=JULY, batch="b", out=tmp_path / "out.parquet",
        hash_key=b"k" * 32, room=tmp_path,
    )  # fmt: skip

    assert [f.code for f in read.faults] == ["DUPLICATE_KEY"]
    assert "trùng với dòng 2" in read.faults[0].message
    assert read.all_faults and "012345678901" not in read.all_faults.read_text(encoding="utf-8")


def test_wrong_column_for_the_units_is_refused_in_no_time(tmp_path: Path) -> None:
    """Thousands of different names in the place of codes: not each is held against all units."""
    units = KnownUnits({f"x{i}": f"Xã Đồi Số {i}" for i in range(3000)})
    file = tmp_path / "a.csv"
    lines = [",".join(HEAD)]
    lines += [f"h{i},Người thứ {i},T1,2025-07-02,trực tuyến,có,,A" for i in range(20_000)]
    file.write_text("\n".join(lines), encoding="utf-8")
    began = process_time()

    read = receive(
        file, DATASET, units=units, period=JULY, batch="b", out=tmp_path / "o.parquet",
        hash_key=b"k" * 32,
    )  # fmt: skip

    assert f"Còn {20_000 - SHOWN_FAULTS} lỗi khác" in read.faults[-1].message
    assert process_time() - began < 10
