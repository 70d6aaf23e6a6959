"""What a file is, told by its content: the name and its ending say nothing."""

from __future__ import annotations

import re
import struct

from namro.reading.sources import refusals
from namro.reading.sources.zipped import Zipped

IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM")
OFFICE = {
    "doc": "docx",
    "rtf": "docx",
    "odt": "docx",
    "wordxml": "docx",
    "xls": "xlsx",
    "ods": "xlsx",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"<(?:!doctype\s+html|html[\s>]|body[\s>])", re.I)
_MHTML = re.compile(rb"^(?:[A-Za-z-]+:.*\r?\n(?:[ \t].*\r?\n)*){0,30}?MIME-Version:", re.I)


def kind_of(raw: bytes, file: str) -> str:
    """docx, xlsx, zip, pdf, image, html, text, or a key of OFFICE. Raises UnreadableDocument."""
    if not raw.strip(b"\x00\t\r\n\x0c \xef\xbb\xbf\xff\xfe"):
        raise refusals.empty(file)
    if b"%PDF-" in raw[:1024]:
        return "pdf"
    if raw[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip_kind(raw, file)
    if raw[:8] == _OLE:
        return _ole_kind(raw, file)
    if raw[:5] == b"{\\rtf":
        return "rtf"
    if raw.startswith(IMAGES) or (raw[:4] == b"RIFF" and raw[8:12] == b"WEBP"):
        return "image"
    if b"\x00" in raw[:4096] and not is_utf16(raw):
        raise refusals.not_a_document(file)
    return _text_kind(raw[:8192])


def is_utf16(raw: bytes) -> bool:
    """Whether text is UTF-16: by its mark, or by zeros at every other byte and hardly elsewhere."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    head = raw[: 4096 - 4096 % 2]
    even, odd = head[::2].count(0), head[1::2].count(0)
    return max(even, odd) * 5 > len(head) and min(even, odd) * 50 < len(head)


def _text_kind(head: bytes) -> str:
    plain = head.replace(b"\x00", b"")
    if b"schemas.microsoft.com/office/word/2003/wordml" in plain or (
        b"schemas.microsoft.com/office/2006/xmlPackage" in plain
    ):
        return "wordxml"
    return "html" if _HTML.search(plain[:4096]) or _MHTML.match(plain) else "text"


def _zip_kind(raw: bytes, file: str) -> str:
    from namro.reading.sources.word.package import main_part

    packed = Zipped(raw, file)
    if main_part(packed):
        return "docx"
    if "xl/workbook.xml" in packed:
        return "xlsx"
    says = packed.read("mimetype", 200) if _has_short(packed, "mimetype") else b""
    if b"opendocument" in says:
        if _is_locked(packed):
            raise refusals.encrypted(file)
        if b"opendocument.text" in says:
            return "odt"
        if b"opendocument.spreadsheet" in says:
            return "ods"
        raise refusals.not_a_document(file)
    if "ppt/presentation.xml" in packed:
        raise refusals.not_a_document(file)
    return "zip"


def _has_short(packed: Zipped, name: str) -> bool:
    return name in packed and packed.info(name).file_size < 200


def _is_locked(packed: Zipped) -> bool:
    name = "META-INF/manifest.xml"
    return name in packed and b"encryption-data" in packed.read(name)


def _ole_kind(raw: bytes, file: str) -> str:
    """Word or Excel 97, or the shell of an encrypted newer file."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in raw

    if holds("EncryptedPackage"):
        raise refusals.encrypted(file)
    if holds("WordDocument"):
        if _word_is_locked(raw):
            raise refusals.encrypted(file)
        return "doc"
    if holds("Workbook") or holds("Book\x00"):
        if _excel_is_locked(raw):
            raise refusals.encrypted(file)
        return "xls"
    raise refusals.not_a_document(file)


def _word_is_locked(raw: bytes) -> bool:
    """The bit fEncrypted of the FIB, which begins on a sector with A5EC."""
    for at in range(512, min(len(raw), 4_000_000) - 12, 512):
        if raw[at : at + 2] == b"\xec\xa5":
            return bool(raw[at + 11] & 1)
    return False


def _excel_is_locked(raw: bytes) -> bool:
    """The record FILEPASS among the first of the workbook, which begins on a sector with BOF."""
    for start in range(512, min(len(raw), 4_000_000) - 8, 512):
        if raw[start : start + 4] != b"\x09\x08\x10\x00":
            continue
        at = start
        for _ in range(12):
            if at + 4 > len(raw):
                break
            record, size = struct.unpack_from("<HH", raw, at)
            if record == 0x2F:
                return True
            at += 4 + size
    return False
