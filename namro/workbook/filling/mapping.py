"""A mapping as data (cách ghép): cells, blocks of rows, another system's codes; JSON in, out."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from namro.workbook.filling.catalogue import FIELDS, Rows

# What a person may choose, with the words of the page; the first of each is the usual one.
SCALES = {
    "1": "giữ nguyên",
    "0.01": "chia 100 (ô định dạng %)",
    "100": "nhân 100",
    "0.001": "chia 1.000",
    "1000": "nhân 1.000",
    "0.000001": "chia 1.000.000",
    "1000000": "nhân 1.000.000",
}
NUMBERS = {
    "number": "số (để tính được)",
    "comma": "chữ, dấu phẩy thập phân",
    "point": "chữ, dấu chấm thập phân",
}
FORMATS = {
    "": "theo biểu mẫu",
    "0": "0",
    "0.0": "0,0",
    "0.00": "0,00",
    "#,##0": "1.000",
    "0%": "0%",
    "0.0%": "0,0%",
    "0.00%": "0,00%",
}
DATES = {
    "date": "ngày của Excel",
    "dmy": "chữ, 31/12/2025",
    "iso": "chữ, 2025-12-31",
    "words": "chữ, ngày 31/12/2025",
    "moment": "chữ, 16:00 ngày 31/12/2025",
}
MISSING = {"blank": "để trống", "dash": "ghi “-”", "zero": "ghi số 0", "words": "ghi chữ…"}
LEVELS = {
    "commune": "xã, phường",
    "department": "sở, ban, ngành",
    "party": "cơ quan, tổ chức đảng",
    "all": "mọi đơn vị có báo cáo",
}
MATCHES = {"": "lần lượt từ trên xuống", "code": "theo mã đã in sẵn", "name": "theo tên đã in sẵn"}
MOST_PLACES, MOST_CODES, MOST_TEXT = 2_000, 20_000, 500


class FaultyMapping(ValueError):
    """The data is no mapping; the message is Vietnamese and says where."""


@dataclass(frozen=True)
class Look:
    """How a value is written. `digits` None: as many as the product shows; else rounded to so many
    before `scale`. `missing`: the mark for what is not there, never 0 unless asked."""

    scale: str = "1"
    digits: int | None = None
    number: str = "number"
    format: str = ""
    date: str = "date"
    missing: str = "blank"
    missing_words: str = ""

    @property
    def factor(self) -> Decimal:
        return Decimal(self.scale)


@dataclass(frozen=True)
class Spot:
    """One cell and what it takes; `of`: the target's number where that is asked."""

    sheet: str
    cell: str
    what: str
    of: str = ""
    text: str = ""
    look: Look = field(default_factory=Look)


@dataclass(frozen=True)
class Column:
    """One column of a block."""

    column: str
    what: str
    of: str = ""
    text: str = ""
    look: Look = field(default_factory=Look)


@dataclass(frozen=True)
class Block:
    """Rows `first` to `last` (as Excel counts them), one for each target, unit or task.

    `match` "": filled from the top; "code" or "name": each row takes the one that stands in its
    column `match_column` already.
    """

    sheet: str
    rows: Rows
    first: int
    last: int
    columns: tuple[Column, ...]
    level: str = "commune"
    match: str = ""
    match_column: str = ""


@dataclass(frozen=True)
class Mapping:
    """All that is to be filled. `codes`: a unit's code here → its code in the other system."""

    spots: tuple[Spot, ...] = ()
    blocks: tuple[Block, ...] = ()
    codes: Dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "spots": [asdict(s) for s in self.spots],
            "blocks": [
                {**asdict(b), "columns": [asdict(c) for c in b.columns]} for b in self.blocks
            ],
            "codes": dict(sorted(self.codes.items())),
        }


def mapping_of(data: Any) -> Mapping:
    """JSON → Mapping. Raises FaultyMapping for anything unknown, so that nothing is misread."""
    _object(data, "cách ghép", {"spots", "blocks", "codes"})
    spots = [_spot(s, f"ô thứ {i}") for i, s in enumerate(_list(data, "spots"), 1)]
    blocks = [_block(b, f"bảng thứ {i}") for i, b in enumerate(_list(data, "blocks"), 1)]
    if len(spots) + sum(len(b.columns) for b in blocks) > MOST_PLACES:
        raise FaultyMapping(f"Cách ghép có hơn {MOST_PLACES} ô, cột. Hãy bớt đi rồi lưu lại.")
    codes = data.get("codes", {})
    if not isinstance(codes, dict) or len(codes) > MOST_CODES:
        raise FaultyMapping(f"Bảng mã phải là cặp “mã của ta: mã của họ”, nhiều nhất {MOST_CODES}.")
    kept = {_text(k, "mã"): _text(v, f"mã của {k}") for k, v in codes.items()}
    return Mapping(tuple(spots), tuple(blocks), kept)


