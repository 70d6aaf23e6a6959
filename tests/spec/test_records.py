"""Raw records at the door: all or nothing, nothing personal, faults by line and column."""

from __future__ import annotations

import random
import resource
import time
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from namro.measuring import load
from namro.measuring.records import KnownUnits, RecordsRead, receive, tally
from namro.terms import Period

LIBRARY = load()
DATASET = LIBRARY.datasets["dossiers"]
JULY = Period.of("202507")  # 15 June to 14 July
KEY = b"k" * 32
HEAD = "dossier,unit,procedure,received_on,channel,digitised,resolved_on,result_electronic\n"
GOOD = (
    HEAD
    + "h1,c2,t1,2025-06-16,online,yes,2025-06-20,yes\n"
    + "h2,c1,t1,17/6/2025,trực tuyến,có,,\n"
    + "h3,c1,t2,2025-07-14T08:30:00,counter,no,,\n"
)


def receive_text(tmp_path: Path, text: str | bytes, period: Period = JULY) -> RecordsRead:
    file = tmp_path / "hoso.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return receive(
        file,
        DATASET,
        units=KnownUnits.of_codes(["c1", "c2"]),
        period=period,
        batch="b1",
        out=tmp_path / "store",
        hash_key=KEY,
    )


def test_good_file_becomes_one_slice_sorted_by_unit(tmp_path: Path) -> None:
    read = receive_text(tmp_path, GOOD)

    assert read.faults == () and read.rows == 3 and read.slices == {"c1": 2, "c2": 1}
    assert read.path == tmp_path / "store" / "records" / "dossiers" / "202507" / "b1.parquet"
    table = pq.read_table(read.path).to_pydict()
    assert table["unit"] == ["c1", "c1", "c2"]
    assert table["row"] == [3, 4, 2]
    assert table["channel"] == ["online", "counter", "online"]
    assert table["received_on"][0] == date(2025, 6, 17)


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.encode("utf-8-sig"),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("dossier,unit,procedure", "Mã hồ sơ,Mã đơn vị,Mã thủ tục"),
        GOOD + "\n,,,,,,,\n",
    ],
    ids=["semicolon", "tab", "bom", "crlf", "titles", "blank-lines"],
)
def test_file_is_taken_however_it_was_saved(tmp_path: Path, text: str | bytes) -> None:
    read = receive_text(tmp_path, text)

    assert (read.faults, read.rows) == ((), 3)


def test_personal_columns_never_reach_the_slice(tmp_path: Path) -> None:
    text = (
        "dossier,unit,procedure,received_on,channel,digitised,applicant_name,identity_number,officer\n"
        "h1,c1,t1,2025-06-16,online,yes,Người Nộp,012345678901,cb7\n"
        "h2,c1,t1,2025-06-16,online,yes,Người Khác,012345678902,cb7\n"
    )

    read = receive_text(tmp_path, text)

    assert read.path is not None
    raw, table = read.path.read_bytes(), pq.read_table(read.path).to_pydict()
    assert "applicant_name" not in table and "identity_number" not in table
    assert b"012345678901" not in raw and "Người".encode() not in raw
    assert set(read.ignored) == {"applicant_name", "identity_number"}
    assert table["officer"][0] == table["officer"][1] != "cb7"


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("h1,c9,t1,2025-06-16,online,yes,,", "UNKNOWN_UNIT", "“c9”"),
        ("h1,c1,t1,2025-07-15,online,yes,,", "DATE_OUTSIDE", "15/7/2025 ngoài kỳ (15/6/2025 đến"),
        ("h1,c1,t1,2025-06-31,online,yes,,", "NOT_A_DATE", "“2025-06-31”"),
        ("h1,c1,t1,2025-06-16,fax,yes,,", "UNKNOWN_CHOICE", "“fax”"),
        ("h1,c1,t1,2025-06-16,online,nợ,,", "UNKNOWN_CHOICE", "“nợ”"),  # not the code "no"
        (",c1,t1,2025-06-16,online,yes,,", "EMPTY", "cột “Mã hồ sơ” để trống"),
        ("h1,c1,t1,,online,yes,,", "EMPTY", "cột “Ngày tiếp nhận” để trống"),
        ("h0,c1,t1,2025-06-16,online,yes,,", "DUPLICATE_KEY", "“h0” đã có"),
        ("h1,c1,t1,2025-06-16,online,yes", "WRONG_WIDTH", "có 6 ô"),
    ],
)
def test_fault_is_named_by_line_and_column(tmp_path: Path, line: str, code: str, said: str) -> None:
    read = receive_text(tmp_path, f"{HEAD}h0,c1,t1,2025-06-16,online,yes,,\n{line}\n")

    (fault,) = read.faults
    assert (fault.code, fault.place.line if fault.place else None) == (code, 3)
    assert fault.message.startswith("Dòng 3: ") and said in fault.message
    assert fault.suggestion
    assert read.path is None and not list((tmp_path / "store").rglob("*"))


