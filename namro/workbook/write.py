"""Layouts + known values → the .xlsx forms that units fill in, one or many in a file.

Only the entry and note cells are open; everything else is locked, so that the hidden key sheet
and the visible labels still agree when the file comes back. Same input, same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from namro.vietnamese import format_date, format_number, tidy
from namro.workbook.layout import (
    ENTRY,
    FIRST_ROW,
    HEAD_ROW,
    HEADINGS,
    KEY_SHEET,
    LABEL,
    LIST_SHEET,
    MOST_DIGITS,
    MOST_FORMS,
    MOST_NOTE,
    NOTE,
    NOTHING_WORDS,
    NUMBER,
    PREVIOUS,
    UNIT,
    Layout,
    Nothing,
    Row,
    Sheet,
    Spot,
    checksum,
    column_name,
    value_date,
)

_MADE = datetime(2025, 1, 1)  # noqa: DTZ001  a fixed moment: the file's bytes depend on its content only
_LIST_HEADS = (
    ("TT", 5), ("Trang tính", 30), ("Đơn vị báo cáo", 34), ("Nơi nhận", 34), ("Kỳ báo cáo", 20),
    ("Hạn gửi", 24),
)  # fmt: skip
_WIDTHS = (5, 52, 13, 14, 16, 34)
OPEN = {"locked": False, "bg_color": "#FFF7D6"}
_LINED: dict[str, Any] = {"border": 1, "valign": "vcenter"}
_BASE = {"font_name": "Times New Roman", "font_size": 12}


@dataclass(frozen=True)
class Form:
    """A form and what is known of it so far: values and the unit's notes by element."""

    layout: Layout
    values: Mapping[str, Decimal | None]
    notes: Mapping[str, str] = field(default_factory=dict)


def write(
    layout: Layout,
    values: Mapping[str, Decimal | None],
    out: Path,
    notes: Mapping[str, str] | None = None,
) -> None:
    """Writes the form to `out`, filled with the values (and the unit's notes) known so far.

    ValueError when `values` or `notes` name an element the layout does not ask for, or a number
    has more than 15 significant digits (a spreadsheet would change it). A date of 0 ("not yet")
    goes out blank.
    """
    write_many([Form(layout, values, notes or {})], out)


def write_many(forms: Sequence[Form], out: Path) -> None:
    """Writes several forms into one workbook, a sheet (or more) each, before them their list.

    Each comes back by itself: `returned.open_returned`. ValueError as `write`, and where two forms
    have a sheet of the same name or there are more than `MOST_FORMS`.
    """
    check_forms([form.layout for form in forms])
    for form in forms:
        _check(form.layout, form.values, form.notes)
    with xlsxwriter.Workbook(str(out), {"in_memory": True}) as book:
        looks = Looks(book)
        begin(book, [form.layout for form in forms], looks)
        for form in forms:
            for sheet in form.layout.sheets:
                page = book.add_worksheet(sheet.title)
                draw_sheet(page, form.layout, sheet, looks)
                for spot in form.layout.spots_of(sheet.title):
                    _fill(page, spot, form.values.get(spot.asked.element), looks)
                    note = form.notes.get(spot.asked.element, "")
                    page.write_string(spot.row, NOTE, note, looks("note", **OPEN))
        write_key(book.add_worksheet(KEY_SHEET), [form.layout for form in forms])


def check_forms(layouts: Sequence[Layout]) -> None:
    """ValueError unless these forms can stand in one workbook."""
    names = [sheet.title.casefold() for layout in layouts for sheet in layout.sheets]
    if not 0 < len(layouts) <= MOST_FORMS:
        raise ValueError(f"Một tệp có từ 1 đến {MOST_FORMS} biểu")
    if len(set(names)) != len(names) or LIST_SHEET.casefold() in names:
        raise ValueError("Hai biểu trùng tên trang tính")


