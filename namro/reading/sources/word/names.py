"""Names of WordprocessingML elements and attributes, as lxml writes them."""

from __future__ import annotations

from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

VAL = f"{W}val"
P, TBL, TR, TC, RUN, TEXT = (f"{W}{name}" for name in ("p", "tbl", "tr", "tc", "r", "t"))
BOX = f"{W}txbxContent"
# Elements that only wrap others: controls, smart tags, tracked insertions, links.
WRAPPERS = frozenset(
    {f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
)


def is_on(flag: Any) -> bool:
    """Whether a switch element is there and not turned off."""
    return flag is not None and flag.get(VAL) not in ("0", "false", "off", "none")


def whole(element: Any, default: int = 0, name: str = VAL) -> int:
    """A whole number of an attribute, 0–9999; `default` where it is missing or none."""
    value = element.get(name) if element is not None else None
    return (
        int(value) if value and value.isascii() and value.isdigit() and len(value) < 5 else default
    )
