"""The parts of an .xlsx: sheets in order, each row its cells as shown; hidden parts are named."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from namro.reading.sources import old_fonts, refusals
from namro.reading.sources.sheets.shown import BUILT_IN, number
from namro.reading.sources.zipped import Zipped

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MAX_SHEETS = 100
MAX_XML = 25_000_000
MAX_FILLED = 200_000
MAX_COLUMN, MAX_ROW = 16_384, 1_048_576


@dataclass(frozen=True)
class SheetCell:
    """A filled cell: its column from 1, what it shows, how many columns and rows it spans."""

    column: int
    text: str
    bold: bool
    span: int
    down: int = 1


@dataclass
class Sheet:
    """A sheet: row number from 1 → its filled cells, left to right."""

    name: str
    rows: dict[int, list[SheetCell]] = field(default_factory=dict)


@dataclass
class Workbook:
    """The visible sheets, what is hidden, and the old encodings that were turned."""

    sheets: list[Sheet] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    encodings: list[str] = field(default_factory=list)
    macros: bool = False


@dataclass(frozen=True)
class _Style:
    form: str = "General"
    bold: bool = False
    font: str = ""


_USUAL = _Style()
_Words = list[tuple[str, str]]  # stretches of text, each with the font it is set in ("" = cell's)


def opened(file: str, raw: bytes) -> Workbook:
    """A workbook. Raises UnreadableDocument."""
    packed = Zipped(raw, file)
    sizes = sum(packed.info(n).file_size for n in packed if n.startswith("xl/") and _is_xml(n))
    if sizes > MAX_XML:
        raise _too_many(file)
    return _Reader(file, packed).read()


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def _too_many(file: str) -> Exception:
    return refusals.too_large(
        file,
        "bảng tính quá lớn để là phụ lục của một kế hoạch.",
        "Hãy chỉ gửi trang tính có nhiệm vụ, chỉ tiêu; xóa các trang số liệu khác.",
    )


class _Reader:
    def __init__(self, file: str, packed: Zipped) -> None:
        self.file = file
        self.packed = packed
        self.book = Workbook(macros=any(n.endswith("vbaProject.bin") for n in packed))
        self.main = packed.xml("xl/workbook.xml")
        self.related = packed.related("xl/workbook.xml")
        self.strings = self._strings()
        self.styles = self._styles()
        said = self.main.find(f"{S}workbookPr")
        self.from_1904 = said is not None and said.get("date1904") in ("1", "true")
        self.old = self._is_old()
        self.filled = 0

    def _part(self, kind: str) -> Any:
        for of, name in self.related.values():
            if of == kind and name in self.packed:
                return self.packed.xml(name)
        return None

    def _strings(self) -> list[_Words]:
        root = self._part("sharedStrings")
        return [_words(item) for item in root.findall(f"{S}si")] if root is not None else []

    def _styles(self) -> list[_Style]:
        root = self._part("styles")
        if root is None:
            return []
        forms = dict(BUILT_IN)
        for form in root.iter(f"{S}numFmt"):
            forms[_whole(form.get("numFmtId"), -1)] = form.get("formatCode") or "General"
        fonts = [(_is_bold(f), _name_of(f)) for f in root.findall(f"{S}fonts/{S}font")]
        found = []
        for style in root.findall(f"{S}cellXfs/{S}xf"):
            at = _whole(style.get("fontId"), 0)
            bold, font = fonts[at] if at < len(fonts) else (False, "")
            form = forms.get(_whole(style.get("numFmtId"), 0), "General")
            found.append(_Style(form, bold, font))
        return found

    def _is_old(self) -> bool:
        """Whether fonts of an old encoding are used on text that is not Unicode yet."""
        fonts = {s.font for s in self.styles} | {f for words in self.strings for _, f in words}
        if not any(map(old_fonts.encoding_of_font, fonts)):
            return False
        every = "".join(text for words in self.strings for text, _ in words)
        return not old_fonts.is_unicode_already(every)

    def read(self) -> Workbook:
        sheets = self.main.findall(f"{S}sheets/{S}sheet")
        if not sheets:
            raise refusals.damaged(self.file)
        for sheet in sheets[:MAX_SHEETS]:
            name = unicodedata.normalize("NFC", sheet.get("name") or "")[:60]
            if sheet.get("state") in ("hidden", "veryHidden"):
                self.book.hidden.append(f"trang tính “{name}”")
                continue
            kind, part = self.related.get(sheet.get(f"{_R}id") or "", ("", ""))
            if kind == "worksheet":
                if part not in self.packed:
                    raise refusals.damaged(self.file)
                self.book.sheets.append(self._sheet(name, self.packed.xml(part)))
        return self.book

    def _sheet(self, name: str, root: Any) -> Sheet:
        sheet = Sheet(name)
        hidden = _hidden_columns(root)
        spans = _spans(root)
        left_out = False
        row_number = 0
        for row in root.iterfind(f"{S}sheetData/{S}row"):
            row_number = _whole(row.get("r"), row_number + 1)
            if not 0 < row_number <= MAX_ROW:
                raise refusals.damaged(self.file)
            cells = self._cells(row, row_number, spans)
            shown = [c for c in cells if c.column not in hidden]
            if row.get("hidden") in ("1", "true"):
                shown = []
            left_out = left_out or len(shown) < len(cells)
            if shown:
                sheet.rows[row_number] = sorted(
                    [*sheet.rows.get(row_number, ()), *shown], key=lambda c: c.column
                )
        if left_out:
            self.book.hidden.append(f"hàng hoặc cột trong trang tính “{name}”")
        sheet.rows = dict(sorted(sheet.rows.items()))
        return sheet

    def _cells(
        self, row: Any, number_of: int, spans: dict[tuple[int, int], tuple[int, int]]
    ) -> list[SheetCell]:
        found = []
        column = 0
        for cell in row.iterfind(f"{S}c"):
            column = _column(cell.get("r"), column + 1)
            if not 0 < column <= MAX_COLUMN:
                raise refusals.damaged(self.file)
            at = _whole(cell.get("s"), 0)
            style = self.styles[at] if at < len(self.styles) else _USUAL
            text = unicodedata.normalize("NFC", self._text(cell, style))
            if not text.strip():
                continue
            self.filled += 1
            if self.filled > MAX_FILLED:
                raise _too_many(self.file)
            span, down = spans.get((number_of, column), (1, 1))
            found.append(SheetCell(column, text, style.bold, span, down))
        return found

    def _text(self, cell: Any, style: _Style) -> str:
        kind = cell.get("t") or "n"
        if kind == "inlineStr":
            inside = cell.find(f"{S}is")
            return self._decoded(_words(inside), style) if inside is not None else ""
        value = cell.findtext(f"{S}v") or ""
        if kind == "s":
            at = _whole(value, -1)
            return self._decoded(self.strings[at], style) if 0 <= at < len(self.strings) else ""
        if kind == "str":
            return self._decoded([(value, "")], style)
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind in ("e", "d"):
            return value
        return number(value, style.form, from_1904=self.from_1904) if value else ""

    def _decoded(self, words: _Words, style: _Style) -> str:
        if not self.old:
            return "".join(text for text, _ in words)
        out = ""
        for text, font in words:
            encoding = old_fonts.encoding_of_font(font or style.font)
            turned = old_fonts.decoded(text, encoding)
            name = encoding.removesuffix("H")
            if turned != text and name not in self.book.encodings:
                self.book.encodings.append(name)
            out += turned
        return out


def _words(item: Any) -> _Words:
    """The stretches of a string; reading aids of other scripts (rPh) are no words of it."""
    found: _Words = []
    for child in item:
        if child.tag == f"{S}t":
            found.append((child.text or "", ""))
        elif child.tag == f"{S}r":
            font = child.find(f"{S}rPr/{S}rFont")
            name = (font.get("val") or "") if font is not None else ""
            found.append((child.findtext(f"{S}t") or "", name))
    return [(_ESCAPED.sub(lambda m: chr(int(m[1], 16)), text), font) for text, font in found]


_ESCAPED = re.compile("_x(00[0-9A-Fa-f]{2})_")


def _is_bold(font: Any) -> bool:
    bold = font.find(f"{S}b")
    return bold is not None and bold.get("val") not in ("0", "false")


def _name_of(font: Any) -> str:
    name = font.find(f"{S}name")
    return (name.get("val") or "") if name is not None else ""


def _whole(value: str | None, default: int) -> int:
    value = value or ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else default


_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


def _column(reference: str | None, default: int) -> int:
    found = _REFERENCE.fullmatch(reference or "")
    return _number_of(found[1]) if found else default


def _number_of(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _spans(root: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """(row, column) of the first cell of a merged range → how many columns and rows it spans."""
    found = {}
    for merged in root.iterfind(f"{S}mergeCells/{S}mergeCell"):
        first, _, last = (merged.get("ref") or "").partition(":")
        start, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last)
        if start and end:
            left, right = _number_of(start[1]), _number_of(end[1])
            top, bottom = int(start[2]), int(end[2])
            wide = max(1, min(right - left + 1, 100))
            found[top, left] = wide, max(1, min(bottom - top + 1, 1000))
    return found


def _hidden_columns(root: Any) -> set[int]:
    found: set[int] = set()
    for columns in root.iterfind(f"{S}cols/{S}col"):
        if columns.get("hidden") in ("1", "true"):
            first, last = _whole(columns.get("min"), 1), _whole(columns.get("max"), 0)
            found.update(range(first, min(last, MAX_COLUMN) + 1))
    return found
