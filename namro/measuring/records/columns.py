"""One column of a file → values: each text is understood once, however often it stands there."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from namro.measuring.cells import BadCell, Parser, typed_parser
from namro.measuring.kinds import Column, Dataset
from namro.measuring.records.units import KnownUnits
from namro.terms import Period
from namro.vietnamese import format_date

UNIT_TITLE = "Mã đơn vị"
_REMEMBERED = 50_000
_MOST_GUESSES = 100

Bad = list[tuple[int, BadCell]]


class ReadColumn:
    """What the texts of one column come to, remembered for the last of them."""

    def __init__(self, parse: Parser) -> None:
        self._parse = parse
        self._values: dict[str, Any] = {}
        self._bad: dict[str, BadCell] = {}

    def read(self, texts: Sequence[str]) -> tuple[list[Any], Bad]:
        """The values (None where a cell is bad), and what is wrong, by place in the block."""
        if len(self._values) > _REMEMBERED:
            self._values, self._bad = {}, {}
        values = self._values
        for text in set(texts).difference(values):
            try:
                values[text] = self._parse(text.strip())
            except BadCell as why:
                values[text] = None
                self._bad[text] = why
        wrong = self._bad
        bad = [(i, wrong[t]) for i, t in enumerate(texts) if t in wrong] if wrong else []
        return list(map(values.__getitem__, texts)), bad


def columns_of(
    dataset: Dataset, names: Sequence[str], units: KnownUnits, period: Period, hash_key: bytes
) -> dict[str, ReadColumn]:
    """Column → what reads it. `hash_key`: the installation's, for the columns kept as hashes."""
    found = {}
    for name in names:
        if name == dataset.unit:
            found[name] = ReadColumn(_unit(units))
            continue
        column, secret = dataset.columns[name], name in dataset.hashed
        parse = typed_parser(column, secret=secret)
        if name == dataset.date:
            parse = _in_period(parse, column, dataset, period)
        found[name] = ReadColumn(_hashed(parse, hash_key) if secret else parse)
    return found


def _unit(units: KnownUnits) -> Parser:
    guesses = iter(range(_MOST_GUESSES))

    def known(text: str) -> str:
        if not text:
            raise BadCell("EMPTY", f"cột “{UNIT_TITLE}” để trống.", "Điền đủ ô này.")
        try:
            return units.code_of(text, UNIT_TITLE, guess=False)
        except BadCell as why:
            # A wrong column holds millions of names: only the first are looked at closely.
            if why.args[0] != "UNKNOWN_UNIT" or next(guesses, None) is None:
                raise
        return units.code_of(text, UNIT_TITLE)

    return known


def person_hash(hash_key: bytes, value: Any) -> str:
    """The keyed hash (HMAC-SHA-256, 128 bits) that a person is kept as."""
    return hmac.digest(hash_key, str(value).encode(), hashlib.sha256).hex()[:32]


def _hashed(parse: Parser, hash_key: bytes) -> Parser:
    def hashed(text: str) -> str | None:
        value = parse(text)
        return None if value is None else person_hash(hash_key, value)

    return hashed


def _in_period(
    parse: Parser, column: Column, dataset: Dataset, period: Period
) -> Callable[[str], Any]:
    first, last = period.first_day(dataset.calendar), period.last_day(dataset.calendar)
    span = f"{format_date(first)} đến {format_date(last)}"

    def within(text: str) -> date | None:
        day: date | None = parse(text)
        if day is not None and not first <= day <= last:
            said = f"cột “{column.title}”: {format_date(day)} ngoài kỳ ({span})."
            raise BadCell("DATE_OUTSIDE", said, "Chọn đúng kỳ hoặc bỏ dòng này.")
        return day

    return within
