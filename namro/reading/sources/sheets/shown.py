"""A number as the sheet shows it: by its number format, with the Vietnamese decimal comma."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 14: "dd/mm/yyyy", 15: "dd/mm/yyyy", 16: "dd/mm", 17: "mm/yyyy",
    18: "hh:mm", 19: "hh:mm:ss",
    20: "hh:mm", 21: "hh:mm:ss", 22: "dd/mm/yyyy hh:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00",
    40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 49: "@",
}  # fmt: skip
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.[#0?]*)?")
_CONTEXT = Context(prec=400)


def number(value: str, form: str, *, from_1904: bool = False) -> str:
    """The stored `value` (as in the file) under number format `form`; unreadable: as it stands.

    >>> number("0.455", "0.0%"), number("1234567.891", "#,##0.00"), number("45658", "dd/mm/yyyy")
    ('45,5%', '1.234.567,89', '01/01/2025')
    """
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return value
    if not amount.is_finite() or abs(amount.adjusted()) > 300:
        return value
    sections = _sections(form)
    section = sections[0]
    if amount < 0 and len(sections) > 1:
        section, amount = sections[1], -amount
    elif amount == 0 and len(sections) > 2:
        section = sections[2]
    bare = _QUOTED.sub("", section)
    if re.search(r"[ymdhs]", bare, re.I) and not re.search("General", bare, re.I):
        return _date(amount, bare, from_1904=from_1904)
    if re.search("General|@|/|[eE][+-]", bare) or not (bare.strip() or section.strip()):
        return _general(amount)
    return _filled(amount, section)


def _sections(form: str) -> list[str]:
    parts, quoted = [""], False
    for char in form:
        quoted = not quoted if char == '"' else quoted
        if char == ";" and not quoted:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _general(amount: Decimal) -> str:
    amount = Context(prec=11).plus(amount)
    text = f"{amount:f}" if -7 < amount.adjusted() < 12 else f"{amount:E}"
    if "." in text and "E" not in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",")


def _filled(amount: Decimal, section: str) -> str:
    """The digits put where the format has its places; the words around them kept."""
    words = _QUOTED.sub(lambda m: _kept(m[1] or m[2] or ""), section)
    places = _DIGITS.search(words)
    if places is None:  # words alone, as "-" for nothing
        return _LITERAL.sub(lambda m: chr(ord(m[0]) - 0xE000), words).strip()
    pattern = places[0]
    before, _, after = pattern.partition(".")
    if "%" in words:
        amount = _CONTEXT.multiply(amount, Decimal(100))
    if before.endswith(","):  # each comma at the end shows thousands less
        amount = amount.scaleb(-3 * (len(before) - len(before.rstrip(","))), _CONTEXT)
    step = Decimal(1).scaleb(-min(len(after), 30))
    amount = amount.quantize(step, ROUND_HALF_UP, _CONTEXT)
    text = f"{amount:,f}" if "," in before.rstrip(",") else f"{amount:f}"
    spare = len(after) - len(after.rstrip("#?"))
    while spare and text.endswith("0"):
        text, spare = text[:-1], spare - 1
    text = text.rstrip(".") if after else text
    text = text.replace(",", "\x00").replace(".", ",").replace("\x00", ".")
    shown = words[: places.start()] + text + words[places.end() :]
    return _LITERAL.sub(lambda m: chr(ord(m[0]) - 0xE000), shown).strip()


_LITERAL = re.compile("[\ue000-\ue0ff]")


def _kept(words: str) -> str:
    """Literal words out of reach of the search for digits: their ASCII signs moved away."""
    return "".join(chr(ord(c) + 0xE000) if ord(c) < 0x100 else c for c in words)


# Days of a sheet are counted from here; they know no time zone, UTC stands for none.
_START, _START_1904 = datetime(1899, 12, 30, tzinfo=UTC), datetime(1904, 1, 1, tzinfo=UTC)


def _date(amount: Decimal, form: str, *, from_1904: bool) -> str:
    if not 0 <= amount < 2_958_466:
        return _general(amount)
    start = _START_1904 if from_1904 else _START
    day = start + timedelta(days=float(amount))
    has = {letter: letter in form.lower() for letter in "ymdhs"}
    if has["y"] or has["d"]:
        parts = [("%d", has["d"]), ("%m", has["m"]), ("%Y", has["y"])]
        shown = "/".join(f"{day:{part}}" for part, wanted in parts if wanted)
        return f"{shown} {day:%H:%M}" if has["h"] else shown
    if has["h"] or has["s"]:
        return f"{day:%H:%M:%S}" if has["s"] else f"{day:%H:%M}"
    return f"{day:%m}"