def begin(book: Any, layouts: Sequence[Layout], looks: Looks) -> None:
    """What stands before the forms: whose file it is and, of several, their list."""
    first = layouts[0]
    author = first.unit_name if len({x.unit_name for x in layouts}) == 1 else first.receiver_name
    book.set_properties({"title": first.title, "author": author, "created": _MADE})
    if len(layouts) > 1:
        _draw_list(book.add_worksheet(LIST_SHEET), layouts, looks)


def _draw_list(page: Any, layouts: Sequence[Layout], looks: Looks) -> None:
    page.merge_range(0, 0, 0, len(_LIST_HEADS) - 1, "", looks("title"))
    page.write_string(0, 0, "DANH SÁCH BIỂU TRONG TỆP", looks("title"))
    for column, (head, width) in enumerate(_LIST_HEADS):
        page.write_string(2, column, head, looks("head"))
        page.set_column(column, column, width)
    for row, layout in enumerate(layouts, start=3):
        sheet = layout.sheets[0].title
        page.write_number(row, 0, row - 2, looks("middle"))
        page.write_url(row, 1, f"internal:'{sheet}'!A1", looks("link"), sheet)
        told = (layout.unit_name, layout.receiver_name, layout.period_label, layout.due_label)
        for column, text in enumerate(told, start=2):
            page.write_string(row, column, tidy(text), looks("label"))
    page.freeze_panes(3, 0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.protect("", {"format_columns": True, "format_rows": True})


def draw_sheet(page: Any, layout: Layout, sheet: Sheet, looks: Looks) -> None:
    """Everything of a sheet but what the unit fills in."""
    _draw_frame(page, layout, sheet, looks)
    for spot in layout.spots_of(sheet.title):
        _draw_row(page, spot, looks)
        _guard(page, spot, layout)
    _set_up_print(page, sheet)


class Looks:
    """Cell formats by their properties, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[Any, Any] = {}

    def __call__(self, name: str = "", **extra: Any) -> Any:
        wanted = _BASE | _NAMED_LOOKS.get(name, {}) | extra
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(wanted)
        return self._made[key]


_NAMED_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "align": "center", "valign": "vcenter"},
    "centred": {"align": "center", "valign": "vcenter"},
    "bold": {"bold": True, "align": "center", "valign": "vcenter"},
    "italic": {"italic": True, "align": "center", "valign": "vcenter"},
    "wrapped": {"italic": True, "text_wrap": True, "valign": "vcenter", "font_size": 11},
    "link": _LINED | {"font_color": "#1A4E8A", "underline": 1},
    "head": _LINED | {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#E7E9ED"},
    "label": _LINED | {"text_wrap": True, "align": "left", "indent": 1},
    "middle": _LINED | {"align": "center", "text_wrap": True},
    "figure": _LINED | {"align": "right", "indent": 1},
    "note": _LINED | {"text_wrap": True, "align": "left", "indent": 1, "num_format": "@"},
}


def _check(layout: Layout, values: Mapping[str, Decimal | None], notes: Mapping[str, str]) -> None:
    unknown = [e for e in (*values, *notes) if e not in layout.spots]
    if unknown:
        raise ValueError(f"Biểu mẫu không hỏi các số liệu: {', '.join(sorted(set(unknown)))}")
    for element, value in values.items():
        digits = 0 if value is None else len(value.normalize().as_tuple().digits)
        if digits > MOST_DIGITS or (value is not None and not value.is_finite()):
            raise ValueError(f"Số không ghi được vào Excel mà giữ nguyên ({element}): {value}")
    for element, note in notes.items():
        if len(note) > MOST_NOTE:
            raise ValueError(f"Ghi chú dài quá {MOST_NOTE} ký tự ({element})")


def _draw_frame(page: Any, layout: Layout, sheet: Sheet, looks: Looks) -> None:
    texts = layout.fixed_texts(sheet)
    end = FIRST_ROW + len(sheet.rows) + 1
    spans = {
        (0, 0): (0, UNIT, looks()),
        (0, PREVIOUS): (PREVIOUS, NOTE, looks(align="right")),
        (1, 0): (0, NOTE, looks("title")),
        (2, 0): (0, NOTE, looks("bold")),
        (3, 0): (0, NOTE, looks("centred")),
        (4, 0): (0, NOTE, looks("wrapped")),
        (end, PREVIOUS): (PREVIOUS, NOTE, looks("italic")),
        (end + 1, 0): (0, UNIT, looks("bold")),
        (end + 1, PREVIOUS): (PREVIOUS, NOTE, looks("bold")),
    }
    for (row, column), text in texts.items():
        if row == HEAD_ROW:
            page.write_string(row, column, text, looks("head"))
        else:
            first, last, look = spans[row, column]
            page.merge_range(row, first, row, last, "", look)
            page.write_string(row, column, text, look)
    page.set_row(1, 24)
    page.set_row(4, 34)
    page.set_row(HEAD_ROW, 30)
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)


def _draw_row(page: Any, spot: Spot, looks: Looks) -> None:
    asked, row = spot.asked, spot.row
    page.write_number(row, NUMBER, spot.number, looks("middle"))
    title, _, guidance = asked.label.partition("\n")
    if guidance:
        small = looks(italic=True, font_size=10)
        page.write_rich_string(row, LABEL, looks(), title, small, f"\n{guidance}", looks("label"))
    else:
        page.write_string(row, LABEL, title, looks("label"))
    page.write_string(row, UNIT, tidy(asked.unit_of_measure), looks("middle"))
    _write_value(page, (row, PREVIOUS), asked, asked.previous, looks("figure", **shape_of(asked)))
    page.set_row(row, height_of(asked))


def height_of(asked: Row) -> float:
    """Points for a row's wrapped label: programs other than Excel do not grow rows on opening."""
    title, _, guidance = asked.label.partition("\n")
    lines = -(-len(title) // 50) + (-(-len(guidance) // 58) if guidance else 0)
    return max(21.0, 16.5 * lines + 3)


def shape_of(asked: Row) -> dict[str, Any]:
    """How a value of the row is shown."""
    if asked.kind != "number":
        return {"num_format": "dd/mm/yyyy" if asked.kind == "date" else "@"}
    return {"num_format": "#,##0" + ("." + "0" * asked.digits if asked.digits else "")}


def _fill(page: Any, spot: Spot, value: Decimal | None, looks: Looks) -> None:
    look = looks("figure", **shape_of(spot.asked), **OPEN)
    _write_value(page, (spot.row, ENTRY), spot.asked, value, look)


def _write_value(
    page: Any, at: tuple[int, int], asked: Row, value: Decimal | None, look: Any
) -> None:
    if value is None or (asked.kind == "date" and not value):  # 0: no such day yet
        page.write_blank(*at, None, look)
    elif isinstance(value, Nothing):
        page.write_string(*at, NOTHING_WORDS, look)
    elif asked.kind == "choice":
        page.write_string(*at, asked.chosen(value), look)
    elif asked.kind == "date":
        page.write_datetime(*at, value_date(value), look)
    else:
        page.write_number(*at, float(value), look)


def _guard(page: Any, spot: Spot, layout: Layout) -> None:
    """Refuses at the cell what `read` would refuse later, and says why in Vietnamese."""
    asked = spot.asked
    page.data_validation(
        spot.row,
        ENTRY,
        spot.row,
        ENTRY,
        {
            **_rule(spot, layout),
            "ignore_blank": True,
            "input_title": f"Dòng {spot.number}",
            "input_message": _allowed(asked, layout)[:255],
            "error_title": "Số liệu chưa đúng",
            "error_message": f"{_allowed(asked, layout)[:180]} Chưa có số liệu thì để trống.",
        },
    )
    page.data_validation(
        spot.row,
        NOTE,
        spot.row,
        NOTE,
        {
            "validate": "length",
            "criteria": "<=",
            "value": MOST_NOTE,
            "error_title": "Ghi chú quá dài",
            "error_message": f"Ghi chú không quá {MOST_NOTE} ký tự.",
        },
    )


def _rule(spot: Spot, layout: Layout) -> dict[str, Any]:
    if spot.asked.kind == "choice":
        return {"validate": "list", "source": list(spot.asked.choices)}
    return {"validate": "custom", "value": _condition(spot, layout)}


def _condition(spot: Spot, layout: Layout) -> str:
    asked = spot.asked
    cell = f"{column_name(ENTRY)}{spot.row + 1}"
    if asked.kind == "date":
        low, high = (_date_formula(d) for d in (asked.least, asked.maximum or Decimal(20991231)))
        within = f"AND({cell}>={low},{cell}<={high},INT({cell})={cell})"
        return f"=AND(ISNUMBER({cell}),OR({cell}=0,{within}))"
    terms = [
        f"ISNUMBER({cell})",
        f"{cell}>={asked.least:f}",
        f"ROUND({cell},{asked.digits})={cell}",
    ]
    if asked.maximum is not None:
        terms.append(f"{cell}<={asked.maximum:f}")
    ceiling = layout.spots.get(asked.at_most or "")
    if ceiling:
        other = f"'{ceiling.sheet}'!${column_name(ENTRY)}${ceiling.row + 1}"
        terms.append(f"OR(ISBLANK({other}),{cell}<={other})")
    if asked.nothing:
        said = f'OR(LOWER({cell})="{NOTHING_WORDS}",LOWER({cell})="kps")'
        return f"=IF(ISTEXT({cell}),{said},AND({','.join(terms)}))"
    return f"=AND({','.join(terms)})"


def _date_formula(value: Decimal) -> str:
    day = value_date(value)
    return f"DATE({day.year},{day.month},{day.day})"


def _allowed(asked: Row, layout: Layout) -> str:
    """What may stand in the cell, as a sentence: the same limits `read` holds to."""
    if asked.kind == "choice":
        return f"Chọn trong danh sách: {', '.join(asked.choices)}."
    if asked.kind == "date":
        sentence = "Ghi ngày theo mẫu 03/9/2025"
        if asked.minimum is not None:
            sentence += f", từ ngày {format_date(value_date(asked.minimum))}"
        if asked.maximum is not None:
            sentence += f", đến ngày {format_date(value_date(asked.maximum))}"
        return sentence + "."
    sentence = "Ghi số nguyên" if asked.digits == 0 else f"Ghi số, nhiều nhất {asked.digits} chữ số"
    sentence += "" if asked.digits == 0 else " sau dấu phẩy"
    sentence += f", từ {format_number(asked.least)}"
    if asked.maximum is not None:
        sentence += f" đến {format_number(asked.maximum)}"
    sentence += f", hoặc ghi “{NOTHING_WORDS}”" if asked.nothing else ""
    ceiling = layout.spots.get(asked.at_most or "")
    if ceiling:
        sentence += f", không lớn hơn “{_shortened(ceiling.asked.title)}”"
    return sentence + "."


def _shortened(title: str, most: int = 90) -> str:
    title = tidy(title)
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"


def _set_up_print(page: Any, sheet: Sheet) -> None:
    page.freeze_panes(HEAD_ROW + 1, LABEL + 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.set_margins(left=0.8, right=0.6, top=0.7, bottom=0.7)
    page.center_horizontally()
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEAD_ROW)
    page.print_area(0, 0, FIRST_ROW + len(sheet.rows) + 6, len(HEADINGS) - 1)
    page.set_footer('&C&"Times New Roman"&10Trang &P/&N')
    page.hide_gridlines(2)
    page.protect("", {"format_columns": True, "format_rows": True})
    page.set_selection(FIRST_ROW, ENTRY, FIRST_ROW, ENTRY)


def write_key(page: Any, layouts: Sequence[Layout]) -> None:
    """The hidden sheet: of each form its checksum, then its lines."""
    told = (layout.key_lines() for layout in layouts)
    lines = (line for of_form in told for line in [("checksum", checksum(of_form)), *of_form])
    for row, line in enumerate(lines):
        for column, text in enumerate(line):
            page.write_string(row, column, text)
    page.protect()
    page.very_hidden()
