"""Zip files of any kind (.docx, .xlsx, .odt, plain .zip), opened with bounds.

Nothing is ever unpacked to disk under a name the file chose; what is read is read in memory, each
part up to a bound. What no office program makes is refused: two parts of one name, names that lead
out of the package, a size that does not fit what is packed.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any

from namro.reading.sources import refusals

MAX_UNPACKED = 300_000_000
MAX_PART = 40_000_000  # of XML; its tree takes about ten times that in memory
MAX_MEMBERS = 20_000
_RATIO = 400  # deflate packs text of an office file 10–40 times
_SMALL = 4_000_000

_Broken = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    OSError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    EOFError,
    KeyError,
    IndexError,
    OverflowError,
)


class Zipped:
    """A zip file in memory. Raises UnreadableDocument when it is broken, locked or a trap."""

    def __init__(self, raw: bytes, file: str) -> None:
        self.file = file
        try:
            self._packed = zipfile.ZipFile(io.BytesIO(raw))
            infos = self._packed.infolist()
        except _Broken as why:
            raise refusals.damaged(file) from why
        except Exception as why:  # struct.error and the like
            raise refusals.damaged(file) from why
        self._check(infos)
        files = [i for i in infos if i.filename and not i.is_dir()]
        self._infos = {_plain(i.filename): i for i in files}

    def _check(self, infos: list[zipfile.ZipInfo]) -> None:
        names = [_plain(i.filename) for i in infos]
        if len(infos) > MAX_MEMBERS or sum(i.file_size for i in infos) > MAX_UNPACKED:
            raise self._swollen()
        if any(i.file_size > max(_SMALL, _RATIO * i.compress_size) for i in infos):
            raise self._swollen()
        for name in names:
            if name.startswith("/") or ".." in name.split("/") or ":" in name[:3]:
                raise refusals.unsafe(
                    self.file,
                    f"gói có tên tệp trỏ ra ngoài gói (“{name[-80:]}”).",
                    "Không mở tệp này; hãy xin lại văn bản từ nơi gửi.",
                )
        doubles = {n for n in names if names.count(n) > 1} if len(set(names)) < len(names) else ()
        for name in sorted(doubles):
            raise refusals.unsafe(
                self.file,
                f"gói có hai phần trùng tên “{name[-80:]}” nên không rõ phần nào là thật.",
                "Hãy mở bằng phần mềm soạn thảo, lưu lại rồi gửi.",
            )

    def _swollen(self) -> Exception:
        return refusals.too_large(
            self.file,
            "nội dung sau khi giải nén quá lớn.",
            "Hãy lưu lại văn bản, giảm cỡ ảnh chèn trong đó; không mở tệp lạ.",
        )

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def __iter__(self) -> Iterator[str]:
        return iter(self._infos)

    def info(self, name: str) -> zipfile.ZipInfo:
        """The entry of one part."""
        return self._infos[name]

    def read(self, name: str, most: int = MAX_PART) -> bytes:
        """The content of one part, at most `most` bytes."""
        info = self._infos[name]
        if info.flag_bits & 1:
            raise refusals.encrypted(self.file)
        if info.file_size > most:
            raise self._swollen()
        try:
            return self._packed.read(info)
        except _Broken as why:
            raise refusals.damaged(self.file) from why
        except Exception as why:  # zlib.error and the like: whatever the unpacker says
            raise refusals.damaged(self.file) from why

    def xml(self, name: str) -> Any:
        """The root element of one part."""
        return parsed(self.read(name), self.file)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: id → (kind of relation, name of the part); inner ones only."""
        folder, _, last = name.rpartition("/")
        rels = posixpath.join(folder, "_rels", f"{last}.rels")
        found: dict[str, tuple[str, str]] = {}
        if rels not in self:
            return found
        for rel in self.xml(rels):
            target = rel.get("Target") or ""
            if rel.get("TargetMode") == "External" or not target:
                continue
            inside = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            kind = (rel.get("Type") or "").rpartition("/")[2]
            found[rel.get("Id") or ""] = (kind, posixpath.normpath(inside).lstrip("/"))
        return found


def _plain(name: str) -> str:
    return name.replace("\\", "/")


_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))


def parsed(raw: bytes, file: str) -> Any:
    """XML as an element tree: no entities, no network; Word's strict dialect as the usual one.

    Raises UnreadableDocument: UNSAFE for a document type (entities are made there), DAMAGED else.
    """
    from lxml import etree

    if any(sign in raw for sign in _DOCTYPES):
        raise _has_doctype(file)
    if b"purl.oclc.org" in raw:
        for strict, usual in _STRICT:
            raw = raw.replace(strict, usual)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as why:
        raise refusals.damaged(file) from why
    if root.getroottree().docinfo.internalDTD is not None:
        raise _has_doctype(file)
    return root


def _has_doctype(file: str) -> Exception:
    return refusals.unsafe(
        file,
        "tệp chứa khai báo XML bị cấm (DOCTYPE).",
        "Hãy mở bằng phần mềm soạn thảo, lưu lại thành .docx rồi gửi.",
    )