def test_missing_columns_are_all_named(tmp_path: Path) -> None:
    read = receive_text(tmp_path, "dossier,received_on\nh1,2025-06-16\n")

    assert {f.code for f in read.faults} == {"MISSING_COLUMN"}
    told = " ".join(f.message for f in read.faults)
    titles = ("Mã thủ tục", "Kênh tiếp nhận", "Hồ sơ được số hóa khi tiếp nhận")
    assert all(f"thiếu cột “{title}”." in told for title in titles)
    assert len(read.faults) == 4 and not any(name in told for name in ("procedure", "unit"))


def test_long_list_of_faults_is_cut_and_counted(tmp_path: Path) -> None:
    rows = "".join(f"h{i},zz,t1,2025-06-16,online,yes,,\n" for i in range(250))

    read = receive_text(tmp_path, HEAD + rows)

    assert len(read.faults) == 101
    assert "Còn 150 lỗi khác" in read.faults[-1].message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (HEAD.encode() + "h1,c1,t1,2025-06-16,trực tuyến,yes,,\n".encode("utf-16"), "NOT_UTF8"),
        (HEAD, "NO_ROWS"),
        ("", "MISSING_COLUMN"),
        (HEAD + '"h1,c1\n', "NOT_CSV"),
        (HEAD.replace("unit", "dossier") + "h1,h1,t1,2025-06-16,online,yes,,\n", "DOUBLE_COLUMN"),
    ],
)
def test_file_that_is_no_records_is_refused(tmp_path: Path, text: str | bytes, code: str) -> None:
    read = receive_text(tmp_path, text)

    assert code in {f.code for f in read.faults} and read.path is None


def test_tally_counts_each_condition_for_each_unit(tmp_path: Path) -> None:
    read = receive_text(tmp_path, GOOD)
    assert read.path is not None

    counted = tally(read.path, DATASET, LIBRARY.counts_of("dossiers"))

    assert counted["dossiers", "c1"] == 2 and counted["dossiers", "c2"] == 1
    assert counted["dossiers?channel=online", "c1"] == 1
    assert counted["dossiers?resolved_on=*", "c1"] == 0
    assert counted["dossiers?resolved_on=*&result_electronic=yes", "c2"] == 1


def big_file(path: Path, rows: int) -> Path:
    """A made-up month of dossiers, quotes and all."""
    dice = random.Random(7)
    first = JULY.first_day(DATASET.calendar)
    days = [(first + timedelta(days=i)).isoformat() for i in range(30)]
    with path.open("w", encoding="utf-8") as out:
        out.write(HEAD.strip() + ",applicant_name,officer\n")
        for i in range(rows):
            unit, day = f"c{dice.randrange(60)}", dice.choice(days)
            channel = dice.choice(("online", "counter", "post"))
            out.write(f'h{i},{unit},"t{i % 90}",{day},{channel},yes,,,"Tên, đệm",cb{i % 300}\n')
    return path


@pytest.mark.slow
def test_three_hundred_thousand_rows_take_seconds_and_little_memory(tmp_path: Path) -> None:
    file = big_file(tmp_path / "big.csv", 300_000)
    units = KnownUnits.of_codes(f"c{i}" for i in range(60))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()

    read = receive(
        file, DATASET, units=units, period=JULY, batch="b", out=tmp_path / "s", hash_key=KEY
    )

    seconds = time.process_time() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert (read.rows, read.faults, len(read.slices)) == (300_000, (), 60)
    assert seconds < 15, f"{seconds:.1f} s of CPU"
    assert grown < 400, f"{grown:.0f} MB"
