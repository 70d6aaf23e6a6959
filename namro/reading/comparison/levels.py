"""How much is asked, and whether it is more or less than before. Exact decimals only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from namro.reading.comparison.findings import Effect
from namro.reading.comparison.wording import plain
from namro.reading.plan import ReadTarget
from namro.terms import Comparator
from namro.vietnamese import fold, format_number, parse_number

_SCALES = {"nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "ty": 10**9, "ti": 10**9}
_UNITS = {"phan tram": "%", "nguoi dan": "nguoi", "phan tram/nam": "%/nam", "% / nam": "%/nam"}
_FALLING = re.compile(
    r"\b(?:giam (?:con|xuong)|xuong(?: con)?|con(?: duoi)?|khong qua|duoi|khong vuot qua)\b"
)
_ALL = re.compile(r"\b(?:tat ca|toan bo|100 %|100%)")
_SIGNS = {
    Comparator.AT_LEAST: "≥ ",
    Comparator.MORE_THAN: "> ",
    Comparator.EQUAL: "",
    Comparator.LESS_THAN: "< ",
    Comparator.AT_MOST: "≤ ",
}
# At one and the same figure, how firmly it binds: "trên 80%" before "tối thiểu 80%" before "80%".
_FIRMNESS = {
    Comparator.MORE_THAN: 3,
    Comparator.LESS_THAN: 3,
    Comparator.AT_LEAST: 2,
    Comparator.AT_MOST: 2,
    Comparator.EQUAL: 1,
    Comparator.RANGE: 1,
}


@dataclass(frozen=True)
class Level:
    """A figure made comparable: in the unit's own base, a share of all as 100 per cent."""

    comparator: Comparator
    value: Decimal
    high: Decimal | None
    unit: str
    falling: bool


def level_of(target: ReadTarget) -> Level | None:
    """The level a target asks; None for a milestone without figure."""
    folded = fold(target.quote)
    if target.value is None or target.comparator is Comparator.MILESTONE:
        if _ALL.search(folded):
            return Level(Comparator.EQUAL, Decimal(100), None, "%", False)
        return None
    unit, scale = unit_of(target.unit)
    value = target.value * scale
    if unit != "%" and re.search(rf"\b0*{target.value:f}\s*/\s*0*{target.value:f}\b", folded):
        unit, value = "%", Decimal(100)  # 08/08 xã: all of them
    high = target.value_high * scale if target.value_high is not None else None
    below = target.comparator in (Comparator.LESS_THAN, Comparator.AT_MOST)
    bare = target.comparator in (Comparator.EQUAL, Comparator.RANGE)
    falling = below or (bare and _falls_before(folded, target.value))
    return Level(target.comparator, value, high, unit, falling)


def _falls_before(folded: str, value: Decimal) -> bool:
    """Whether the words just before the figure say that it comes down to it."""
    shown = re.escape(f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}")
    figure = re.search(rf"(?<![\d.,])0*{shown.replace(re.escape('.'), '[.,]')}(?!\d)", folded)
    before = folded[max(0, figure.start() - 24) : figure.start()] if figure else ""
    return bool(_FALLING.search(before))


def unit_of(unit: str | None) -> tuple[str, Decimal]:
    """A unit of measure as one spelling and what a figure in it is multiplied by.

    >>> unit_of("tỷ đồng")
    ('dong', Decimal('1000000000'))
    """
    words = fold(unit or "").strip(" .;,")
    words = _UNITS.get(words, words).replace("grdp", "gdp")  # a province's share of its own
    first, _, rest = words.partition(" ")
    if first in _SCALES:
        return rest or "", Decimal(_SCALES[first])
    return words, Decimal(1)


