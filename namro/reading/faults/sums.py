"""Sums that do not add up: tables with a total row, a total and its parts in one sentence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from namro.reading.blocks import Block
from namro.reading.letters import regex
from namro.terms import Fault
from namro.vietnamese import fold, format_number, parse_number

_TOTAL = re.compile(r"(?:tong cong|tong so|tong|cong)\W*")
_FIGURE = re.compile(r"-?\d{1,3}(?:[.,]\d+)*|\d+(?:[.,]\d+)?")
_GROUP = re.compile(r"(?:[IVX]{1,5}|[A-H])[.)]?")
_ITEM = re.compile(r"\d{1,3}[.)]?")

Row = dict[int, Block]


def read(blocks: Sequence[Block]) -> Iterator[Fault]:
    """All sums that do not add up."""
    tables: dict[tuple[str, int], dict[int, Row]] = defaultdict(lambda: defaultdict(dict))
    for block in blocks:
        if block.cell:
            tables[(block.file, block.cell.table)][block.cell.row][block.cell.column] = block
        else:
            yield from _sentence(block)
    for rows in tables.values():
        yield from _table([rows[i] for i in sorted(rows)])


def _table(rows: list[Row]) -> Iterator[Fault]:
    """The one total row of a table against the rows it sums."""
    totals = [i for i, row in enumerate(rows) if _is_total(row)]
    if len(totals) != 1 or len(rows) < 4:
        return
    parts = rows[totals[0] + 1 :] if totals[0] <= 2 else rows[: totals[0]]
    groups = [row for row in parts if _GROUP.fullmatch(_label(row))]
    items = [row for row in parts if _ITEM.fullmatch(_label(row))]
    summed = groups if len(groups) >= 2 else items
    if len(summed) < 2 or (groups and summed is items):
        return
    for column, cell in sorted(rows[totals[0]].items()):
        yield from _column(cell, [row.get(column) for row in summed])


def _is_total(row: Row) -> bool:
    first = [row[c].text for c in sorted(row)][:2]
    return any(_TOTAL.fullmatch(fold(text)) for text in first)


def _label(row: Row) -> str:
    return row[min(row)].text.strip() if row else ""


def _column(total: Block, cells: list[Block | None]) -> Iterator[Fault]:
    said = _figure(total)
    figures = [_figure(cell) if cell else Decimal(0) for cell in cells]
    known = [f for f in figures if f is not None]
    if said is None or len(known) < len(figures) or sum(1 for f in known if f) < 2:
        return
    numbers = [number for number in known if number is not None]
    found = sum(numbers, Decimal(0))
    finest = min((d.as_tuple().exponent for d in [said, *numbers]), default=0)
    assert isinstance(finest, int)
    slack = Decimal(1).scaleb(finest) * (len(numbers) + 1) / 2 if finest < 0 else Decimal(0)
    if abs(found - said) > slack:
        yield Fault(
            "SUM_WRONG",
            f"Hàng tổng ghi {total.text.strip()}, cộng các hàng được {format_number(found)}.",
            "Kiểm tra lại các số của cột này.",
            total.place(),
            total.text,
        )


def _figure(block: Block) -> Decimal | None:
    text = block.text.strip()
    if text in ("", "-", "–"):
        return Decimal(0)
    return parse_number(text) if _FIGURE.fullmatch(text) else None


_UNIT = (
    r"(?:tỷ đồng|triệu đồng|nghìn đồng|đồng|người|học sinh|cán bộ|hộ|xã|trường|trạm|ha|chỉ tiêu"
    r"|nhiệm vụ|lớp|đơn vị)"
)
_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
_WHOLE = regex(
    rf"(?:[Tt]ổng|[Cc]ộng)[^.;:]{{0,80}}?(?P<total>{_NUMBER})\s*(?P<unit>{_UNIT})[^.;:\d]{{0,40}}?"
    r"(?:,|:|\()\s*(?P<how>bao gồm|gồm|trong đó|chia ra)\s*:?(?P<parts>[^.]*(?:\.\d{3}[^.]*)*)"
)


def _sentence(block: Block) -> Iterator[Fault]:
    """ "Tổng kinh phí 500 triệu đồng, gồm: … 300 triệu đồng; … 250 triệu đồng"."""
    whole = _WHOLE.search(block.text)
    if not whole:
        return
    unit = whole["unit"]
    parts = [
        parse_number(m["n"])
        for m in regex(rf"(?P<n>{_NUMBER})\s*{unit}(?![/\w])").finditer(whole["parts"])
    ]
    if len(parts) < 2 or re.search(r"%|/năm|mỗi|trong đó", whole["parts"]):
        return
    total, found = parse_number(whole["total"]), sum(parts, Decimal(0))
    over_only = whole["how"] == "trong đó"
    if found > total if over_only else found != total:
        yield Fault(
            "SUM_WRONG",
            f"Tổng ghi {whole['total']} {unit}, cộng các phần được {format_number(found)} {unit}.",
            "Kiểm tra lại tổng và các phần.",
            block.place(*whole.span()),
            whole[0][:300],
        )
