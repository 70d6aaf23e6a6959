"""The map of communes as hexagons, one each of the same size (bản đồ ô lục giác), as SVG text.

Real borders of the units after 1 July 2025 are published nowhere; a hexagon per commune shows
neighbours and lets a small commune be read as well as a large one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from namro.terms import Standing
from namro.web.frame.svg import GREY, INK, drawing, element, link, points, short, text

_WIDE, _TALL = 78.0, 68.0  # distance of neighbours in a row; of rows
_SIDE = 43.0
_NAME = 10  # letters that fit on one line


@dataclass(frozen=True)
class Shade:
    """How a tile looks: colour, ink, hatch (for black and white), sign."""

    fill: str
    ink: str
    hatch: str = ""  # a path drawn over the colour, repeated every 8 px
    sign: str = ""  # a path around (0, 0), 10 px high
    dashed: bool = False


_SLANT, _CROSS = "M-2 10 10 -2", "M-2 10 10 -2M-2 -2 10 10"
# The signs of Standing as drawings (● ◐ ▲ ■ ○): fonts draw these letters in unlike sizes.
_RING = "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0"
_HALF = "M0 -4.5a4.5 4.5 0 0 0 0 9z"
_TRIANGLE, _SQUARE = "M0 -5 5.2 4.5H-5.2z", "M-4.2 -4.2H4.2V4.2H-4.2z"
SHADES: dict[str, Shade] = {
    Standing.REACHED: Shade("#17693a", "#ffffff", sign=_RING),
    Standing.ON_COURSE: Shade("#a9d3bd", INK, sign=_HALF),
    Standing.BEHIND: Shade("#f0d48d", INK, _SLANT, _TRIANGLE),
    Standing.NOT_REACHED: Shade("#f0b3ae", INK, _CROSS, _SQUARE),
    Standing.NO_DATA: Shade("#ffffff", INK, sign=_RING, dashed=True),
    # Five steps of one colour, light to dark, for values that are not judged.
    "1": Shade("#eaf1f9", INK),
    "2": Shade("#c6d8ed", INK),
    "3": Shade("#96b6dc", INK),
    "4": Shade("#35649f", "#ffffff"),
    "5": Shade("#163f77", "#ffffff"),
}
Tile = tuple[int, int, str, str, str, str]


def hexmap(
    tiles: Iterable[Tile],
    *,
    legend: Sequence[tuple[str, str]] | None = None,
    title: str = "Bản đồ các xã, phường",
) -> SafeString:
    """Tiles are (column, row, label, value_text, shade, link); odd rows stand half a tile right.

    `shade` is a code of Standing or "1"…"5" (light to dark). `legend` lists (shade, words); left
    out, the standings that occur are listed with their number of units. Raises KeyError for an
    unknown shade, ValueError for a link that leaves the site.
    """
    drawn = list(tiles)
    if not drawn:
        words = text(4, 20, "Chưa có xã, phường nào để vẽ", fill=GREY)
        return drawing(300, 30, title, "Chưa có xã, phường nào", words)
    rows = list(legend) if legend is not None else _counted(drawn)
    mark = hashlib.sha256(repr((drawn, rows)).encode()).hexdigest()[:8]
    left, top = min(t[0] for t in drawn), min(t[1] for t in drawn)
    width = (max(t[0] for t in drawn) - left + 1.5) * _WIDE + 6
    height = (max(t[1] for t in drawn) - top) * _TALL + 2 * _SIDE + 6
    parts = [_hatches(mark)]
    parts += [_tile(t, left, top, mark) for t in drawn]
    parts += _legend(rows, height + 8, width, mark)
    about = "; ".join(f"{t[2]}: {t[3]}" for t in sorted(drawn, key=lambda t: (t[1], t[0])))
    lines = -(-len(rows) // _per_line(width))
    return drawing(width, height + 10 + 24 * lines, title, about, *parts, group=True)


def _counted(tiles: Sequence[Tile]) -> list[tuple[str, str]]:
    found = []
    for standing in Standing:
        number = sum(t[4] == standing for t in tiles)
        if number:
            found.append((standing.value, f"{standing.label}: {number}"))
    return found


def _hatches(mark: str) -> SafeString:
    """The patterns, once a drawing; their names carry a mark so that two maps fit on a page."""
    patterns = []
    for name, shade in SHADES.items():
        if shade.hatch:
            stroke = element("path", d=shade.hatch, stroke=INK, stroke_width=0.6, opacity=0.35)
            size = {"width": 8, "height": 8, "patternUnits": "userSpaceOnUse"}
            patterns.append(element("pattern", stroke, id=f"{name}-{mark}", **size))
    return element("defs", *patterns)


def _hexagon(x: float, y: float, side: float, name: str, mark: str) -> list[SafeString]:
    shade = SHADES[name]
    half, far = side * 0.866, side / 2
    around = [(x, y - side), (x + half, y - far), (x + half, y + far)]
    around += [(x, y + side), (x - half, y + far), (x - half, y - far)]
    rim = {"stroke": GREY if shade.dashed else "#ffffff", "stroke_width": 1}
    if shade.dashed:
        rim["stroke_dasharray"] = "4 3"
    parts = [element("polygon", points=points(around), fill=shade.fill, **rim)]
    if shade.hatch:
        parts.append(element("polygon", points=points(around), fill=f"url(#{name}-{mark})"))
    return parts


def _sign(x: float, y: float, name: str, ink: str) -> list[SafeString]:
    """The shape that says the standing without colour; none for steps of a value."""
    path = SHADES[name].sign
    if not path:
        return []
    move = f"translate({short(x)} {short(y)})"
    half = name == Standing.ON_COURSE  # a ring whose left half alone is filled
    fill = "none" if half or name == Standing.NO_DATA else ink
    parts = [element("path", d=_RING if half else path, fill=fill, stroke=ink, transform=move)]
    if half:
        parts.append(element("path", d=path, fill=ink, transform=move))
    return parts


def _tile(tile: Tile, left: int, top: int, mark: str) -> SafeString:
    column, row, label, value, name, address = tile
    shade = SHADES[name]
    x = (column - left + 0.5 + (0.5 if row % 2 else 0)) * _WIDE + 3
    y = (row - top) * _TALL + _SIDE + 3
    parts = [element("title", f"{label}: {value}"), *_hexagon(x, y, _SIDE, name, mark)]
    lines = _broken(label)
    middle = {"text_anchor": "middle", "fill": shade.ink}
    parts += _sign(x, y - 27, name, shade.ink)
    at = y - (9 if len(lines) > 1 else 3)
    for words in lines:
        parts.append(text(x, at, words, font_size=11, **middle))
        at += 13
    parts.append(text(x, at + 4, value, font_size=13, font_weight=700, **middle))
    return link(address, *parts)


def _broken(label: str) -> list[str]:
    """A long name on two lines, cut at the first blank after which the rest fits on one."""
    if len(label) <= _NAME or " " not in label:
        return [label]
    blanks = [i for i, c in enumerate(label) if c == " "]
    cut = next((i for i in blanks if len(label) - i - 1 <= _NAME), blanks[-1])
    return [label[:cut], label[cut + 1 :]]


def _per_line(width: float) -> int:
    return max(int(width // 160), 1)


def _legend(
    rows: Sequence[tuple[str, str]], top: float, width: float, mark: str
) -> list[SafeString]:
    parts: list[SafeString] = []
    for i, (name, words) in enumerate(rows):
        x = 14 + (i % _per_line(width)) * 160
        y = top + (i // _per_line(width)) * 24 + 10
        parts += _hexagon(x, y, 9, name, mark)
        signs = _sign(x + 20, y, name, INK)
        parts += [*signs, text(x + (30 if signs else 14), y + 4, words)]
    return parts
