"""The counts as one strip: a stretch for each class, as wide as it has lines."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString

from namro.web.frame.svg import element, short

# Grave ones dark red and amber, gains blue and green, what stays grey; the sign tells as well.
_COLOURS = {
    "DROPPED": "#a31621", "MISSING": "#a31621", "WEAKENED": "#c0501e", "WEAKER": "#c0501e",
    "POSTPONED": "#a97400", "LATER": "#a97400", "UNCLEAR": "#6b5b95", "ADDED": "#1d4f91",
    "EXTRA": "#1d4f91", "STRENGTHENED": "#2e7d4f", "COVERED": "#2e7d4f",
    "BROUGHT_FORWARD": "#3f8f8a", "REASSIGNED": "#4f6d8f", "REWORDED": "#7b8794",
    "UNCHANGED": "#a7b0bb", "ELSEWHERE": "#a7b0bb",
}  # fmt: skip
_HEIGHT = 20.0


def strip(counts: Sequence[tuple[str, str, int]], width: float = 900.0) -> SafeString:
    """The strip as SVG, stretched to the page; `counts` as `table.counted` gives them. What each
    stretch means and its number stand in the table under it."""
    total = sum(count for _, _, count in counts) or 1
    left, drawn = 0.0, []
    for code, label, count in counts:
        wide = width * count / total
        drawn.append(
            element(
                "rect", element("title", f"{label}: {count}"), x=left, y=0.0,
                width=max(wide - 1.5, 1.0), height=_HEIGHT, fill=_COLOURS[code],
            )
        )  # fmt: skip
        left += wide
    said = "; ".join(f"{label}: {count}" for _, label, count in counts)
    title = "Số dòng theo kết luận"
    return element(
        "svg", element("title", title), element("desc", said), *drawn, role="img",
        xmlns="http://www.w3.org/2000/svg", aria_label=title, preserveAspectRatio="none",
        viewBox=f"0 0 {short(width)} {short(_HEIGHT)}",
    )  # fmt: skip
