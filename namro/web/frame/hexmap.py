"""The map of communes as hexagons, one each of the same size (bản đồ ô lục giác), as SVG text.

Real borders of the units after 1 July 2025 are published nowhere; a hexagon per commune shows
neighbours and lets a small commune be read as well as a large one.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from namro.terms import Standing
from namro.web.frame.svg import GREY, INK, drawing, element, own_address, points, short, text

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
    about = "; ".join(f"{t[2]}: {t[3]}" for t in sorted(drawn, key=lambda t: (t[1], t[0])))
    mark = hashlib.sha256(about.encode()).hexdigest()[:8]
    left, top = min(t[0] for t in drawn), min(t[1] for t in drawn)
    width = (max(t[0] for t in drawn) - left + 1.5) * _WIDE + 6
    height = (max(t[1] for t in drawn) - top) * _TALL + 2 * _SIDE + 6
    parts = [_shapes({t[4]: None for t in drawn}, [name for name, _ in rows], mark)]
    parts.append(_tiles(drawn, left, top, mark))
    parts += _legend(rows, height + 8, width, mark)
    lines = -(-len(rows) // _per_line(width))
    return drawing(width, height + 10 + 24 * lines, title, about, *parts, group=True)


def _counted(tiles: Sequence[Tile]) -> list[tuple[str, str]]:
    found, count = [], Counter(t[4] for t in tiles)
    for standing in Standing:
        if number := count[standing]:
            found.append((standing.value, f"{standing.label}: {number}"))
    return found


def _shapes(of_tiles: Iterable[str], of_legend: Iterable[str], mark: str) -> SafeString:
    """What thousands of tiles share, once a drawing: the patterns, a whole tile of each shade.

    Names carry a mark so that two maps fit on a page.
    """
    shapes = []
    for name in dict.fromkeys([*of_tiles, *of_legend]):
        if SHADES[name].hatch:
            stroke = element(
                "path", d=SHADES[name].hatch, stroke=INK, stroke_width=0.6, opacity=0.35
            )
            size = {"width": 8, "height": 8, "patternUnits": "userSpaceOnUse"}
            shapes.append(element("pattern", stroke, id=f"{name}-{mark}", **size))
    for name in of_tiles:
        parts = [*_hexagon(0, 0, _SIDE, name, mark), *_sign(0, -27, name, SHADES[name].ink)]
        shapes.append(element("g", *parts, id=f"tile-{name}-{mark}"))
    return element("defs", *shapes)


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


def _tiles(tiles: Iterable[Tile], left: int, top: int, mark: str) -> SafeString:
    """All tiles. A nation has thousands: each is one piece of text, written without more ado."""
    shades = {
        name: (f' fill="{shade.ink}"', f'<use href="#tile-{name}-{mark}"/>')
        for name, shade in SHADES.items()
    }
    found = []
    for column, row, label, value, name, address in tiles:
        x = (column - left + 0.5 + (0.5 if row % 2 else 0)) * _WIDE + 3
        y = (row - top) * _TALL + _SIDE + 3
        ink, shape = shades[name]
        said, words, last = _named(label)
        of_value = escape(value)
        begin, end = (
            (f'<a href="{escape(own_address(address))}"', "</a>") if address else ("<g", "</g>")
        )
        found.append(
            f'{begin} transform="translate({short(x)} {short(y)})"{ink}><title>{said}: {of_value}'
            f'</title>{shape}{words}<text y="{last}" font-size="13" font-weight="700">{of_value}'
            f"</text>{end}"
        )
    # All that comes from outside is escaped above.
    all_of_them = mark_safe("".join(found))
    return element("g", all_of_them, text_anchor="middle", font_size=11)


@lru_cache(maxsize=8192)
def _named(label: str) -> tuple[str, str, int]:
    """A name, escaped; the same as text on a tile, on one line or two; where the value stands."""
    lines = _broken(label)
    first = -9 if len(lines) > 1 else -3
    words = "".join(f'<text y="{first + 13 * i}">{escape(w)}</text>' for i, w in enumerate(lines))
    return escape(label), words, first + 13 * len(lines) + 4


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
