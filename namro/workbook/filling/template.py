"""The template as found (biểu mẫu): sheets, cells, formulas, merged cells, rules on entry."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from lxml import etree

from namro.terms import Fault, Place
from namro.workbook import package
from namro.workbook.filling.validations import Validation, validations_of
from namro.workbook.layout import column_name

MOST_CELLS = 300_000
Address = tuple[int, int]  # row and column, from 0
Area = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")

# What a faulty file is told here, by the code of package.py's fault: (message, mend).
_SAVE = "Mở tệp bằng Excel, chọn “Lưu thành…”, dạng .xlsx rồi tải lên lại."
_WORDS = {
    "TOO_LARGE": ("Tệp quá lớn, hoặc giải nén ra quá lớn, đối với một biểu mẫu trống.",
                  "Bỏ dữ liệu, hình ảnh và trang tính thừa rồi tải lên lại."),
    "DAMAGED": ("Tệp bị hỏng, không đọc được.", "Xin lại biểu mẫu từ nơi ban hành."),
    "EMPTY_FILE": ("Tệp rỗng (0 byte).", "Xin lại biểu mẫu từ nơi ban hành."),
    "NOT_A_WORKBOOK": ("Tệp không phải là bảng tính Excel (.xlsx).", _SAVE),
    "MACROS": ("Biểu mẫu có chứa macro (chương trình tự chạy) nên không được nhận.", _SAVE),
    "ENCRYPTED": ("Tệp có đặt mật khẩu nên không đọc được.",
                  "Bỏ mật khẩu mở tệp, lưu lại rồi tải lên lại."),
    "SIGNED": ("Biểu mẫu có chữ ký số; điền vào sẽ làm chữ ký mất hiệu lực.",
               "Xin bản chưa ký số, hoặc bỏ chữ ký rồi lưu lại dạng .xlsx."),
}  # fmt: skip
# Parts that stay as they are in the file; whoever maps should know that they are there.
_PARTS = {
    "xl/charts/": "biểu đồ",
    "xl/media/": "hình ảnh",
    "xl/drawings/": "hình vẽ",
    "xl/pivotTables/": "bảng tổng hợp xoay",
    "xl/externalLinks/": "liên kết tới tệp khác",
    "xl/embeddings/": "tệp nhúng",
    "xl/activeX/": "nút điều khiển",
    "xl/connections.xml": "kết nối dữ liệu ngoài",
}


@dataclass
class TemplateSheet:
    """One sheet. `texts`: what stands in cells by address; `formulas`: addresses that must not be
    filled (a formula, or within an array formula's area); `heads`: those of Excel tables' heads."""

    name: str
    part: str
    hidden: bool
    texts: dict[Address, str] = field(default_factory=dict)
    formulas: set[Address] = field(default_factory=set)
    heads: set[Address] = field(default_factory=set)
    merged: list[Area] = field(default_factory=list)
    validations: list[Validation] = field(default_factory=list)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns that hold anything."""
        places = [*self.texts, *self.formulas, *((a[2], a[3]) for a in self.merged)]
        return (max((r for r, _ in places), default=-1) + 1,
                max((c for _, c in places), default=-1) + 1)  # fmt: skip

    def merged_over(self, at: Address) -> Area | None:
        """The merged area an address lies in."""
        return next(
            (a for a in self.merged if a[0] <= at[0] <= a[2] and a[1] <= at[1] <= a[3]), None
        )


@dataclass(frozen=True)
class Template:
    """The sheets in the order of the tabs; `kept`: what else the file holds, in words."""

    sheets: Mapping[str, TemplateSheet]
    members: Mapping[str, bytes] = field(repr=False)
    kept: tuple[str, ...] = ()


def parse(content: bytes) -> etree._Element:
    """A part of the package as XML, from which nothing outside is ever fetched."""
    if b"<!DOCTYPE" in content[:4096] or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ValueError("document type in a workbook part")
    reader = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(content, reader)


def local(node: etree._Element) -> str:
    """The tag without its namespace; "" for comments."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def address_of(name: str) -> Address | None:
    """ "C7" → (6, 2); None where it is no cell."""
    found = _ADDRESS.fullmatch(name.replace("$", ""))
    if not found:
        return None
    return int(found[2]) - 1, column_of(found[1])


def column_of(letters: str) -> int:
    """ "A" → 0, "AA" → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def name_of(at: Address) -> str:
    """A cell's name without its sheet: (6, 4) → "E7"."""
    return f"{column_name(at[1])}{at[0] + 1}"


def area_of(text: str) -> Area | None:
    """ "A1:C3" or "A1" → an area."""
    first, _, last = text.partition(":")
    a, b = address_of(first), address_of(last or first)
    return (*a, *b) if a and b else None


def open_template(file: Path) -> Template:
    """An .xlsx → Template. Raises package.Unreadable with the reason and the mend."""
    try:
        members = package.unpack(file)
        if any(name.startswith("_xmlsignatures/") for name in members):
            raise _refused(file, "SIGNED")
        sheets = _sheets(members)
        if not sheets:
            raise _refused(file, "DAMAGED")
    except package.Unreadable as why:
        code = why.fault.code
        raise (_refused(file, code) if code in _WORDS else why) from why
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as why:
        raise _refused(file, "DAMAGED") from why
    except (etree.XMLSyntaxError, LookupError, ValueError) as why:
        raise _refused(file, "DAMAGED") from why
    return Template(sheets, members, _kept(members))


def _refused(file: Path, code: str) -> package.Unreadable:
    message, mend = _WORDS[code]
    return package.Unreadable(Fault(code, message, mend, Place(file.name)))


def _kept(members: Mapping[str, bytes]) -> tuple[str, ...]:
    return tuple(w for start, w in _PARTS.items() if any(m.startswith(start) for m in members))


def links_of(members: Mapping[str, bytes], part: str) -> dict[str, tuple[str, str]]:
    """Link id → (kind, member) of a part."""
    path = PurePosixPath(part)
    rels = str(path.parent / "_rels" / f"{path.name}.rels")
    if rels not in members:
        return {}
    found = {}
    for link in parse(members[rels]):
        if link.get("TargetMode") != "External" and link.get("Target"):
            kind = link.get("Type", "").rpartition("/")[2]
            found[link.get("Id", "")] = (kind, _resolved(path.parent, link.get("Target", "")))
    return found


def _resolved(folder: PurePosixPath, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    parts: list[str] = []
    for piece in (folder / target).parts:
        if piece == "..":
            parts.pop()
        else:
            parts.append(piece)
    return "/".join(parts)


def _sheets(members: Mapping[str, bytes]) -> dict[str, TemplateSheet]:
    book = parse(members["xl/workbook.xml"])
    links, shared = links_of(members, "xl/workbook.xml"), _shared(members)
    names = {n.get("name", ""): (n.text or "") for n in book.iter() if local(n) == "definedName"}
    found: dict[str, TemplateSheet] = {}
    for node in (n for n in book.iter() if local(n) == "sheet"):
        link = next((str(v) for k, v in node.attrib.items() if str(k).endswith("}id")), "")
        kind, part = links.get(link, ("", ""))
        if kind == "worksheet":
            name = node.get("name", "")
            sheet = TemplateSheet(name, part, node.get("state", "visible") != "visible")
            found[name] = sheet
            _read(sheet, members, shared)
            if sum(len(s.texts) for s in found.values()) > MOST_CELLS:
                raise package.Unreadable(Fault("TOO_LARGE", "", "", None))
    for sheet in found.values():
        texts = {name: s.texts for name, s in found.items()}
        root = parse(members[sheet.part])
        sheet.validations = validations_of(root, sheet.name, texts, names)
    return found


def _shared(members: Mapping[str, bytes]) -> list[str]:
    if "xl/sharedStrings.xml" not in members:
        return []
    return [_said(item) for item in parse(members["xl/sharedStrings.xml"]) if local(item) == "si"]


def _said(node: etree._Element) -> str:
    """The text of a string, without the readings set above it (rPh)."""
    return "".join(
        t.text or ""
        for t in node.iter()
        if local(t) == "t" and not any(local(a) == "rPh" for a in t.iterancestors())
    )


def _read(sheet: TemplateSheet, members: Mapping[str, bytes], shared: list[str]) -> None:
    root = parse(members[sheet.part])
    row = column = -1
    for node in root.iter():
        match local(node):
            case "row":
                row, column = int(node.get("r", row + 2)) - 1, -1
            case "c":
                at = address_of(node.get("r", "")) or (row, column + 1)
                column = at[1]
                _read_cell(sheet, node, at, shared)
            case "mergeCell":
                if area := area_of(node.get("ref", "")):
                    sheet.merged.append(area)
    for kind, part in links_of(members, sheet.part).values():
        if kind == "table" and part in members:
            area = area_of(parse(members[part]).get("ref", ""))
            if area:
                sheet.heads |= {(area[0], c) for c in range(area[1], area[3] + 1)}


def _read_cell(sheet: TemplateSheet, node: etree._Element, at: Address, shared: list[str]) -> None:
    if at[0] >= package.MOST_ROWS or at[1] >= package.MOST_COLUMNS:
        if len(node):
            raise package.Unreadable(Fault("TOO_LARGE", "", "", None))
        return
    parts = {local(p): p for p in node}
    if "f" in parts:
        sheet.formulas.add(at)
        if parts["f"].get("t") == "array" and (area := area_of(parts["f"].get("ref", ""))):
            rows = range(area[0], min(area[2], package.MOST_ROWS) + 1)
            columns = range(area[1], min(area[3], package.MOST_COLUMNS) + 1)
            sheet.formulas.update((r, c) for r in rows for c in columns)
        sheet.texts[at] = "=" + (parts["f"].text or "")
        return
    if "is" in parts:
        text = _said(parts["is"])
    else:
        text = (parts["v"].text or "") if "v" in parts else ""
        if node.get("t") == "s" and text:
            text = shared[int(text)]
    if text:
        sheet.texts[at] = text
