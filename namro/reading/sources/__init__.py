"""Any file → blocks. The kind of a file is told by its content, never by its name.

`open_document` gives a Source; each format's reader is imported only when it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from namro.reading.blocks import Block
from namro.reading.unreadable import UnreadableDocument

MAX_BYTES = 60_000_000
MAX_PAGES = 600
MAX_UNPACKED = 300_000_000

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Source:
    """A document opened: its blocks in order, its pages, and what read it.

    `flowing` says that paragraphs run over page breaks by nature (PDF, scans, page dumps), so
    that a sentence broken there is no fault of the author's.
    """

    blocks: tuple[Block, ...]
    pages: int
    ocr_pages: int
    engine: str
    flowing: bool


def open_document(
    path: Path, pages: tuple[int, int] | None = None, progress: Progress | None = None
) -> Source:
    """Read one file. Raises UnreadableDocument for anything that is no readable document."""
    from namro.reading.sources.folded import laid_open

    source = _opened(path, pages, progress)
    return replace(source, blocks=tuple(laid_open(source.blocks)))


def _opened(path: Path, pages: tuple[int, int] | None, progress: Progress | None) -> Source:
    raw = _bytes(path)
    kind = kind_of(raw, path.name)
    if kind == "docx":
        from namro.reading.sources import word

        return Source(*word.read(path, raw), 0, "python-docx", False)
    if kind == "pdf":
        from namro.reading.sources import pdf

        return pdf.read(path, raw, pages, progress)
    if kind == "image":
        from namro.reading.sources import scan

        return scan.read_image(path, raw, progress)
    if kind in ("doc", "rtf", "odt"):
        from namro.reading.sources import office, word

        return Source(*word.read(path, office.as_docx(path, kind)), 0, "LibreOffice", False)
    from namro.reading.sources import plain

    blocks, count = plain.read(path, raw)
    flowing = sum(b.flows for b in blocks) * 2 > len(blocks)
    return Source(tuple(blocks), count, 0, "text", flowing)


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableDocument(
                "TOO_LARGE",
                path.name,
                f"tệp nặng {size // 1_000_000} MB, quá mức {MAX_BYTES // 1_000_000} MB.",
                "Hãy tách văn bản thành nhiều tệp nhỏ hơn hoặc quét lại ở độ phân giải 200–300 "
                "dpi.",
            )
        return path.read_bytes()
    except (OSError, ValueError) as why:
        raise UnreadableDocument(
            "NO_FILE", path.name, "không mở được tệp.", "Hãy kiểm tra đường dẫn và quyền đọc tệp."
        ) from why


_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM")


def kind_of(raw: bytes, file: str) -> str:
    """docx, pdf, image, doc, rtf, odt or text, told by the first bytes."""
    if not raw.strip(b"\x00\t\r\n\x0c \xef\xbb\xbf"):
        raise UnreadableDocument(
            "EMPTY", file, "tệp rỗng.", "Hãy kiểm tra lại tệp đã lưu hoặc chọn tệp khác."
        )
    if raw[:1024].lstrip()[:5] == b"%PDF-" or b"%PDF-" in raw[:1024]:
        return "pdf"
    if raw[:4] == b"PK\x03\x04":
        return _zip_kind(raw, file)
    if raw[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _ole_kind(raw, file)
    if raw[:5] == b"{\\rtf":
        return "rtf"
    if raw.startswith(_IMAGES) or (raw[:4] == b"RIFF" and raw[8:12] == b"WEBP"):
        return "image"
    if b"\x00" in raw[:4096] and raw[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise _not_a_document(file)
    return "text"


def _zip_kind(raw: bytes, file: str) -> str:
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            names = set(packed.namelist())
            size = sum(info.file_size for info in packed.infolist())
            odt = "mimetype" in names and packed.getinfo("mimetype").file_size < 200
            says = packed.read("mimetype") if odt else b""
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError) as why:
        raise damaged(file) from why
    if size > MAX_UNPACKED or len(names) > 20_000:
        raise UnreadableDocument(
            "TOO_LARGE",
            file,
            "nội dung sau khi giải nén quá lớn.",
            "Hãy lưu lại văn bản, giảm cỡ ảnh chèn trong đó.",
        )
    if "word/document.xml" in names:
        return "docx"
    if b"opendocument.text" in says:
        return "odt"
    raise _not_a_document(file)


def _ole_kind(raw: bytes, file: str) -> str:
    """Word 97, or the shell of an encrypted .docx."""
    head = raw[:4_000_000]
    if "EncryptedPackage".encode("utf-16-le") in head:
        raise encrypted(file)
    if "WordDocument".encode("utf-16-le") in head or "WordDocument".encode("utf-16-le") in raw:
        return "doc"
    raise _not_a_document(file)


def _not_a_document(file: str) -> UnreadableDocument:
    return UnreadableDocument(
        "NOT_A_DOCUMENT",
        file,
        "đây không phải là tệp văn bản (xét theo nội dung, không theo tên tệp).",
        "Hãy chọn tệp .docx, .doc, .odt, .rtf, .pdf, .txt hoặc ảnh quét của văn bản.",
    )


def damaged(file: str) -> UnreadableDocument:
    """The refusal of a file that is broken or cut short."""
    return UnreadableDocument(
        "DAMAGED",
        file,
        "tệp bị hỏng hoặc thiếu một phần.",
        "Hãy sao chép hoặc tải lại tệp; nếu vẫn hỏng, mở bằng phần mềm soạn thảo và lưu lại.",
    )


def encrypted(file: str) -> UnreadableDocument:
    """The refusal of a file under a password."""
    return UnreadableDocument(
        "ENCRYPTED",
        file,
        "tệp được đặt mật khẩu.",
        "Hãy bỏ mật khẩu rồi gửi lại; không gửi văn bản chứa bí mật nhà nước vào hệ thống này.",
    )


def together(sources: Sequence[Source]) -> Source:
    """Several files as one document: blocks and pages run on."""
    if len(sources) == 1:
        return sources[0]
    blocks: list[Block] = []
    tables = 0
    for source in sources:
        last = tables
        for block in source.blocks:
            if block.cell:
                tables = max(tables, last + block.cell.table + 1)
                block = replace(block, cell=replace(block.cell, table=last + block.cell.table))
            blocks.append(block)
    return Source(
        tuple(blocks),
        sum(s.pages for s in sources),
        sum(s.ocr_pages for s in sources),
        ", ".join(dict.fromkeys(s.engine for s in sources)),
        any(s.flowing for s in sources),
    )
