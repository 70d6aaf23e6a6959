"""A mapping against its template: every fault at once, each naming its cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from namro.terms import Fault
from namro.workbook.filling.catalogue import FIELDS, fields_for
from namro.workbook.filling.mapping import Block, Column, Spot
from namro.workbook.filling.mapping import Mapping as CellMapping
from namro.workbook.filling.placing import remark
from namro.workbook.filling.template import (
    Address,
    Template,
    TemplateSheet,
    address_of,
    column_of,
    name_of,
)
from namro.workbook.package import MOST_COLUMNS, MOST_ROWS


@dataclass(frozen=True)
class Known:
    """What a mapping may name: targets' numbers with whether each is measured; units' codes."""

    targets: Mapping[str, bool]
    units: Collection[str]


def check(mapping: CellMapping, template: Template, known: Known) -> list[Fault]:
    """All faults of a mapping; empty when it may be saved."""
    faults: list[Fault] = []
    taken: dict[tuple[str, Address], str] = {}
    if not mapping.spots and not mapping.blocks:
        faults.append(
            remark("EMPTY", "", "Chưa ghép ô nào.", "Bấm vào một ô của biểu mẫu rồi chọn nội dung.")
        )
    for spot in mapping.spots:
        faults += _spot(spot, template, known, taken)
    for block in mapping.blocks:
        faults += _block(block, template, known, taken)
    return faults + list(_codes(mapping, known))


def _sheet_fault(name: str, cell: str) -> Fault:
    return remark(
        "NO_SHEET", f"{name}!{cell}", f"Biểu mẫu không có trang tính “{name}”.",
        "Chọn lại ô trong biểu mẫu đang dùng.",
    )  # fmt: skip


def _spot(
    spot: Spot, template: Template, known: Known, taken: dict[tuple[str, Address], str]
) -> Iterator[Fault]:
    sheet, at = template.sheets.get(spot.sheet), address_of(spot.cell)
    where = f"{spot.sheet}!{spot.cell}"
    if sheet is None:
        yield _sheet_fault(spot.sheet, spot.cell)
        return
    if at is None or at[0] >= MOST_ROWS or at[1] >= MOST_COLUMNS:
        yield remark(
            "NO_CELL", where, f"Ô “{spot.cell}” của trang “{spot.sheet}” không dùng được.",
            f"Ghi ô theo mẫu C7, trong {MOST_ROWS} dòng và {MOST_COLUMNS} cột đầu.",
        )  # fmt: skip
        return
    if FIELDS[spot.what] not in fields_for(None):
        yield _misplaced(where, spot.what)
    yield from _cell(sheet, at, taken, f"ô {where}")
    yield from _asked(spot, where, known, FIELDS[spot.what].about == "target")


def _block(
    block: Block, template: Template, known: Known, taken: dict[tuple[str, Address], str]
) -> Iterator[Fault]:
    sheet, where = template.sheets.get(block.sheet), f"{block.sheet}!{block.first}:{block.last}"
    if sheet is None:
        yield _sheet_fault(block.sheet, f"{block.first}:{block.last}")
        return
    if block.last < block.first or block.last > MOST_ROWS:
        yield remark(
            "BAD_ROWS", where, f"Dòng cuối ({block.last}) ở trên dòng đầu ({block.first}).",
            "Sửa dòng đầu hoặc dòng cuối của bảng.",
        )  # fmt: skip
        return
    if not block.columns:
        yield remark(
            "NO_COLUMN", where, "Bảng chưa ghép cột nào.", "Ghép ít nhất một cột hoặc bỏ bảng."
        )
    yield from _match(block, sheet, where)
    seen: set[str] = set()
    for column in block.columns:
        yield from _column(block, column, sheet, known, taken, seen)


def _column(
    block: Block,
    column: Column,
    sheet: TemplateSheet,
    known: Known,
    taken: dict[tuple[str, Address], str],
    seen: set[str],
) -> Iterator[Fault]:
    where = f"{block.sheet}!{column.column}{block.first}"
    if address_of(f"{column.column}1") is None or column_of(column.column) >= MOST_COLUMNS:
        yield remark(
            "NO_CELL", where, f"Không có cột “{column.column}”.", "Ghi cột bằng chữ, ví dụ C."
        )
        return
    if column.column in seen:
        yield remark(
            "TWICE", where, f"Cột {column.column} được ghép hai lần trong một bảng.",
            "Bỏ bớt một lần.",
        )  # fmt: skip
        return
    seen.add(column.column)
    if FIELDS[column.what] not in fields_for(block.rows):
        yield _misplaced(where, column.what)
    needs = block.rows == "units" and FIELDS[column.what].about == "target"
    yield from _asked(column, where, known, needs)
    for line in range(block.first - 1, block.last):
        at = (line, column_of(column.column))
        said = f"cột {column.column} của bảng {block.sheet}!{block.first}:{block.last}"
        if fault := next(_cell(sheet, at, taken, said), None):
            yield fault
            return


def _match(block: Block, sheet: TemplateSheet, where: str) -> Iterator[Fault]:
    if not block.match:
        return
    if address_of(f"{block.match_column}1") is None:
        yield remark(
            "NO_CELL", where, "Chưa ghi cột có mã hoặc tên in sẵn.", "Ghi cột bằng chữ, ví dụ B.",
        )  # fmt: skip
        return
    column = column_of(block.match_column)
    lines = range(block.first - 1, block.last)
    if not any((line, column) in sheet.texts for line in lines):
        yield remark(
            "NOTHING_PRINTED", f"{block.sheet}!{block.match_column}{block.first}",
            f"Cột {block.match_column} không có mã hoặc tên nào in sẵn từ dòng {block.first} "
            f"đến dòng {block.last}.", "Chọn cột khác, hoặc điền lần lượt từ trên xuống.",
        )  # fmt: skip
    if any(c.column == block.match_column for c in block.columns):
        yield remark(
            "TWICE", f"{block.sheet}!{block.match_column}{block.first}",
            f"Cột {block.match_column} dùng để dò dòng nên không điền được.", "Bỏ ghép cột này.",
        )  # fmt: skip


def _cell(
    sheet: TemplateSheet, at: Address, taken: dict[tuple[str, Address], str], by: str
) -> Iterator[Fault]:
    """Whether a cell may be filled; takes it."""
    cell = f"{sheet.name}!{name_of(at)}"
    if at in sheet.formulas:
        yield remark(
            "FORMULA", cell, f"Ô {cell} có công thức của biểu mẫu, không được ghi đè.",
            "Chọn ô nhập liệu; ô công thức sẽ tự tính.",
        )  # fmt: skip
    if at in sheet.heads:
        yield remark(
            "TABLE_HEAD", cell, f"Ô {cell} là tiêu đề của bảng Excel, ghi vào sẽ làm hỏng bảng.",
            "Chọn ô ở dưới tiêu đề.",
        )  # fmt: skip
    area = sheet.merged_over(at)
    if area and at != (area[0], area[1]):
        yield remark(
            "MERGED", cell, f"Ô {cell} nằm trong ô gộp.",
            f"Ghép vào ô đầu của ô gộp: {name_of((area[0], area[1]))}.",
        )  # fmt: skip
    if before := taken.get((sheet.name, at)):
        yield remark("TWICE", cell, f"Ô {cell} đã được ghép ở {before}.", "Bỏ bớt một lần.")
    taken[sheet.name, at] = by


def _asked(asked: Spot | Column, where: str, known: Known, needs_target: bool) -> Iterator[Fault]:
    label = FIELDS[asked.what].label
    if asked.what == "text" and not asked.text:
        yield remark("NO_TEXT", where, "Chưa ghi chữ cố định.", "Ghi chữ cần điền vào ô.")
    if asked.look.missing == "words" and not asked.look.missing_words:
        yield remark(
            "NO_TEXT", where, "Chưa ghi chữ thay cho số liệu thiếu.", "Ghi chữ thay cho số."
        )
    if not needs_target:
        return
    if asked.of not in known.targets:
        said = f"Kế hoạch không có chỉ tiêu số “{asked.of}”." if asked.of else "Chưa chọn chỉ tiêu."
        yield remark(
            "NO_TARGET", where, f"{label}: {said[0].lower()}{said[1:]}", "Chọn lại chỉ tiêu."
        )
    elif not known.targets[asked.of] and FIELDS[asked.what].kind == "number":
        yield remark(
            "NO_MEASURE", where, f"{label}: chỉ tiêu ({asked.of}) chưa gắn cách đo, không có số.",
            "Gắn cách đo cho chỉ tiêu, hoặc bỏ ghép ô này.",
        )  # fmt: skip


def _misplaced(where: str, what: str) -> Fault:
    return remark(
        "MISPLACED", where, f"“{FIELDS[what].label}” không điền được ở đây.",
        "Chọn nội dung khác hợp với ô hoặc bảng này.",
    )  # fmt: skip


def _codes(mapping: CellMapping, known: Known) -> Iterator[Fault]:
    theirs: dict[str, str] = {}
    for ours, code in mapping.codes.items():
        if ours not in known.units:
            yield remark(
                "NO_UNIT", ours, f"Bảng mã: không có đơn vị mã “{ours}”.", "Sửa hoặc xóa dòng này.",
            )  # fmt: skip
        if not code:
            yield remark(
                "NO_CODE", ours, f"Bảng mã: “{ours}” chưa có mã của họ.", "Ghi mã hoặc xóa dòng."
            )
        elif code in theirs:
            yield remark(
                "TWICE", ours, f"Bảng mã: mã “{code}” đặt cho cả “{theirs[code]}” và “{ours}”.",
                "Mỗi mã chỉ dành cho một đơn vị.",
            )  # fmt: skip
        theirs[code] = ours
