"""Bytes of a text → NFC Unicode: UTF-8, UTF-16, Windows-1258, TCVN3 (ABC), VNI."""

from __future__ import annotations

import codecs
import unicodedata

from namro.reading.sources import old_fonts
from namro.reading.sources.kinds import is_utf16
from namro.reading.unreadable import UnreadableDocument

_SAMPLE = 60_000


def text_of(raw: bytes, file: str, said: str = "") -> tuple[str, str]:
    """The text, and the old encoding it was turned from ("" for Unicode).

    `said` is the encoding the file itself names. Text that is valid UTF-8 and still shows another
    encoding's letters ("Céng hßa") was pasted from it: it is turned as well. Raises
    UnreadableDocument when the bytes are no text.
    """
    text, encoding = _decoded(raw, said)
    odd = sum(map(text.count, _ODD))
    if odd > max(2, len(text) // 200):
        raise UnreadableDocument(
            "NOT_A_DOCUMENT",
            file,
            "nội dung không phải là văn bản.",
            "Hãy chọn tệp .docx, .pdf, .txt hoặc ảnh quét của văn bản.",
        )
    if not encoding:
        encoding = old_fonts.told(text)
        text = old_fonts.decoded_plain(text, encoding)
    return unicodedata.normalize("NFC", text), encoding


_ODD = ["\ufffd", *(chr(code) for code in range(32) if chr(code) not in "\t\n\r\f\v")]


def _decoded(raw: bytes, said: str) -> tuple[str, str]:
    if is_utf16(raw):
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return raw.decode("utf-16", errors="replace"), ""
        big = raw[:4096:2].count(0) > raw[1:4096:2].count(0)
        return raw.decode("utf-16-be" if big else "utf-16-le", errors="replace"), ""
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    if said and _is_known(said):
        return raw.decode(said, errors="replace"), ""
    return _of_one_byte(raw)


def _is_known(encoding: str) -> bool:
    """Whether an encoding named in a file is one of text, and not what everyone writes by habit."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        return False
    return name not in ("utf-8", "iso8859-1", "cp1252", "ascii", "cp1258") and name.startswith(
        ("cp", "iso", "koi", "mac", "gb", "big5", "shift", "euc", "utf", "tcvn", "viscii")
    )


def _of_one_byte(raw: bytes) -> tuple[str, str]:
    """The one-byte encoding under which most words are Vietnamese syllables; else a torn UTF-8."""
    latin = raw.decode("latin-1")
    old = old_fonts.told(latin)
    if old:
        return old_fonts.decoded_plain(latin, old), old
    torn = raw.decode("utf-8-sig", errors="replace")
    if torn.count("\ufffd") * 200 < len(torn):
        return torn, ""
    return raw.decode("cp1258", errors="replace"), "CP1258"
