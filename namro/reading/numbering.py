"""What is wrong with the numbering of items: unnumbered ones, another style, gaps, doubles."""

from __future__ import annotations

from collections.abc import Iterator

from namro.reading.outline import Node
from namro.terms import Fault

_COUNTED = ("arabic", "paren", "roman", "arabic2")
_STYLES = {"arabic": "{}.", "paren": "({}).", "roman": "{}.", "arabic2": "{}."}
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def read(root: Node) -> Iterator[Fault]:
    """Faults of numbering, node by node."""
    for node in root.walk():
        counted = [c for c in node.children if c.kind in _COUNTED and c.block is not None]
        if len(counted) < 2:
            continue
        yield from _unnumbered(node, counted)
        yield from _styles(counted)
        yield from _gaps(counted)


def _value(node: Node) -> int | None:
    if node.kind == "roman":
        total = 0
        for here, after in zip(node.label, [*node.label[1:], "I"], strict=True):
            worth = _ROMAN[here]
            total += -worth if worth < _ROMAN[after] else worth
        return total
    last = node.label.rpartition(".")[2]
    return int(last) if last.isdigit() else None


def _unnumbered(node: Node, counted: list[Node]) -> Iterator[Fault]:
    """Items before the first number where that number counts them: three dashes, then (4)."""
    first = counted[0]
    before = node.children[: node.children.index(first)]
    dashes = [c for c in before if c.kind in ("dash", "text", "dot") and c.block is not None]
    if not dashes or _value(first) != len(dashes) + 1:
        return
    for place, item in enumerate(dashes, start=1):
        assert item.block is not None
        sign = _STYLES[first.kind].format(place)
        yield Fault(
            "ITEM_UNNUMBERED",
            f"Mục thứ {place} không đánh số, trong khi các mục sau đánh số từ {_sign(first)}",
            f"Đánh số “{sign}” cho mục này.",
            item.block.place(),
            item.block.text,
        )


def _sign(node: Node) -> str:
    return _STYLES[node.sign or node.kind].format(node.label)


def _styles(counted: list[Node]) -> Iterator[Fault]:
    for node in counted:
        if node.sign and node.sign != node.kind and node.block is not None:
            usual = _STYLES[node.kind].format(node.label)
            yield Fault(
                "NUMBER_STYLE",
                f"Số thứ tự viết “{_sign(node)}”, khác các mục cùng cấp.",
                f"Viết thống nhất: “{usual}”.",
                node.block.place(0, len(node.block.text[: node.body].rstrip())),
                node.block.text[: node.body].strip(),
            )


def _gaps(counted: list[Node]) -> Iterator[Fault]:
    before: Node | None = None
    for node in counted:
        if before is not None and before.kind == node.kind:
            yield from _gap(before, node)
        before = node


def _gap(before: Node, node: Node) -> Iterator[Fault]:
    last, here = _value(before), _value(node)
    if last is None or here is None or here == last + 1 or node.block is None:
        return
    if here == 1 and last > 1:
        return
    double = here == last
    message = (
        f"Số thứ tự “{_sign(node)}” {'bị lặp' if double else f'không nối tiếp “{_sign(before)}”'}."
    )
    yield Fault(
        "NUMBER_DOUBLE" if double else "NUMBER_GAP",
        message,
        f"Kiểm tra lại: mục này có thể là “{_STYLES[node.kind].format(_label(node, last + 1))}”.",
        node.block.place(0, len(node.block.text[: node.body].rstrip())),
        node.block.text[: node.body].strip(),
    )


def _label(node: Node, value: int) -> str:
    if node.kind == "roman":
        ones = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
        return "X" * (value // 10) + ones[value % 10]
    head = node.label.rpartition(".")[0]
    return f"{head}.{value}" if head else str(value)
