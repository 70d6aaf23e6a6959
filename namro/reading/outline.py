"""The outline: I, 1., 4.1., (4)., a), "-" → a tree in which every block stands exactly once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from namro.reading.blocks import Block
from namro.reading.letters import regex
from namro.reading.plan import ReadSection
from namro.reading.signs import SIGNED, is_unnumbered_heading, is_usual_heading, sign_of
from namro.vietnamese import fold


@dataclass
class Node:
    """One item of the outline: a heading, a numbered item, a bullet, a paragraph or a table.

    `body` is where its words begin, after the sign. `blocks` are its own blocks (a table has many).
    """

    kind: str
    label: str
    block: Block | None
    body: int = 0
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    heading: bool = False
    id: str = ""
    sign: str = ""
    key: str | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """Its words without the sign, with the further lines of a heading that has several."""
        own = self.block.text[self.body :] if self.block else ""
        if self.block is None or len(self.blocks) < 2:
            return own
        return " ".join([own.rstrip(), *(block.text for block in self.blocks[1:])]).lstrip()

    @property
    def level(self) -> int:
        depth, node = 0, self.parent
        while node is not None:
            depth, node = depth + (1 if node.heading else 0), node.parent
        return depth + 1

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()

    def upward(self) -> Iterator[Node]:
        """The node and those above it, nearest first, without the root."""
        node: Node | None = self
        while node is not None and node.kind != "root":
            yield node
            node = node.parent

    def section(self) -> Node | None:
        """The nearest heading at or above."""
        return next((n for n in self.upward() if n.heading and n.id), None)


_BULLETS = ("dash", "plus", "dot")
_DEPTH = {"dash": 0, "dot": 0, "plus": 1}
_RANK = {
    "appendix": 0,
    "part": 1,
    "chapter": 2,
    "group": 3,
    "capital": 4,
    "article": 4,
    "roman": 5,
    "title": 5,
}


def build(blocks: Sequence[Block]) -> Node:
    """The tree of all blocks; the root holds what stands before the first sign."""
    root = Node("root", "", None)
    here = root
    foot: Node | None = None
    for block in blocks:
        foot = _foot(root, foot, block)
        if foot is not None:
            foot.blocks.append(block)
            here = root
            continue
        if block.cell is not None:
            here = _into_table(here, block)
            continue
        if _titles(here, block):
            here.blocks.append(block)
            continue
        kind, label, body = sign_of(block)
        if kind == "text" and is_unnumbered_heading(block, begun=_begun(root)):
            kind = "title"
        node = Node(_counted_on(kind, label, here), label, block, body, blocks=[block], sign=kind)
        parent = _parent_for(node, here)
        node.parent = parent
        parent.children.append(node)
        here = node
    _mark_headings(root)
    _name(root)
    return root


_ALONE = ("appendix", "part", "chapter", "group")
_GOES_ON = frozenset({"appendix", "part", "chapter", "group", "roman", "capital", "title"})


def _titles(here: Node, block: Block) -> bool:
    """Whether a block is the title of the sign that stands alone above it ("Phần thứ nhất"), or
    the next line of a heading in capitals."""
    if here.kind not in _GOES_ON or here.block is None or block.cell is not None:
        return False
    text = block.text.strip()
    if len(text) > 300 or text.endswith((";", ",")) or sign_of(block)[0] != "text":
        return False
    above = here.text.strip()
    if not above:
        return text.split("(")[0].isupper() or (here.kind in _ALONE[1:] and not text.endswith("."))
    ended = above.endswith((".", ":")) or len(above) < 25
    return text.isupper() and above.isupper() and not (ended or is_usual_heading(text))


def _begun(root: Node) -> bool:
    """Whether sections have begun: what stands in capitals before is the document's title."""
    return any(child.kind in _RANK and child.kind != "article" for child in root.children)


def _counted_on(kind: str, label: str, here: Node) -> str:
    """The kind by which an item counts: "15." right after "(14)." goes on counting in brackets."""
    if kind not in ("arabic", "paren"):
        return kind
    other = "paren" if kind == "arabic" else "arabic"
    for above in here.upward():
        if above.kind == kind and int(above.label) + 1 == int(label):
            return kind
        if above.kind == other and int(above.label) + 1 == int(label) and int(label) > 2:
            return other
    return kind


_FOOT = regex(r"[-+•*\s]*Nơi nhận\s*:?(?:\s|$)")
_AFTER_FOOT = regex(
    r"(?:KẾ HOẠCH|ĐỀ ÁN|CHƯƠNG TRÌNH|QUY CHẾ|QUY ĐỊNH|DANH MỤC|PHỤ LỤC|QUYẾT ĐỊNH"
    r"|PHƯƠNG ÁN|HƯỚNG DẪN|BIỂU|BẢNG|LỊCH)\b|(?:[IVX]{1,4}|[A-D])\s*[.\-]\s+[A-ZĐÀ-Ỹ]{2}"
)


# "KẾ HOẠCH / Phát triển …": the title in small letters runs on with the kind above it.
_OWN_TITLE = regex(r"\s+(?:HÀNH ĐỘNG\s+)?[A-ZĐÀ-Ỹ][a-zà-ỹ]+\s[a-zà-ỹ]")


