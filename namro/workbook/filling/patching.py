"""Filled cells into the template's file: only these cells change, all else stays as it was.

A library that loads and saves a workbook loses what it does not know (pictures, charts, shapes,
rules of newer versions). Here the sheet's own XML is changed in the cells asked, and every other
part is copied byte for byte. Kept results of formulas are dropped, so that whoever opens the file
reckons them anew. The same input gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from lxml import etree

from namro.workbook.filling.placing import Filled
from namro.workbook.filling.template import (
    Address,
    Template,
    address_of,
    links_of,
    local,
    name_of,
    parse,
)

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_STAMP = (2000, 1, 1, 0, 0, 0)
_FIRST_OWN_FORMAT = 164
_BUILT_IN = {"0": 1, "0.00": 2, "#,##0": 3, "0%": 9, "0.00%": 10}
_DAY, _MOMENT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"


def fill(template: Template, cells: Iterable[Filled]) -> bytes:
    """The template with the cells filled. Raises KeyError for a sheet that is not there."""
    by_sheet: dict[str, list[Filled]] = defaultdict(list)
    for cell in cells:
        by_sheet[cell.sheet].append(cell)
    members = dict(template.members)
    styles, book = _Styles(template), parse(members["xl/workbook.xml"])
    first = 1904 if _counts_from_1904(book) else 1900
    for name in by_sheet:
        if name not in template.sheets:
            raise KeyError(name)
    for name, sheet in template.sheets.items():
        root = parse(members[sheet.part])
        stale = _drop_results(root)
        if by_sheet.get(name):
            _Patch(root, styles, first).put(by_sheet[name])
        if stale or by_sheet.get(name):
            members[sheet.part] = _bytes(root)
    if any(s.formulas for s in template.sheets.values()):
        _reckon_anew(book)
        members["xl/workbook.xml"] = _bytes(book)
    if styles.changed:
        members[styles.part] = _bytes(styles.root)
    return _packed(members)


def _bytes(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, content)
    return out.getvalue()


def _counts_from_1904(book: etree._Element) -> bool:
    return any(local(n) == "workbookPr" and n.get("date1904") in ("1", "true") for n in book.iter())


def _reckon_anew(book: etree._Element) -> None:
    """Ask whoever opens the file to reckon all formulas."""
    namespace = etree.QName(book).namespace
    node = next((n for n in book if local(n) == "calcPr"), None)
    if node is None:
        node = etree.Element(f"{{{namespace}}}calcPr")
        after = ("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews",
                 "sheets", "functionGroups", "externalReferences", "definedNames")  # fmt: skip
        place = max((i for i, n in enumerate(book) if local(n) in after), default=-1)
        book.insert(place + 1, node)
    node.set("fullCalcOnLoad", "1")


def _drop_results(root: etree._Element) -> bool:
    """Forget what formulas gave before; says whether there were any."""
    stale = False
    for cell in root.iter("{*}c"):
        parts = {local(p): p for p in cell}
        if "f" in parts and "v" in parts:
            cell.remove(parts["v"])
            cell.attrib.pop("t", None)
            stale = True
    return stale


class _Styles:
    """The looks of cells; one is added where a cell needs a number format of its own."""

    def __init__(self, template: Template) -> None:
        links = links_of(template.members, "xl/workbook.xml").values()
        self.part = next((part for kind, part in links if kind == "styles"), "")
        self.root = parse(template.members[self.part]) if self.part in template.members else None
        self.changed = False
        self._made: dict[tuple[int, str], int] = {}

    def with_format(self, style: int, code: str, *, only_plain: bool = False) -> int:
        """A style like this one with the number format; `only_plain`: unless it has one already."""
        if self.root is None:
            return style
        looks = next((n for n in self.root if local(n) == "cellXfs"), None)
        if looks is None or style >= len(looks):
            return style
        if only_plain and looks[style].get("numFmtId", "0") not in ("0", "49"):
            return style
        if (style, code) not in self._made:
            node = etree.fromstring(etree.tostring(looks[style]))
            node.tail = None
            node.set("numFmtId", str(self._format(code)))
            node.set("applyNumberFormat", "1")
            looks.append(node)
            looks.set("count", str(len(looks)))
            self._made[style, code] = len(looks) - 1
            self.changed = True
        return self._made[style, code]

    def _format(self, code: str) -> int:
        if code in _BUILT_IN:
            return _BUILT_IN[code]
        assert self.root is not None
        formats = next((n for n in self.root if local(n) == "numFmts"), None)
        namespace = etree.QName(self.root).namespace
        if formats is None:
            formats = etree.Element(f"{{{namespace}}}numFmts")
            self.root.insert(0, formats)
        for node in formats:
            if node.get("formatCode") == code:
                return int(node.get("numFmtId", "0"))
        number = max([_FIRST_OWN_FORMAT - 1, *(int(n.get("numFmtId", "0")) for n in formats)]) + 1
        node = etree.SubElement(formats, f"{{{namespace}}}numFmt")
        node.set("numFmtId", str(number))
        node.set("formatCode", code)
        formats.set("count", str(len(formats)))
        return number


class _Patch:
    """One sheet's cells, found or made at their place."""

    def __init__(self, root: etree._Element, styles: _Styles, first_year: int) -> None:
        self.root, self.styles, self.first_year = root, styles, first_year
        self.namespace = etree.QName(root).namespace
        self.data = next(n for n in root if local(n) == "sheetData")
        self.rows: dict[int, etree._Element] = {}
        self.cells: dict[Address, etree._Element] = {}
        number = -1
        for row in (n for n in self.data if local(n) == "row"):
            number = int(row.get("r", number + 2)) - 1
            row.set("r", str(number + 1))
            self.rows[number] = row
            self._index(row, number)

    def _index(self, row: etree._Element, number: int) -> None:
        column = -1
        for cell in (n for n in row if local(n) == "c"):
            at = address_of(cell.get("r", "")) or (number, column + 1)
            column = at[1]
            cell.set("r", name_of(at))
            self.cells[at] = cell

    def put(self, cells: Iterable[Filled]) -> None:
        for filled in sorted(cells, key=lambda c: c.at):
            node = self.cells.get(filled.at)
            if node is None:
                if filled.value is None:
                    continue
                node = self._made(filled.at)
            self._write(node, filled)
        for node in [n for n in self.root if local(n) == "dimension"]:
            self.root.remove(node)  # only a hint; wrong once a cell lies outside

    def _made(self, at: Address) -> etree._Element:
        row = self._row(at[0])
        node = etree.Element(f"{{{self.namespace}}}c")
        node.set("r", name_of(at))
        if style := self._inherited(row, at[1]):
            node.set("s", style)
        later = (n for n in row if local(n) == "c" and self._column(n) > at[1])
        following = next(later, None)
        if following is None:
            cells = [i for i, n in enumerate(row) if local(n) == "c"]
            row.insert(cells[-1] + 1 if cells else 0, node)
        else:
            following.addprevious(node)
        row.attrib.pop("spans", None)
        self.cells[at] = node
        return node

    @staticmethod
    def _column(node: etree._Element) -> int:
        at = address_of(node.get("r", ""))
        return at[1] if at else -1

    def _row(self, number: int) -> etree._Element:
        if number in self.rows:
            return self.rows[number]
        row = etree.Element(f"{{{self.namespace}}}row")
        row.set("r", str(number + 1))
        later = [n for n in self.rows if n > number]
        if later:
            self.rows[min(later)].addprevious(row)
        else:
            self.data.append(row)
        self.rows[number] = row
        return row

    def _inherited(self, row: etree._Element, column: int) -> str:
        """The look an empty cell has from its row or column."""
        if row.get("customFormat") in ("1", "true"):
            return str(row.get("s", ""))
        for node in self.root.iter("{*}col"):
            if int(node.get("min", "0")) <= column + 1 <= int(node.get("max", "0")):
                return str(node.get("style", ""))
        return ""

    def _write(self, node: etree._Element, filled: Filled) -> None:
        for part in list(node):
            node.remove(part)
        for key in ("t", "cm", "vm"):
            node.attrib.pop(key, None)
        value, code = filled.value, filled.format
        if value is None:
            return
        if isinstance(value, str):
            node.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(node, self._tag("is")), self._tag("t"))
            text.set(_SPACE, "preserve")
            text.text = value
            return
        if isinstance(value, date):
            code = _MOMENT if isinstance(value, datetime) else _DAY
        if code:
            style = int(node.get("s", "0"))
            plain = isinstance(value, date)
            node.set("s", str(self.styles.with_format(style, code, only_plain=plain)))
        number = value if isinstance(value, Decimal) else serial(value, self.first_year)
        etree.SubElement(node, self._tag("v")).text = f"{number:f}"

    def _tag(self, name: str) -> str:
        return f"{{{self.namespace}}}{name}"


def serial(day: date, first_year: int = 1900) -> Decimal:
    """A day or moment as Excel counts it, from 30/12/1899 or 01/01/1904."""
    start = date(1904, 1, 1) if first_year == 1904 else date(1899, 12, 30)
    if not isinstance(day, datetime):
        return Decimal((day - start).days)
    seconds = day.hour * 3600 + day.minute * 60 + day.second
    part = (Decimal(seconds) / 86400).quantize(Decimal("1e-9"))
    return Decimal((day.date() - start).days) + part
