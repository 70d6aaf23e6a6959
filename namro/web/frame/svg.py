"""Pieces of SVG text: elements with escaped attributes, numbers short, addresses of this site only.

Presentation attributes only: the content security policy forbids `style=`.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

INK, GREY, LINE, BLUE, RED = "#1b2430", "#5b6675", "#d5dae1", "#1d4f91", "#a31621"


def short(value: float) -> str:
    """A coordinate with at most one decimal: 12.0 → "12"."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def element(name: str, *children: str, **attributes: object) -> SafeString:
    """`<name a="1">…</name>`: every attribute and plain child escaped; `_` in names becomes `-`.

    A trailing `_` lets Python's own words be used (`class_`). None leaves an attribute out.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(conditional_escape(child) for child in children)
    # All of it is escaped above; only SafeStrings, made by this function itself, pass unchanged.
    return mark_safe(f"<{name}{given}>{inner}</{name}>" if inner else f"<{name}{given}/>")


def _plain(value: object) -> str:
    return short(value) if isinstance(value, float) else str(value)


def text(x: float, y: float, words: str, **attributes: object) -> SafeString:
    """A line of text; 12 px ink unless told otherwise."""
    return element(
        "text", words, x=float(x), y=float(y), **{"font_size": 12, "fill": INK, **attributes}
    )


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> SafeString:
    ends = {"x1": float(x1), "y1": float(y1), "x2": float(x2), "y2": float(y2)}
    return element("line", **ends, **{"stroke": LINE, **attributes})


def points(pairs: Iterable[tuple[float, float]]) -> str:
    """What `points=` of a polygon or polyline takes."""
    return " ".join(f"{short(x)},{short(y)}" for x, y in pairs)


def link(address: str, *children: str) -> SafeString:
    """A link inside a drawing; without an address only the group. Only addresses of this site.

    Raises ValueError for an address with a scheme or a host (`javascript:`, `//elsewhere`).
    """
    if not address:
        return element("g", *children)
    return element("a", *children, href=own_address(address))


def own_address(address: str) -> str:
    """The address itself; raises ValueError where it leaves this site."""
    if address[0] not in "/?#" or address.startswith(("//", "/\\")):
        raise ValueError(f"not an address of this site: {address!r}")
    return address


def drawing(
    width: float, height: float, title: str, about: str, *children: str, group: bool = False
) -> SafeString:
    """The whole `<svg>` with title and description; `group` where links inside are to be read."""
    return element(
        "svg",
        element("title", title),
        element("desc", about),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        class_="chart",
        role="group" if group else "img",
        aria_label=title,
        width=float(width),
        height=float(height),
        viewBox=f"0 0 {short(width)} {short(height)}",
        font_family="inherit",
    )
