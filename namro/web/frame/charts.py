"""Charts as SVG text, made on the server: pure functions of values, safe to put in a template.

    sparkline([41, 42.5, None, 47], threshold=45)          a line the height of a row of text
    trend([("tháng 6", 41), …], threshold=80, deadline_label="hạn 31/12")
    bars([("Xã Bình Lư", 47.7, "17/36", "/don-vi/03390/")], threshold=80, unit="%")
    progress(214, 300)
    hexmap(…)                                               in `frame/hexmap.py`, offered here too

Values are Decimal, int, float or None (nothing known: a gap, never a zero). A reader without
colours or eyes gets the same from the title, the description, dashes and shapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import ceil, floor, log10

from django.utils.safestring import SafeString

from namro import vietnamese
from namro.web.frame.hexmap import hexmap
from namro.web.frame.svg import (
    BLUE,
    GREY,
    INK,
    LINE,
    RED,
    drawing,
    element,
    line,
    link,
    points,
    text,
)

__all__ = ["bars", "hexmap", "progress", "sparkline", "trend"]

Value = Decimal | int | float | None
_DASH = "4 3"


def _said(value: Value, unit: str = "") -> str:
    """A value in words: 71.94, "%" → "71,9%"; 0.613 → "0,61"; nothing → "chưa có số liệu"."""
    if value is None:
        return "chưa có số liệu"
    exact = Decimal(str(value))
    step = Decimal("0.1") if abs(exact) >= 10 else Decimal("0.01")
    number = vietnamese.format_number(exact.quantize(step, rounding=ROUND_HALF_UP))
    return number + (unit if unit in ("", "%") else f" {unit}")


def _runs(placed: Iterable[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Split a row of places at its gaps: a line never bridges what nobody said."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place in placed:
        if place is None:
            runs.append([])
        else:
            runs[-1].append(place)
    return [run for run in runs if run]


def _polylines(placed: Sequence[tuple[float, float] | None], width: float) -> list[SafeString]:
    """The line in its runs; a value alone between two gaps is a small dot."""
    look = {"fill": "none", "stroke": BLUE, "stroke_width": float(width)}
    return [
        element("polyline", points=points(run), **look)
        if len(run) > 1
        else element("circle", cx=run[0][0], cy=run[0][1], r=float(width), fill=BLUE)
        for run in _runs(placed)
    ]


def sparkline(
    values: Sequence[Value], threshold: Value = None, *, width: int = 110, height: int = 26
) -> SafeString:
    """A small line with the threshold dashed and the last known value as a dot."""
    known = [float(v) for v in values if v is not None]
    last = next((v for v in reversed(values) if v is not None), None)
    about = f"{len(known)} kỳ có số liệu; mới nhất {_said(last)}"
    if threshold is not None:
        about += f"; ngưỡng {_said(threshold)}"
    if not known:
        dash = text(2, height / 2 + 4, "–", fill=GREY)
        return drawing(width, height, "Diễn biến: chưa có số liệu", about, dash)
    reach = [*known, float(threshold)] if threshold is not None else known
    low, high = min(reach), max(reach)
    step = (width - 8) / max(len(values) - 1, 1)

    def up(value: float) -> float:
        return (
            height / 2 if high == low else height - 4 - (value - low) / (high - low) * (height - 8)
        )

    placed = [None if v is None else (4 + i * step, up(float(v))) for i, v in enumerate(values)]
    parts: list[SafeString] = []
    if threshold is not None:
        y = up(float(threshold))
        parts.append(line(0, y, width, y, stroke=RED, stroke_dasharray="3 2"))
    parts += _polylines(placed, 1.6)
    x, y = [p for p in placed if p][-1]
    parts.append(element("circle", cx=x, cy=y, r=2.6, fill=BLUE))
    return drawing(width, height, f"Diễn biến, mới nhất {_said(last)}", about, *parts)


def _ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers that span low…high, at most `most` + 1 of them."""
    span = high - low or abs(high) or 1
    rough = span / most
    scale = 10 ** floor(log10(rough))
    step = next(m * scale for m in (1, 2, 2.5, 5, 10) if m * scale >= rough * 0.999)
    first, last = floor(low / step), ceil(high / step)
    return [round(i * step, 10) for i in range(first, max(last, first + 1) + 1)]