def _list(data: Any, key: str) -> Sequence[Any]:
    found = data.get(key, [])
    if not isinstance(found, list) or len(found) > MOST_PLACES:
        raise FaultyMapping("Tệp cách ghép không đúng dạng: danh sách ô hoặc bảng bị hỏng.")
    return found


def _object(data: Any, where: str, known: set[str]) -> None:
    if not isinstance(data, dict):
        raise FaultyMapping(f"Không đọc được {where}: dữ liệu không đúng dạng.")
    if unknown := sorted(set(data) - known):
        raise FaultyMapping(f"Trong {where} có mục lạ: {', '.join(map(str, unknown))[:80]}.")


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        raise FaultyMapping(f"Mục {str(where)[:80]} phải là chữ, dài nhất {MOST_TEXT} ký tự.")
    if any(ord(c) < 32 and c not in "\t\n" for c in value):
        raise FaultyMapping(f"Mục {str(where)[:80]} có ký tự không in được. Hãy gõ lại.")
    return value.strip()


def _whole(value: Any, where: str, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise FaultyMapping(f"{where} phải là số nguyên từ {low} đến {high}.")
    return value


def _choice(value: Any, choices: Dict[str, str], where: str) -> str:
    if not isinstance(value, str) or value not in choices:
        raise FaultyMapping(f"{where} không có trong danh sách được chọn.")
    return value


_TAKEN = {"what", "of", "text", "look"}


def _what(data: Any, where: str) -> dict[str, Any]:
    what = data.get("what")
    if not isinstance(what, str) or what not in FIELDS:
        raise FaultyMapping(f"Ở {where} chưa chọn nội dung điền vào.")
    return {
        "what": what,
        "of": _text(data.get("of", ""), where),
        "text": _text(data.get("text", ""), where),
        "look": _look(data.get("look", {}), where),
    }


def _look(data: Any, where: str) -> Look:
    usual = Look()
    _object(data, f"cách ghi của {where}", set(asdict(usual)))
    digits = data.get("digits")
    return Look(
        scale=_choice(data.get("scale", "1"), SCALES, f"Hệ số của {where}"),
        digits=None if digits is None else _whole(digits, f"Số chữ số lẻ của {where}", 0, 9),
        number=_choice(data.get("number", "number"), NUMBERS, f"Cách ghi số của {where}"),
        format=_choice(data.get("format", ""), FORMATS, f"Định dạng số của {where}"),
        date=_choice(data.get("date", "date"), DATES, f"Cách ghi ngày của {where}"),
        missing=_choice(data.get("missing", "blank"), MISSING, f"Dấu thiếu số liệu của {where}"),
        missing_words=_text(data.get("missing_words", ""), where),
    )


def _spot(data: Any, where: str) -> Spot:
    _object(data, where, {"sheet", "cell", *_TAKEN})
    sheet, cell = _text(data.get("sheet"), where), _text(data.get("cell"), where).upper()
    return Spot(sheet, cell, **_what(data, f"ô {sheet}!{cell}"))


def _block(data: Any, where: str) -> Block:
    keys = {"sheet", "rows", "first", "last", "columns", "level", "match", "match_column"}
    _object(data, where, keys)
    sheet, rows = _text(data.get("sheet"), where), data.get("rows")
    if rows not in ("targets", "units", "tasks"):
        raise FaultyMapping(f"Ở {where} chưa chọn mỗi dòng là gì.")
    columns = []
    for one in _list(data, "columns"):
        _object(one, where, {"column", *_TAKEN})
        letter = _text(one.get("column"), where).upper()
        columns.append(Column(letter, **_what(one, f"cột {letter} của {where} ({sheet})")))
    return Block(
        sheet,
        rows,
        _whole(data.get("first"), f"Dòng đầu của {where}", 1, 5_000),
        _whole(data.get("last"), f"Dòng cuối của {where}", 1, 5_000),
        tuple(columns),
        _choice(data.get("level", "commune"), LEVELS, f"Cấp đơn vị của {where}"),
        _choice(data.get("match", ""), MATCHES, f"Cách xếp dòng của {where}"),
        _text(data.get("match_column", ""), where).upper(),
    )
