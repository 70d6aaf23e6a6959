"""A zip of returned files: gone through safely, every file of it told by its name."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from namro.workbook import parcel
from namro.workbook.package import MOST_BYTES, Unreadable
from tests.workbook.forms import filled_file


def zipped(tmp_path: Path, files: dict[str, bytes]) -> Path:
    file = tmp_path / "goi.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return file


def gone_through(file: Path, tmp_path: Path) -> list[tuple[str, str]]:
    """(name, what became of it) of each file."""
    into, found = tmp_path / "mot.xlsx", []
    for item in parcel.items(file, into):
        if item.path:
            assert item.path == into and into.stat().st_size
        said = "form" if item.path else "other" if item.other else item.fault.code
        found.append((item.name, said))
    return found


def test_folders_wrong_names_and_other_files_are_told_apart(tmp_path: Path) -> None:
    form = filled_file(tmp_path).read_bytes()
    file = zipped(
        tmp_path,
        {
            "Tháng 9/xã A/biểu.xlsx": form,
            "bieu khong duoi": form,
            "bieu.xlsx.txt": form,
            "anh.jpg": b"\xff\xd8",
            "van-ban.docx": b"PK\x03\x04",
            "trong.xlsx": b"",
            "__MACOSX/._bieu.xlsx": b"x",
            "xã A/Thumbs.db": b"x",
            "~$biểu.xlsx": b"x",
            "con.zip": b"PK\x05\x06" + bytes(18),
        },
    )
    assert gone_through(file, tmp_path) == [
        ("Tháng 9/xã A/biểu.xlsx", "form"),
        ("bieu khong duoi", "form"),
        ("bieu.xlsx.txt", "form"),
        ("anh.jpg", "other"),
        ("van-ban.docx", "other"),
        ("trong.xlsx", "EMPTY_FILE"),
        ("con.zip", "NESTED"),
    ]


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("../../etc/bieu.xlsx", "etc/bieu.xlsx"),
        ("/tuyet/doi.xlsx", "tuyet/doi.xlsx"),
        ("..\\..\\bieu.xlsx", "bieu.xlsx"),
        ("xã\u202eA/biểu\x07.xlsx", "xãA/biểu.xlsx"),
        ("..", "khong-ten"),
    ],
)
def test_names_lead_nowhere(inside: str, shown: str) -> None:
    info = zipfile.ZipInfo(inside)
    info.flag_bits |= 0x800
    info.filename = inside
    assert parcel.shown_name(info) == shown


def test_names_in_utf8_without_saying_so_are_read(tmp_path: Path) -> None:
    info = zipfile.ZipInfo()
    info.filename = "xã A/biểu.xlsx".encode().decode("cp437")
    assert parcel.shown_name(info) == "xã A/biểu.xlsx"


def test_nothing_is_written_under_a_name_from_inside(tmp_path: Path) -> None:
    room = tmp_path / "room"
    room.mkdir()
    file = zipped(tmp_path, {"../thoat.xlsx": filled_file(tmp_path).read_bytes()})
    for _ in parcel.items(file, room / "mot.xlsx"):
        pass
    assert not (tmp_path / "thoat.xlsx").exists()
    assert [p.name for p in room.iterdir()] == ["mot.xlsx"]


def test_bomb_is_told_and_the_files_beside_it_read(tmp_path: Path) -> None:
    form = filled_file(tmp_path).read_bytes()
    file = zipped(tmp_path, {"bom.xlsx": bytes(MOST_BYTES + 1), "biểu.xlsx": form})
    assert gone_through(file, tmp_path) == [("bom.xlsx", "TOO_LARGE"), ("biểu.xlsx", "form")]


def test_parcel_too_large_in_all_is_refused_unopened(tmp_path: Path, monkeypatch) -> None:
    file = zipped(tmp_path, {f"{i}.xlsx": bytes(1_000) for i in range(30)})
    monkeypatch.setattr(parcel, "MOST_UNPACKED", 20_000)
    with pytest.raises(Unreadable, match="giải nén ra quá lớn"):
        gone_through(file, tmp_path)
    monkeypatch.setattr(parcel, "MOST_UNPACKED", 10**9)
    monkeypatch.setattr(parcel, "MOST_FILES", 20)
    with pytest.raises(Unreadable, match="20 tệp"):
        gone_through(file, tmp_path)


def test_list_of_contents_too_long_is_never_read(tmp_path: Path, monkeypatch) -> None:
    file = zipped(tmp_path, {"a.xlsx": b"x"})
    content = bytearray(file.read_bytes())
    at = content.rfind(b"PK\x05\x06")
    content[at + 12 : at + 16] = struct.pack("<I", 900_000_000)
    file.write_bytes(content)
    with pytest.raises(Unreadable):
        gone_through(file, tmp_path)
    assert parcel.is_parcel(file)


def test_encrypted_and_damaged_files_are_told(tmp_path: Path) -> None:
    file = zipped(tmp_path, {"khoa.xlsx": b"x" * 500, "hong.xlsx": b"y" * 500})
    content = bytearray(file.read_bytes())
    first = content.find(b"PK\x01\x02")
    content[first + 8] |= 1  # the flag of a password
    second = content.find(b"PK\x01\x02", first + 4)
    content[second + 16] ^= 0xFF  # the checksum
    file.write_bytes(content)
    assert gone_through(file, tmp_path) == [("khoa.xlsx", "ENCRYPTED"), ("hong.xlsx", "DAMAGED")]


def test_damaged_parcel_is_refused(tmp_path: Path) -> None:
    file = zipped(tmp_path, {"a.xlsx": b"x" * 5000})
    file.write_bytes(file.read_bytes()[:-30])
    assert parcel.is_parcel(file)
    with pytest.raises(Unreadable, match="hỏng"):
        gone_through(file, tmp_path)


def test_office_documents_are_no_parcels(tmp_path: Path) -> None:
    assert not parcel.is_parcel(filled_file(tmp_path))
    text = tmp_path / "a.zip"
    text.write_bytes(b"khong phai zip")
    assert not parcel.is_parcel(text)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    (tmp_path / "a.ods").write_bytes(held.getvalue())
    assert not parcel.is_parcel(tmp_path / "a.ods")