class _Plane:
    """Where a value of the trend stands on the drawing."""

    left, right, top, bottom = 46, 18, 30, 26

    def __init__(self, width: int, height: int, slots: int, ticks: Sequence[float]) -> None:
        self.width, self.height, self.ticks = width, height, ticks
        self.step = (width - self.left - self.right - 16) / max(slots - 1, 1)

    def x(self, slot: int) -> float:
        return self.left + 8 + slot * self.step

    def y(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        room = self.height - self.top - self.bottom
        return self.top + room - (value - low) / (high - low) * room

    def grid(self, unit: str) -> list[SafeString]:
        found = []
        for tick in self.ticks:
            y, words = self.y(tick), _said(tick, unit)
            found.append(line(self.left, y, self.width - self.right, y))
            found.append(
                text(self.left - 6, y + 4, words, text_anchor="end", font_size=11, fill=GREY)
            )
        return found


def trend(
    points: Sequence[tuple[str, Value]],
    threshold: Value = None,
    deadline_label: str = "",
    *,
    ahead: tuple[Value, Value, Value] | None = None,
    unit: str = "",
    title: str = "Diễn biến",
    width: int = 640,
    height: int = 230,
) -> SafeString:
    """A line over periods with threshold and deadline; later periods may be given with None.

    The deadline stands at the last point while that has no value, else one step after it. `ahead`:
    the lowest, the middle and the highest value expected there.
    """
    values = [v for _, v in points]
    known = [float(v) for v in values if v is not None]
    about = "; ".join(f"{label}: {_said(value, unit)}" for label, value in points)
    if not known:
        empty = text(width / 2, 40, "Chưa có số liệu để vẽ", text_anchor="middle", fill=GREY)
        return drawing(width, 60, title, about or "Chưa có số liệu", empty)
    reach = [*known, *(float(v) for v in (threshold, *(ahead or ())) if v is not None)]
    beyond = 1 if deadline_label and values[-1] is not None else 0
    plane = _Plane(width, height, len(points) + beyond, _ticks(min(reach), max(reach)))
    parts = plane.grid(unit)
    parts += _limits(plane, threshold, deadline_label, len(points) + beyond - 1, unit)
    if ahead:
        parts += _ahead(plane, values, len(points) + beyond - 1, ahead, unit)
        low, middle, high = (_said(value, unit) for value in ahead)
        about += f"; dự báo đến hạn khoảng {middle}, từ {low} đến {high}"
    parts += _course(plane, points, unit)
    if threshold is not None:
        about += f"; ngưỡng {_said(threshold, unit)}"
    return drawing(
        width, height, title, about + (f"; {deadline_label}" if deadline_label else ""), *parts
    )


def _limits(
    plane: _Plane, threshold: Value, deadline_label: str, slot: int, unit: str
) -> list[SafeString]:
    """The dashed threshold, named above its left end, and the deadline, named on top."""
    parts = []
    if threshold is not None:
        y = plane.y(float(threshold))
        parts.append(
            line(plane.left, y, plane.width - plane.right, y, stroke=RED, stroke_dasharray=_DASH)
        )
        words = f"ngưỡng {_said(threshold, unit)}"
        parts.append(_haloed(plane.left + 4, y - 5, words, fill=RED, font_size=11))
    if deadline_label:
        x = plane.x(slot)
        parts.append(line(x, plane.top - 6, x, plane.height - plane.bottom, stroke=GREY))
        end = "end" if x > plane.width / 2 else "start"
        parts.append(text(x, plane.top - 12, deadline_label, text_anchor=end, fill=GREY))
    return parts


def _ahead(
    plane: _Plane, values: Sequence[Value], slot: int, ends: Sequence[Value], unit: str
) -> list[SafeString]:
    """The wedge of what is expected, from the last value to the deadline, its middle dashed."""
    at, last = [(i, v) for i, v in enumerate(values) if v is not None][-1]
    begin, x = (plane.x(at), plane.y(float(last))), plane.x(slot)
    low, middle, high = ((x, plane.y(float(v))) for v in ends if v is not None)
    said = " – ".join(_said(v, unit) for v in (ends[0], ends[2]))
    told = element("title", f"dự báo đến hạn: {said}, khoảng {_said(ends[1], unit)}")
    look = {"fill": BLUE, "fill_opacity": 0.16, "stroke": "none"}
    return [
        element("polygon", told, points=points([begin, low, high]), **look),
        line(*begin, *middle, stroke=BLUE, stroke_width=1.4, stroke_dasharray=_DASH),
    ]


def _haloed(x: float, y: float, words: str, **attributes: object) -> SafeString:
    """Text with a white rim, so that a line below does not cross it out."""
    return text(x, y, words, paint_order="stroke", stroke="#ffffff", stroke_width=3, **attributes)


def _course(plane: _Plane, rows: Sequence[tuple[str, Value]], unit: str) -> list[SafeString]:
    """The line itself, a dot for each value, the last one in figures, the periods below."""
    placed = [
        None if v is None else (plane.x(i), plane.y(float(v))) for i, (_, v) in enumerate(rows)
    ]
    parts = [*_polylines(placed, 2), *_periods(plane, [label for label, _ in rows])]
    last = (0.0, 0.0, "")
    for (label, value), place in zip(rows, placed, strict=True):
        if place:
            said = element("title", f"{label}: {_said(value, unit)}")
            parts.append(element("circle", said, cx=place[0], cy=place[1], r=3.4, fill=BLUE))
            last = (*place, _said(value, unit))
    x, y, words = last
    low = y > plane.height - plane.bottom - 20
    bold = {"text_anchor": "middle", "fill": BLUE, "font_weight": 700}
    return [*parts, _haloed(x, y - 9 if low else y + 18, words, **bold)]


def _periods(plane: _Plane, labels: Sequence[str]) -> list[SafeString]:
    """The names of the periods below, as many as fit, the last one always."""
    widest = max(len(label) for label in labels) * 6.4
    every = max(ceil(len(labels) * (widest + 8) / (plane.width - 60)), 1)
    parts = []
    for i, label in enumerate(labels):
        if (len(labels) - 1 - i) % every == 0:
            x = min(plane.x(i), plane.width - len(label) * 3.2)
            look = {"text_anchor": "middle", "font_size": 11, "fill": GREY}
            parts.append(text(x, plane.height - 8, label, **look))
    return parts


def bars(
    rows: Iterable[Sequence],
    threshold: Value = None,
    *,
    unit: str = "",
    title: str = "So sánh các đơn vị",
    width: int = 560,
) -> SafeString:
    """One bar a row: (label, value, note[, link]); the threshold a red stroke through all."""
    given = [(*row, "")[:4] for row in rows]
    known = [float(v) for _, v, _, _ in given if v is not None]
    most = max([*known, float(threshold or 0)], default=0) or 1
    about = "; ".join(f"{label}: {_said(v, unit)} {note}".strip() for label, v, note, _ in given)
    labels = min(max((len(str(row[0])) for row in given), default=0) * 7.2 + 12, width * 0.45)
    notes = max((len(str(row[2] or "")) for row in given), default=0) * 6.6 + 8
    room = max(width - labels - 64 - notes, 80)
    parts: list[SafeString] = []
    for i, row in enumerate(given):
        parts += _bar(row, i * 26, labels, room, most, unit)
    if threshold is not None and given:
        x = labels + float(threshold) / most * room
        said = element("title", f"Ngưỡng {_said(threshold, unit)}")
        mark = {"stroke": RED, "stroke_width": 2}
        ends = {"x1": float(x), "x2": float(x), "y1": 2, "y2": len(given) * 26 - 2}
        parts.append(element("line", said, **ends, **mark))
        about += f"; ngưỡng {_said(threshold, unit)}"
    height = max(len(given) * 26, 26)
    linked = any(row[3] for row in given)
    return drawing(width, height, title, about or "Chưa có dòng nào", *parts, group=linked)


def _bar(
    row: Sequence, top: float, labels: float, room: float, most: float, unit: str
) -> list[SafeString]:
    label, value, note, address = row
    name = text(0, top + 17, str(label), fill=BLUE if address else INK, font_size=13)
    parts = [link(str(address or ""), name)]
    track = {"y": top + 6.0, "height": 14, "x": float(labels)}
    parts.append(element("rect", width=float(room), fill="#eef0f3", **track))
    if value is None:
        parts.append(text(labels + 6, top + 17, "chưa có số liệu", fill=GREY, font_size=11))
    else:
        long = max(float(value), 0.0) / most * room
        parts.append(element("rect", width=long, fill="#72839c", **track))
        figure = {"text_anchor": "end", "font_weight": 700, "font_size": 13}
        parts.append(text(labels + room + 56, top + 17, _said(value, unit), **figure))
    if note:
        parts.append(text(labels + room + 64, top + 17, str(note), fill=GREY))
    return parts


def progress(done: int, all: int, *, title: str = "Tiến độ", width: int = 180) -> SafeString:
    """How many of how many: a filled bar and "214/300"."""
    share = min(max(done / all, 0.0), 1.0) if all else 0.0
    words = f"{vietnamese.format_number(done)}/{vietnamese.format_number(all)}"
    room = width - len(words) * 7.5 - 10
    parts = [
        element("rect", x=0.5, y=5.5, width=room, height=9, rx=2, fill="#ffffff", stroke=LINE),
        element("rect", x=0.5, y=5.5, width=room * share, height=9, rx=2, fill=BLUE),
        text(width, 15, words, text_anchor="end"),
    ]
    return drawing(width, 20, f"{title}: {words}", f"{title}: {words}", *parts)
