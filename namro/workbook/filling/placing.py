"""A mapping and the figures → what goes into which cell, and what a careful clerk would remark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from namro.terms import Fault, Place
from namro.vietnamese import fold
from namro.workbook.filling.catalogue import FIELDS
from namro.workbook.filling.looks import Number, Value, Written, written
from namro.workbook.filling.mapping import Block, Column, Look, Spot
from namro.workbook.filling.mapping import Mapping as CellMapping
from namro.workbook.filling.template import (
    Address,
    Template,
    TemplateSheet,
    address_of,
    column_of,
    name_of,
)
from namro.workbook.filling.validations import first_objection

__all__ = ["Filled", "Material", "Number", "Placed", "Row", "place"]


@dataclass(frozen=True)
class Row:
    """One target, unit or task: its own code and name, and its values by field key."""

    code: str
    name: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Material:
    """All figures an export may ask for. `general`: by field key; `targets` at the unit exported
    for; `units` by level; `of_unit`: (target's number, unit's code) → values by field key."""

    general: Mapping[str, Value]
    targets: Sequence[Row] = ()
    tasks: Sequence[Row] = ()
    units: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    of_unit: Mapping[tuple[str, str], Mapping[str, Value]] = field(default_factory=dict)


@dataclass(frozen=True)
class Filled:
    """What one cell takes; `value` None: nothing. `missing`: there was no value to give."""

    sheet: str
    at: Address
    value: Written
    format: str = ""
    missing: bool = False

    @property
    def cell(self) -> str:
        return f"{self.sheet}!{name_of(self.at)}"


@dataclass
class Placed:
    """The filled cells in order, and the remarks; `errors` forbid the export, `notices` do not."""

    cells: list[Filled] = field(default_factory=list)
    errors: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)


def place(mapping: CellMapping, template: Template, material: Material) -> Placed:
    """Everything the mapping asks, in place. The mapping has been checked against the template."""
    work = _Work(mapping, template, material, Placed())
    for spot in mapping.spots:
        work.fill_spot(spot)
    for block in mapping.blocks:
        work.fill_block(block)
    return work.done


def remark(code: str, cell: str, message: str, mend: str) -> Fault:
    """A fault that names its cell."""
    return Fault(code, message, mend, Place("", cell=cell))


@dataclass
class _Work:
    mapping: CellMapping
    template: Template
    material: Material
    done: Placed

    def fill_spot(self, spot: Spot) -> None:
        at = address_of(spot.cell)
        if at is None:
            raise ValueError(spot.cell)
        self._put(spot.sheet, at, spot, self._general(spot))

    def fill_block(self, block: Block) -> None:
        sheet = self.template.sheets[block.sheet]
        for line, row in self._lines(block, sheet):
            order = line - block.first + 2  # lines count from 0
            for column in block.columns:
                value = self._of_row(block, column, row, order)
                self._put(block.sheet, (line, column_of(column.column)), column, value)
            if block.rows == "units" and self._gives_code(block) and not self._code(row.code):
                where = f"{block.sheet}!{line + 1}"
                self._without_code(row, where)

    def _gives_code(self, block: Block) -> bool:
        return block.match == "code" or any(c.what == "unit_code" for c in block.columns)

    def _code(self, code: str) -> str:
        """A unit's code in the other system; its own where no table of codes is given at all."""
        return self.mapping.codes.get(code, "") if self.mapping.codes else code

    def _general(self, spot: Spot | Column) -> Value:
        if spot.what == "text":
            return spot.text
        if spot.what == "unit_code":
            return self._code(str(self.material.general.get("unit_code") or ""))
        if FIELDS[spot.what].about == "target":
            row = next((r for r in self.material.targets if r.code == spot.of), None)
            return row.values.get(spot.what) if row else None
        return self.material.general.get(spot.what)

    def _of_row(self, block: Block, column: Column, row: Row, order: int) -> Value:
        if column.what == "text":
            return column.text
        if column.what == "order":
            return Number(Fraction(order), 0)
        if block.rows == "units":
            if column.what == "unit_name":
                return row.name
            if column.what == "unit_code":
                return self._code(row.code)
            if FIELDS[column.what].about == "target":
                return self.material.of_unit.get((column.of, row.code), {}).get(column.what)
        elif FIELDS[column.what].about in ("target", "task"):
            return row.values.get(column.what)
        return self._general(column)

    def _rows(self, block: Block) -> Sequence[Row]:
        if block.rows == "targets":
            return self.material.targets
        if block.rows == "tasks":
            return self.material.tasks
        return self.material.units.get(block.level, ())

    def _lines(self, block: Block, sheet: TemplateSheet) -> Iterator[tuple[int, Row]]:
        rows = self._rows(block)
        if block.match:
            yield from self._matched(block, sheet, rows)
            return
        room = block.last - block.first + 1
        if len(rows) > room:
            self.done.errors.append(
                remark(
                    "NO_ROOM",
                    f"{block.sheet}!{block.last}",
                    f"Bảng từ dòng {block.first} đến dòng {block.last} có {room} dòng, "
                    f"nhưng có {len(rows)} dòng số liệu.",
                    "Kéo dài bảng trong cách ghép, hoặc xin biểu mẫu có đủ dòng.",
                )
            )
        yield from enumerate(rows[:room], block.first - 1)
        if room > len(rows):
            for line in range(block.first - 1 + len(rows), block.last):
                for column in block.columns:
                    at = (line, column_of(column.column))
                    if at in sheet.texts:  # a sample left in the template must not stay
                        self.done.cells.append(Filled(block.sheet, at, None))

    def _matched(
        self, block: Block, sheet: TemplateSheet, rows: Sequence[Row]
    ) -> Iterator[tuple[int, Row]]:
        column = column_of(block.match_column)
        by_key: dict[str, Row] = {}
        for row in rows:
            is_code = block.match == "code"
            key = self._code(row.code) if is_code and block.rows == "units" else row.code
            by_key[fold((key if is_code else row.name).strip())] = row
        met: set[str] = set()
        for line in range(block.first - 1, block.last):
            said = sheet.texts.get((line, column), "").strip()
            key = fold(said)
            if key in by_key and key and key not in met:
                met.add(key)
                yield line, by_key[key]
            elif said:
                why = "đã có ở dòng trên" if key in met else "không có trong số liệu của ta"
                self._unknown_row(block, line, said, why)
        for key, row in by_key.items():
            if key not in met:
                self._left_out(block, row)

    def _unknown_row(self, block: Block, line: int, said: str, why: str) -> None:
        cell = f"{block.sheet}!{block.match_column}{line + 1}"
        self._notice(
            "UNKNOWN_ROW", cell, f"“{said[:60]}” {why}; dòng này không điền.",
            "Kiểm tra bảng mã hoặc tên in sẵn trong biểu mẫu.",
        )  # fmt: skip

    def _left_out(self, block: Block, row: Row) -> None:
        if block.match == "code" and block.rows == "units" and not self._code(row.code):
            self._without_code(row, block.sheet)
            return
        self._notice(
            "LEFT_OUT", block.sheet, f"“{row.name[:60]}” không có dòng nào trong biểu mẫu.",
            "Kiểm tra bảng mã, hoặc xin biểu mẫu có dòng này.",
        )  # fmt: skip

    def _without_code(self, row: Row, where: str) -> None:
        self._notice(
            "NO_CODE", where, f"“{row.name[:60]}” ({row.code}) chưa có mã của hệ thống nhận.",
            "Thêm mã vào bảng mã đơn vị rồi xem lại.",
        )  # fmt: skip

    def _put(self, sheet: str, at: Address, asked: Spot | Column, value: Value) -> None:
        missing = value is None or value == ""
        put = written(value, asked.look)
        self.done.cells.append(Filled(sheet, at, put, _format(asked, put), missing))
        cell = f"{sheet}!{name_of(at)}"
        if missing and asked.what not in ("text", "unit_code"):
            self._notice(
                "MISSING", cell,
                f"{FIELDS[asked.what].label}: chưa có số liệu; {_mark(asked.look)}.",
                "Chờ đơn vị báo cáo, hoặc ghi tay sau khi tải về.",
            )  # fmt: skip
        if put is not None and put != "":
            rules = self.template.sheets[sheet].validations
            if why := first_objection(rules, at, put):
                self._notice(
                    "NOT_VALID", cell, f"“{str(put)[:60]}” {why}.",
                    "Sửa cách ghi (hệ số, số chữ số lẻ, chữ) của ô trong cách ghép.",
                )  # fmt: skip

    def _notice(self, code: str, cell: str, message: str, mend: str) -> None:
        self.done.notices.append(remark(code, cell, message, mend))


def _mark(look: Look) -> str:
    return {"blank": "để trống", "dash": "ghi “-”", "zero": "ghi số 0 theo cách ghép"}.get(
        look.missing, f"ghi “{look.missing_words}”"
    )


def _format(asked: Spot | Column, put: Written) -> str:
    """A number's format, where the mapping sets one."""
    return asked.look.format if isinstance(put, Decimal) else ""