def _foot(root: Node, foot: Node | None, block: Block) -> Node | None:
    """The foot (nơi nhận, chữ ký) that a block belongs to: from "Nơi nhận" to what is attached."""
    text = block.text
    if foot is not None:
        begins = _AFTER_FOOT.match(text) if block.cell is None else None
        own = _OWN_TITLE.match(text, begins.end()) if begins else None
        attached = begins and (own or text[:200].split("(")[0].isupper())
        return None if attached or sign_of(block)[0] == "appendix" else foot
    table = bool(root.children and root.children[-1].kind == "foot")
    if _FOOT.match(text) or (SIGNED.match(text) and not table and len(text) < 120):
        foot = Node("foot", "", None, parent=root)
        root.children.append(foot)
    return foot


def _into_table(here: Node, block: Block) -> Node:
    assert block.cell is not None
    if here.kind == "table" and here.label == str(block.cell.table):
        here.blocks.append(block)
        return here
    parent = _open_above(here)
    table = Node("table", str(block.cell.table), None, parent=parent, blocks=[block])
    parent.children.append(table)
    return table


def _open_above(here: Node) -> Node:
    """Where an unsigned paragraph or a table belongs: the nearest item that reads as a heading."""
    node = here
    while node.parent is not None and not _reads_as_heading(node):
        node = node.parent
    return node


def _parent_for(node: Node, here: Node) -> Node:
    if node.kind == "text":
        return _open_above(here)
    if node.kind in _BULLETS:
        return _parent_of_bullet(node, here)
    for above in here.upward():
        if above.kind == node.kind:
            return above.parent or above
    rank = _RANK.get(node.kind)
    if node.kind == "capital" and node.label == "A":
        open_roman = next((n for n in here.upward() if n.kind == "roman"), None)
        if open_roman is not None:  # "III. PHÂN CÔNG" over "A. CÔNG AN TỈNH"
            return open_roman
    above = here
    while above.parent is not None:
        over = above.kind in ("text", "table", *_BULLETS)
        if not over and (rank is None or _RANK.get(above.kind, 9) < rank):
            break
        above = above.parent
    return above


def _parent_of_bullet(node: Node, here: Node) -> Node:
    """Beside the nearest bullet with the same sign, however deep the last item stands; "+" under
    "-"; else under the item or the line that opens the list."""
    bullets: list[Node] = []
    for above in here.upward():
        if above.kind == node.kind:
            return above.parent or above
        if above.kind not in (*_BULLETS, "text", "table"):
            return _beside_bullets(node, bullets, above)
        if above.kind == "text" and _reads_as_heading(above):
            return _beside_bullets(node, bullets, above)
        if above.kind in _BULLETS:
            bullets.append(above)
    last = here
    while last.parent is not None and last.kind in ("text", "table"):
        if _reads_as_heading(last):
            return last
        last = last.parent
    return _beside_bullets(node, bullets, last)


def _beside_bullets(node: Node, bullets: Sequence[Node], over: Node) -> Node:
    """Under the last bullet ("+" under "-"), beside it, or, where there is none, under `over`."""
    if not bullets:
        return over
    nearest = bullets[0]
    return nearest if _DEPTH[node.kind] > _DEPTH[nearest.kind] else nearest.parent or over


_SENTENCE_END = regex(r"[.;,…]\W*$")


def _reads_as_heading(node: Node) -> bool:
    """A heading: opens a list with a colon, stands in bold or capitals, or ends without a stop."""
    if node.kind in ("root", "appendix"):
        return True
    if node.block is None or node.kind == "table":
        return False
    text = node.text.rstrip()
    if not text:
        return node.kind != "text"
    if text.endswith(":"):
        return len(text) < 300 or node.kind not in ("text", *_BULLETS)
    if node.kind in ("text", *_BULLETS):
        return False
    if text.isupper():
        return True
    short = len(text) <= 220 and not regex(r"\.\s+[A-ZĐÀ-Ỹ]").search(text)
    if node.block.bold:
        return len(text) <= 400
    return short and not _SENTENCE_END.search(text)


def _mark_headings(root: Node) -> None:
    for node in root.walk():
        if node.block is None:
            continue
        title = _reads_as_heading(node)
        holds = any(child.kind not in ("plus",) for child in node.children)
        signed = node.kind not in ("text", *_BULLETS)
        node.heading = node.kind == "appendix" or (
            signed and (title and (holds or node.block.bold or node.text.isupper()))
        )


_ROMAN = regex(r"[IVXLC]+")


def _name(root: Node) -> None:
    taken: dict[str, int] = {}
    for node in root.walk():
        if not node.heading:
            continue
        above = next((n for n in (node.parent or root).upward() if n.heading), None)
        own = _own_label(node)
        name = own if above is None or own.startswith(f"{above.id}.") else f"{above.id}.{own}"
        if above is not None and node.kind in ("arabic2", "arabic3"):
            keep = next((n for n in above.upward() if n.kind not in ("arabic", "arabic2")), None)
            name = f"{keep.id}.{own}" if keep is not None and keep.id else own
        taken[name] = taken.get(name, 0) + 1
        node.id = name if taken[name] == 1 else f"{name}#{taken[name]}"


def _own_label(node: Node) -> str:
    if node.kind == "appendix":
        return f"PL{node.label}" if node.label else "PL"
    if node.kind == "article":
        return f"Đ{node.label}"
    if node.kind == "title":
        return "M"
    return node.label


def sections(root: Node) -> tuple[ReadSection, ...]:
    """The headings, in order."""
    return tuple(
        ReadSection(n.id, n.label, n.text.strip(), n.level, n.block.place())
        for n in root.walk()
        if n.heading and n.block is not None
    )


def title_key(node: Node) -> str:
    """The words of a heading, folded, for looking up what kind of section it is."""
    if node.key is None:
        node.key = fold(node.text).strip(" .:;")
    return node.key