def weigh(old: Level | None, new: Level | None, *, bare_is_least: bool = False) -> Effect:
    """Whether the new level asks less (WEAKER), more (STRONGER), the same, or cannot be told.

    `bare_is_least`: a bare figure ("80% cán bộ") binds as "at least" does, which is how a plan's
    figure is judged; without it "≥ 80%" made "80%" is a weakening.
    """
    if old is None or new is None:
        if old is None and new is None:
            return Effect.SAME
        return Effect.WEAKER if new is None else Effect.STRONGER
    if old.unit != new.unit and not _of_one_kind(old.unit, new.unit):
        return Effect.UNCLEAR
    if old.falling != new.falling:
        if not _agree(old, new):
            return Effect.UNCLEAR
        falling = True
    else:
        falling = old.falling
    return _by_figure(old, new, falling, bare_is_least)


def _of_one_kind(old: str, new: str) -> bool:
    """Units one of which only says more ("%" and "% GRDP" are two things; "xã" and "" are not)."""
    if "%" in old or "%" in new:
        bare = old == "%" or new == "%"  # of what, the subject says
        both = "%" in old and "%" in new and "/" not in old + new
        return old.replace(" ", "") == new.replace(" ", "") or (bare and both)
    return not old or not new or old in new or new in old


def _agree(old: Level, new: Level) -> bool:
    """A bare figure takes the direction of its counterpart."""
    rising = old if not old.falling else new
    return rising.comparator in (Comparator.EQUAL, Comparator.RANGE)


def _by_figure(old: Level, new: Level, falling: bool, bare_is_least: bool) -> Effect:
    was, now = (_bound(level, falling) for level in (old, new))
    if was != now:
        more = now < was if falling else now > was
        return Effect.STRONGER if more else Effect.WEAKER
    if was == 100 and old.unit == new.unit == "%" and not falling:
        return Effect.SAME  # all is all, however it is said
    firm = [_firmness(level.comparator, bare_is_least) for level in (old, new)]
    if firm[0] != firm[1]:
        return Effect.STRONGER if firm[1] > firm[0] else Effect.WEAKER
    if old.high != new.high and not falling:
        wide = (old.high or old.value) > (new.high or new.value)
        return Effect.WEAKER if wide else Effect.STRONGER
    return Effect.SAME


def _bound(level: Level, falling: bool) -> Decimal:
    """The figure that binds: the lower end, or for falling values the upper."""
    return level.high if falling and level.high is not None else level.value


def _firmness(comparator: Comparator, bare_is_least: bool) -> int:
    if bare_is_least and comparator in (Comparator.EQUAL, Comparator.RANGE):
        return 2
    return _FIRMNESS.get(comparator, 0)


def level_text(target: ReadTarget) -> str | None:
    """The level as people read it: "≥ 45%", "5–6 %/năm"; None for a milestone."""
    if target.value is None:
        return None
    unit = target.unit or ""
    unit = unit if not unit or unit.startswith("%") else f" {unit}"
    value = format_number(target.value)
    if target.value_high is not None:
        return f"{value}–{format_number(target.value_high)}{unit}"
    return f"{_SIGNS.get(target.comparator, '')}{value}{unit}"


_FIGURE = re.compile(r"(?<![\w./-])(?P<n>\d+(?:[.,]\d+)*)\s*(?P<u>%|[a-z]+(?: [a-z]+)?)(?!\s*/)")
_NO_FIGURE = re.compile(
    r"(?:so|ngay|thang|nam|quy|khoan|dieu|muc|diem|phu luc|giai doan|lan thu|ky|khoa|luat|thu)\s*$"
)
_UPPER = re.compile(r"(?:khong qua|toi da|duoi|khong vuot qua|giam con|giam xuong)\s*$")


def figures_in(text: str) -> list[tuple[str, Decimal, bool]]:
    """The amounts a text names: (what is counted, folded; how many; whether it is a limit above).

    Dates, numbers of documents, articles and years are no amounts.

    >>> figures_in("Xây dựng 05 mô hình điểm trong năm 2026")
    [('mo hinh', Decimal('5'), False)]
    """
    folded, found = plain(text), []
    for match in _FIGURE.finditer(folded):
        before = folded[: match.start()].rstrip()
        if _NO_FIGURE.search(before) or match["u"].split()[0] in ("thang", "nam", "ngay"):
            continue
        try:
            found.append((match["u"], parse_number(match["n"]), bool(_UPPER.search(before))))
        except ValueError:
            continue
    return found
