"""A file or a link that is to prove a figure: its size, its name, and that it is what it says.

What counts is the content: a program named .pdf is refused, whatever the browser called it.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings

from namro.vietnamese import tidy
from namro.web.frame import files

MOST_BYTES = 25 * 1024 * 1024
"""The largest file of proof: a photograph from a telephone has 3 to 12 MB."""

_HEAD = 1024
_CHUNK = 1 << 16
_IN_MEMORY = 2 * 1024 * 1024
_OLD_OFFICE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_PACKAGE = (b"PK\x03\x04",)
# What a file of each kind begins with; none: plain text.
_BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "jpg": (b"\xff\xd8\xff",), "jpeg": (b"\xff\xd8\xff",), "png": (b"\x89PNG\r\n\x1a\n",),
    "webp": (b"RIFF",),
    "doc": (*_OLD_OFFICE, b"{\\rtf"), "xls": _OLD_OFFICE, "ppt": _OLD_OFFICE,
    "docx": _PACKAGE, "xlsx": _PACKAGE, "pptx": _PACKAGE, "ods": _PACKAGE, "odt": _PACKAGE,
    "zip": _PACKAGE, "csv": (), "txt": (),
}  # fmt: skip
# What lies in a package of each kind, by the beginning of a member's name.
_INSIDE = {
    "docx": "word/", "xlsx": "xl/", "pptx": "ppt/", "ods": "content.xml", "odt": "content.xml",
}  # fmt: skip
_PROGRAMS = frozenset("exe dll com bat cmd scr ps1 vbs js jar msi lnk hta sh apk".split())
EVIDENCE_KINDS = frozenset(_BEGINNINGS)


class FaultyFile(Exception):
    """A file or link that cannot be taken as evidence; the message is Vietnamese."""


def keep_proof(file_name: str, chunks: Iterable[bytes]) -> tuple[str, int, str]:
    """Keep a file of proof; give SHA-256, size and its tidy name. Raises FaultyFile."""
    name = tidy(PurePath(file_name.replace("\\", "/")).name)[-255:]
    kind = PurePath(name).suffix.lower().lstrip(".")
    if kind not in EVIDENCE_KINDS:
        raise FaultyFile(
            f"Không nhận tệp “{name}”. Hãy dùng tệp PDF, Word, Excel, ảnh (JPG, PNG) hoặc ZIP."
        )
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as whole:
        for chunk in limited(chunks, name, most=min(MOST_BYTES, settings.NAMRO_MAX_UPLOAD)):
            whole.write(chunk)
        if not whole.tell():
            raise FaultyFile(f"Tệp “{name}” không có nội dung. Hãy chọn lại tệp.")
        _check_content(whole, kind, name)
        sha256, size = files.keep(_read(whole))
    return sha256, size, name


def limited(chunks: Iterable[bytes], name: str, most: int = 0) -> Iterable[bytes]:
    """The chunks, as long as they stay within `most` bytes (0: what an upload may have)."""
    most, size = most or settings.NAMRO_MAX_UPLOAD, 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise FaultyFile(
                f"Tệp “{name}” lớn hơn {most // 1024 // 1024} MB. Hãy giảm độ phân giải của ảnh, "
                "nén hoặc chia nhỏ tệp rồi gửi lại."
            )
        yield chunk


def _read(opened: IO[bytes]) -> Iterator[bytes]:
    opened.seek(0)
    while chunk := opened.read(_CHUNK):
        yield chunk


def _check_content(opened: IO[bytes], kind: str, name: str) -> None:
    """Raises FaultyFile where the content is not of the kind the name says."""
    opened.seek(0)
    head = opened.read(_HEAD)
    beginnings = _BEGINNINGS[kind]
    if kind == "pdf":
        fits = b"%PDF-" in head
    elif not beginnings:
        fits = b"\x00" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))
    else:
        fits = head.startswith(beginnings)
    if not fits:
        raise FaultyFile(
            f"Tệp “{name}” có nội dung không đúng loại .{kind}. Hãy mở tệp để kiểm tra, lưu lại "
            "đúng loại rồi gửi lại."
        )
    if beginnings == _PACKAGE:
        _check_package(opened, kind, name)


def _check_package(opened: IO[bytes], kind: str, name: str) -> None:
    opened.seek(0)
    try:
        members = zipfile.ZipFile(opened).namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as why:
        raise FaultyFile(f"Tệp “{name}” bị hỏng, không mở được. Hãy lưu lại tệp rồi gửi.") from why
    inside = _INSIDE.get(kind, "")
    if not any(member.startswith(inside) for member in members):
        raise FaultyFile(
            f"Tệp “{name}” có nội dung không đúng loại .{kind}. Hãy lưu lại đúng loại rồi gửi lại."
        )
    if any(member.lower().endswith("vbaproject.bin") for member in members):
        raise FaultyFile(f"Tệp “{name}” có chứa macro. Hãy lưu lại thành tệp không có macro.")
    programs = [m for m in members if PurePath(m).suffix.lower().lstrip(".") in _PROGRAMS]
    if programs:
        raise FaultyFile(
            f"Tệp “{name}” có chứa chương trình “{PurePath(programs[0]).name}”. Hãy bỏ tệp đó ra "
            "rồi nén lại."
        )


def checked_link(text: str) -> str:
    """An address on the web as it is kept. Raises FaultyFile for anything else."""
    address = tidy(text)
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in address
    except ValueError:
        known = False
    if not known or len(address) > 500:
        raise FaultyFile(
            f"“{address[:60]}” không phải địa chỉ trang. Hãy dán địa chỉ bắt đầu bằng https://, "
            "tối đa 500 ký tự."
        )
    return address
