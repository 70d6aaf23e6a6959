"""A .zip of several files as one document: body and appendices, by name.

Names sort as people count (“Phụ lục 2” before “Phụ lục 10”), appendices after the rest. A package
whose every file lies in a numbered folder of its own (“001/…”) is in that order. Each file is
read on its own and bounded as if it came alone; one that cannot be read refuses the whole, so that
nothing is left out unseen. What is no document at all (a picture database, a shortcut) is named in
a notice.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from namro.reading.sources import notices, refusals, together
from namro.reading.sources.sourced import Progress, Source
from namro.reading.sources.zipped import Zipped
from namro.reading.unreadable import UnreadableDocument
from namro.terms import Fault
from namro.vietnamese import fold

MAX_FILES = 200
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.|~\$|Thumbs\.db$|desktop\.ini$)", re.I)

_ORDERED = re.compile(r"[0-9]{3}/[^/]+")
_APPENDIX = re.compile(r"[^a-z]*(?:phu luc|phuluc|pl[ ._-]*\d|bieu)")


@dataclass(frozen=True)
class Member:
    """A file of the package: its name inside, and the name people see, no two alike."""

    name: str
    shown: str

    @property
    def file_name(self) -> str:
        """The name it is read under, as Place says it: `shown`, short enough for a disk."""
        return _within(self.shown)


def contents(packed: Zipped) -> Iterator[tuple[Member, bytes, str]]:
    """Each file in order with its bytes, and the name of an earlier one that is just the same."""
    same: dict[bytes, str] = {}
    for member in members(packed):
        content = packed.read(member.name, MAX_MEMBER)
        mark = sha256(content).digest()
        yield member, content, same.get(mark, "")
        same.setdefault(mark, member.shown)


def read(
    path: Path, raw: bytes, pages: tuple[int, int] | None, progress: Progress | None
) -> Source:
    """All documents of a .zip as one. Raises UnreadableDocument naming the member at fault."""
    packed = Zipped(raw, path.name)
    found: list[Source] = []
    said: list[Fault] = []
    with tempfile.TemporaryDirectory(prefix="namro-") as folder:
        for number, (member, content, twin) in enumerate(contents(packed)):
            if twin:
                why = f"nội dung giống hệt tệp “{twin}”."
                said.append(notices.left_out(path.name, member.shown, why))
                continue
            try:
                found.append(_read(Path(folder), number, member, content, pages, progress))
            except UnreadableDocument as why:
                if why.code not in ("NOT_A_DOCUMENT", "EMPTY"):
                    raise
                said.append(notices.left_out(path.name, member.shown, why.why))
    if not found:
        raise refusals.not_a_document(path.name)
    whole = together(found)
    return Source(
        whole.blocks, whole.pages, whole.ocr_pages, whole.engine, whole.flowing,
        (*said, *whole.notices),
    )  # fmt: skip


MAX_MEMBER = 60_000_000


def members(packed: Zipped) -> list[Member]:
    """The files of a package that are no litter, in the order they are read."""
    names = sorted((n for n in packed if not _LITTER.search(n)), key=_as_counted)
    if not all(_ORDERED.fullmatch(name) for name in names):
        names.sort(key=lambda name: bool(_APPENDIX.match(fold(_shown(packed, name)))))
    if len(names) > MAX_FILES:
        raise refusals.too_large(
            packed.file,
            f"gói có {len(names)} tệp, quá mức {MAX_FILES} tệp.",
            "Hãy chia gói theo từng văn bản.",
        )
    return [Member(*pair) for pair in zip(names, _told_apart(packed, names), strict=True)]


def _told_apart(packed: Zipped, names: Sequence[str]) -> Iterator[str]:
    """The names people see; a second file of one name has its number after it."""
    seen: Counter[str] = Counter()
    for name in names:
        shown = _shown(packed, name)
        seen[shown] += 1
        before, dot, ending = shown.rpartition(".")
        if seen[shown] > 1:
            shown = f"{before or ending} ({seen[shown]}){dot + ending if before else ''}"
        yield shown


def _as_counted(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"([0-9]{1,9})", name.lower())
    return [(0, int(p), "") if p.isascii() and p.isdigit() else (1, 0, p) for p in parts]


def _shown(packed: Zipped, name: str) -> str:
    """A member's own name; one written in a Vietnamese code page read as such."""
    if not packed.info(name).flag_bits & 0x800:
        try:
            raw = name.encode("cp437")
            try:
                name = raw.decode("utf-8")
            except UnicodeDecodeError:
                name = raw.decode("cp1258", errors="replace")
        except UnicodeEncodeError:
            pass  # not of the old code page: the name stands as it is
    last = unicodedata.normalize("NFC", name.rpartition("/")[2])
    return re.sub(r"[\x00-\x1f/\\]", "_", last)[-80:] or "tệp"


def _read(
    folder: Path,
    number: int,
    member: Member,
    content: bytes,
    pages: tuple[int, int] | None,
    progress: Progress | None,
) -> Source:
    from namro.reading.sources import kind_of, open_document

    if kind_of(content, member.shown) == "zip":
        raise refusals.unsafe(
            member.shown,
            "đây là gói nén nằm trong gói nén.",
            "Hãy giải nén rồi gửi các tệp văn bản trong đó.",
        )
    own = folder / str(number)
    own.mkdir()
    path = own / member.file_name
    path.write_bytes(content)
    return open_document(path, pages, progress)


def _within(name: str) -> str:
    """A name short enough for a disk: 255 bytes at most."""
    while len(name.encode("utf-8", "replace")) > 240:
        name = name[1:]
    return "_" if name in ("", ".", "..") else name.encode("utf-8", "replace").decode()
