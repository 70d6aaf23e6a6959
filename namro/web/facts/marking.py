"""A published figure and how final it is are told together: the door to the ledger sees to it.

So a mark stands in exactly the periods in which its figure stands, and no figure bears the mark of
another period: both are looked up as the latest that is still valid (measuring/marks.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from namro.measuring.definitions import Element
from namro.measuring.marks import SUFFIX, Mark, mark_of
from namro.web.facts.rules import FaultySaying, Said

__all__ = ["Mark", "with_marks"]

Place = tuple[str, int, str]


def with_marks(said: Iterable[Said], elements: Mapping[str, Element]) -> list[Said]:
    """What is said, each published figure with its mark: UNSAID where a value comes without one.

    A figure that is withdrawn takes its mark along. Raises FaultySaying for a mark without a figure
    and for a mark that is none.
    """
    told = list(said)
    marks = {_place(s): s for s in told if elements[s.element].kind == "mark"}
    figures = [s for s in told if elements[s.element].marked_by]
    if not marks and not figures:
        return told
    for figure in figures:
        place = (f"{figure.element}{SUFFIX}", figure.unit_id, figure.period_code)
        marks[place] = _marking(figure, marks.get(place))
    paired = {(f"{f.element}{SUFFIX}", f.unit_id, f.period_code) for f in figures}
    for place, mark in marks.items():
        if mark.value is None:
            continue
        title = elements[place[0].removesuffix(SUFFIX)].title
        if place not in paired:
            raise FaultySaying(
                f"“{title}”: có mức độ chính thức mà không có con số đi kèm; đề nghị báo cả hai."
            )
        if mark_of(mark.value) is None:
            raise FaultySaying(
                f"“{title}”: không có mức độ mang số {mark.value:f}; chọn ước tính, sơ bộ hoặc "
                "chính thức."
            )
    return [*(s for s in told if elements[s.element].kind != "mark"), *marks.values()]


def _place(said: Said) -> Place:
    return said.element, said.unit_id, said.period_code


def _marking(figure: Said, mark: Said | None) -> Said:
    if figure.value is None:
        value = None
    else:
        value = mark.value if mark and mark.value is not None else Mark.UNSAID.code
    if mark:
        return replace(mark, value=value)
    return Said(f"{figure.element}{SUFFIX}", figure.unit_id, figure.period_code, value)
