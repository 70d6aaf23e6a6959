"""Automatic numbers of Word, counted as Word counts them: they stand in no paragraph's text.

A paragraph names a list (numId) and a level, itself or by its style. Lists that share one abstract
list go on counting from each other, unless a list overrides the start. A level starts anew after
any higher level (or as lvlRestart says). "%1.%2." shows the counts of the levels named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from namro.reading.sources.symbols import sign_of
from namro.reading.sources.word.names import VAL, W, is_on, whole
from namro.reading.sources.word.styles import Styles

LEVELS = 9


@dataclass(frozen=True)
class Level:
    """One level of a list: how its number looks and when it starts anew (0 = never)."""

    form: str = "decimal"
    text: str = ""
    first: int = 1
    restart: int | None = None
    legal: bool = False
    font: str = ""


@dataclass
class _List:
    """A list as paragraphs name it; `counter` is what it shares with others."""

    counter: str
    levels: dict[int, Level]
    starts: dict[int, int]
    by_style: dict[str, int] = field(default_factory=dict)
    bullets: dict[int, str] = field(default_factory=dict)


class Numbering:
    """Labels for paragraphs, in the order they stand; `root` is numbering.xml (None: no lists)."""

    def __init__(self, root: Any, styles: Styles) -> None:
        self.styles = styles
        self.lists: dict[str, _List] = {}
        self.counts: dict[str, list[int | None]] = {}
        self.started: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: Any) -> None:
        plans = {a.get(f"{W}abstractNumId"): a for a in root.findall(f"{W}abstractNum")}
        numbers = {n.get(f"{W}numId"): n for n in root.findall(f"{W}num")}
        for key, number in numbers.items():
            named = number.find(f"{W}abstractNumId")
            plan = self._plan(named.get(VAL) if named is not None else None, plans, numbers)
            if plan is None or key is None:
                continue
            found = _List(plan.get(f"{W}abstractNumId") or key, {}, {})
            self._levels(found, plan)
            for override in number.findall(f"{W}lvlOverride"):
                at = whole(override, 0, f"{W}ilvl")
                self._levels(found, override)
                start = override.find(f"{W}startOverride")
                if start is not None and at in found.levels:
                    found.starts[at] = whole(start, 1)
                    found.levels[at] = replace(found.levels[at], first=whole(start, 1))
            found.bullets = _bullets(found.levels)
            self.lists[key] = found

    def _plan(self, key: str | None, plans: dict[Any, Any], numbers: dict[Any, Any]) -> Any:
        """The abstract list; where it only names a style, the one the style's list has."""
        for _ in range(4):
            plan = plans.get(key)
            link = plan.find(f"{W}numStyleLink") if plan is not None else None
            if link is None:
                return plan
            said = self.styles.numbering(link.get(VAL) or "")
            number = numbers.get(said[0]) if said else None
            named = number.find(f"{W}abstractNumId") if number is not None else None
            if named is None:
                return plan
            key = named.get(VAL)
        return None

    def _levels(self, found: _List, element: Any) -> None:
        for level in element.findall(f"{W}lvl"):
            at = whole(level, 0, f"{W}ilvl")
            if at >= LEVELS:
                continue
            found.levels[at] = _level(level)
            style = level.find(f"{W}pStyle")
            if style is not None:
                found.by_style[style.get(VAL) or ""] = at

    def label(self, paragraph: Any) -> str:
        """The number or bullet Word shows before this paragraph; "" where it has none."""
        where = self._where(paragraph)
        if where is None:
            return ""
        key, at = where
        of = self.lists[key]
        level = of.levels[at]
        counts = self.counts.setdefault(of.counter, [None] * LEVELS)
        if at in of.starts and (key, at) not in self.started:
            self.started.add((key, at))
            counts[at] = None
        before = counts[at]
        counts[at] = level.first if before is None else before + 1
        for below in range(at + 1, LEVELS):
            restart = of.levels[below].restart if below in of.levels else None
            if restart is None or (restart and at < restart):
                counts[below] = None
        if level.form == "bullet":
            return of.bullets.get(at, "-")
        return self._written(level, of, counts)

    def _where(self, paragraph: Any) -> tuple[str, int] | None:
        """The list and the level of a paragraph; None where it has no number."""
        properties = paragraph.find(f"{W}pPr")
        own = properties.find(f"{W}numPr") if properties is not None else None
        style = properties.find(f"{W}pStyle") if properties is not None else None
        name = style.get(VAL) if style is not None else self.styles.usual
        by_style = self.styles.numbering(name or "")
        if own is None and by_style is None:
            return None
        said = own.find(f"{W}numId") if own is not None else None
        key = said.get(VAL) if said is not None else by_style[0] if by_style else None
        if key not in self.lists:
            return None
        level = own.find(f"{W}ilvl") if own is not None else None
        at = self.lists[key].by_style.get(name or "", by_style[1] if by_style else 0)
        at = whole(level) if level is not None else at
        return (key, at) if at in self.lists[key].levels else None

    def _written(self, level: Level, of: _List, counts: list[int | None]) -> str:
        def shown(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            named = of.levels.get(at, Level())
            count = counts[at]
            form = "decimal" if level.legal and named.form != "none" else named.form
            return in_form(named.first if count is None else count, form)

        return re.sub(r"%([1-9])", shown, level.text).strip()


def _level(element: Any) -> Level:
    def said(name: str) -> Any:
        return element.find(f"{W}{name}")

    form, text, restart = said("numFmt"), said("lvlText"), said("lvlRestart")
    if form is None:  # a newer form inside AlternateContent, with a plain one beside it
        forms = list(element.iter(f"{W}numFmt"))
        form = forms[-1] if forms else None
    fonts = element.find(f"{W}rPr/{W}rFonts")
    return Level(
        (form.get(VAL) or "decimal") if form is not None else "decimal",
        (text.get(VAL) or "") if text is not None else "",
        whole(said("start"), 1),
        whole(restart) if restart is not None else None,
        is_on(said("isLgl")),
        (fonts.get(f"{W}ascii") or "") if fonts is not None else "",
    )


_SIGNS = "-+•"


def _bullets(levels: dict[int, Level]) -> dict[int, str]:
    """The signs of a list's bullets, as an outline tells depth: dash, plus, dot.

    A list's own "-" and "+" stand, where none like it stands above; any ornament takes the next.
    """
    signs: dict[int, str] = {}
    above = -1
    for at in sorted(levels):
        level = levels[at]
        if level.form != "bullet":
            continue
        char = level.text.strip()[:1]
        if "\uf020" <= char <= "\uf0ff":
            char = sign_of(level.font or "Symbol", ord(char))
        own = _SIGNS.find("-" if char in "–—" else char) if char and char in "-–—+" else -1
        above = own if own > above else min(above + 1, len(_SIGNS) - 1)
        signs[at] = _SIGNS[above]
    return signs


_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_COUNTED = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")


def in_form(value: int, form: str) -> str:
    """A count in Word's number form; forms of other scripts are shown as figures.

    >>> in_form(4, "upperRoman"), in_form(28, "lowerLetter"), in_form(7, "decimalZero")
    ('IV', 'bb', '07')
    """
    if form == "none":
        return ""
    if form in ("upperRoman", "lowerRoman") and 0 < value < 4000:
        out = ""
        for worth, sign in _ROMAN:
            out += sign * (value // worth)
            value %= worth
        return out if form == "upperRoman" else out.lower()
    if form in ("lowerLetter", "upperLetter") and value > 0:
        letter = chr(ord("a") + (value - 1) % 26) * min(1 + (value - 1) // 26, 20)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("decimalZero", "decimalEnclosedParen"):
        return f"{value:02d}" if form == "decimalZero" else f"({value})"
    if form == "vietnameseCounting" and 0 <= value <= 10:
        return _COUNTED[value]
    return str(value)
