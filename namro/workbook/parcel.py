"""A zip of returned files → its files, one at a time, safely (gói tệp biểu).

A zip may be anything: folders within folders, names that lead out of them, files that are no
forms, or made to exhaust memory. Nothing is ever written under a name from inside; everything is
measured before it is unpacked, one file at a time.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from namro.terms import Fault, Place
from namro.vietnamese import tidy
from namro.workbook.package import MOST_BYTES, Unreadable

MOST_FILES = 2_000
MOST_UNPACKED = 1_000_000_000
_DIRECTORY_BYTES = MOST_FILES * 1_000
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"
_EXCEL = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et")
_CLUTTER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$|\._)", re.I)
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"|?*]|[\u202a-\u202e\u2066-\u2069]')


@dataclass(frozen=True)
class Item:
    """One file of a zip: `name` with its folders, to be shown only; `path` where its content lies
    until the next is asked for. `fault` in its place; `other`: it is no form and was passed over.
    """

    name: str
    path: Path | None = None
    fault: Fault | None = None
    other: bool = False


def is_parcel(file: Path) -> bool:
    """Whether a file is a zip of files, and no office document (which is a zip too)."""
    with file.open("rb") as start:
        if start.read(2) != b"PK":
            return False
    try:
        _measure(file)
        with zipfile.ZipFile(file) as packed:
            names = set(packed.namelist())
    except Unreadable:
        return True  # too many files: to be refused as a zip
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return file.suffix.lower() == ".zip"
    return not names & {"[Content_Types].xml", "mimetype"}


def count(file: Path) -> int:
    """How many files `items` will give; 0 where the zip cannot be taken."""
    try:
        _measure(file)
        with zipfile.ZipFile(file) as packed:
            return sum(1 for i in packed.infolist() if not i.is_dir() and not _is_clutter(i))
    except (Unreadable, zipfile.BadZipFile, NotImplementedError, ValueError):
        return 0


def items(file: Path, into: Path) -> Iterator[Item]:
    """The files of a zip in its order, each written to `into`, a file of the caller's, in turn.

    Folders and what systems leave behind are passed over. Raises Unreadable where the zip itself
    cannot be taken.
    """
    _measure(file)
    try:
        with zipfile.ZipFile(file) as packed:
            infos = [i for i in packed.infolist() if not i.is_dir() and not _is_clutter(i)]
            if len(infos) > MOST_FILES or sum(i.file_size for i in infos) > MOST_UNPACKED:
                raise _too_large(file)
            for info in infos:
                yield _item(packed, info, into)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as why:
        said = "Gói tệp bị hỏng, không giải nén được."
        raise Unreadable(Fault("DAMAGED", said, "Nén lại rồi gửi lại.", Place(file.name))) from why


def _measure(file: Path) -> None:
    """Refuse a list of contents that would itself take the memory. Raises Unreadable."""
    with file.open("rb") as opened:
        opened.seek(max(0, file.stat().st_size - 66_000))
        tail = opened.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        return  # no zip at all: opening it will say so
    size = struct.unpack("<I", tail[at + 12 : at + 16])[0]
    if size > _DIRECTORY_BYTES or tail[max(0, at - 20) : at].startswith(_END_64):
        raise _too_large(file)


def _too_large(file: Path) -> Unreadable:
    said = f"Gói có hơn {MOST_FILES} tệp, hoặc giải nén ra quá lớn."
    return Unreadable(Fault("TOO_LARGE", said, "Chia thành nhiều gói nhỏ hơn.", Place(file.name)))


def _is_clutter(info: zipfile.ZipInfo) -> bool:
    return bool(_CLUTTER.search(info.filename.replace("\\", "/")))


def _item(packed: zipfile.ZipFile, info: zipfile.ZipInfo, into: Path) -> Item:
    name = shown_name(info)
    suffix = PurePosixPath(name).suffix.lower()
    if info.flag_bits & 1:
        said = "Tệp trong gói có đặt mật khẩu nên không đọc được."
        return _faulty(name, "ENCRYPTED", said, "Nén lại không đặt mật khẩu rồi gửi lại.")
    if info.file_size > MOST_BYTES:
        if suffix not in _EXCEL:
            return Item(name, other=True)
        said = f"Tệp lớn quá {MOST_BYTES // 1_000_000} MB, không phải biểu mẫu đã cấp."
        return _faulty(name, "TOO_LARGE", said, "Bỏ hình ảnh và trang tính thêm vào rồi gửi lại.")
    try:
        content = packed.read(info)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        said = "Tệp trong gói bị hỏng, không giải nén được."
        return _faulty(name, "DAMAGED", said, "Nén lại tệp này rồi gửi lại.")
    if suffix not in _EXCEL and b"xl/workbook." not in content:
        if suffix != ".zip":
            return Item(name, other=True)
        said = "Gói nằm trong gói khác: các tệp bên trong không được đọc."
        return _faulty(name, "NESTED", said, "Giải nén gói này rồi gửi các tệp bên trong.")
    if not content:
        return _faulty(name, "EMPTY_FILE", "Tệp rỗng (0 byte).", "Kiểm tra lại tệp rồi gửi lại.")
    into.write_bytes(content)
    return Item(name, into)


def _faulty(name: str, code: str, said: str, mend: str) -> Item:
    return Item(name, fault=Fault(code, said, mend, Place(name)))


def shown_name(info: zipfile.ZipInfo) -> str:
    """A file's name with its folders, as a person would read it: nothing that leads elsewhere.

    Zips made on Windows hold UTF-8 or the old code page without saying which.
    """
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    parts = (tidy(_UNFIT.sub("", part)) for part in re.split(r"[/\\]", name))
    return "/".join(part for part in parts if part.strip(". "))[-250:] or "khong-ten"
