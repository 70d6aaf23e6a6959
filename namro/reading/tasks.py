"""Tasks: items over "Cơ quan chủ trì:" lines (`unit_lines.py`), duties in running text
(`duties.py`), rows of task tables (`task_tables.py`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from namro.reading import (
    charge,
    deadlines,
    duties,
    orders,
    pieces,
    task_columns,
    task_tables,
    unit_lines,
)
from namro.reading.directory import Directory
from namro.reading.letters import regex
from namro.reading.mentions import KnownUnit
from namro.reading.outline import Node
from namro.reading.plan import ReadDocument, ReadTask
from namro.reading.plan_year import plan_year
from namro.reading.unit_lines import Lines

# Kinds of paper that order in every paragraph, without a section "Tổ chức thực hiện".
_LETTERS = ("Công văn", "Chỉ thị", "Công điện", "Thông báo kết luận", "Thông báo", "Kết luận")


MOST_UNDER_A_TIME = 8


def read(root: Node, head: ReadDocument, known: Sequence[KnownUnit]) -> tuple[ReadTask, ...]:
    """All tasks of the outline, in order of the document, their units resolved to known ones."""
    year = plan_year(head)
    letter = head.kind in _LETTERS
    tasks: list[ReadTask] = []
    columns = task_columns.NONE
    for node in root.walk():
        if node.kind == "table":
            tasks += task_tables.read(node, year, columns)
            columns = task_tables.columns_for(node, columns)
        elif node.children and node.kind != "foot":
            tasks += _of_children(node, year, letter)
    tasks = _before_the_end(root, tasks)
    directory = Directory(known, _province(head))
    tasks.sort(key=lambda t: (t.place.block or 0, t.place.start or 0))
    return tuple(
        replace(
            task,
            lead=directory.resolved(task.lead),
            cooperate=directory.resolved(task.cooperate),
        )
        for task in tasks
    )


_ENDS = regex(r"Trên đây là\s")
_ASKS = regex(r"[-–+\s]*(?:Đề nghị|Yêu cầu|Giao)\s")


def _before_the_end(root: Node, tasks: Sequence[ReadTask]) -> list[ReadTask]:
    """The tasks without what stands after "Trên đây là Kế hoạch …": recipients and signatures that
    a scan left without their heading. What asks for something there, or sets a day, stays."""
    blocks = {n.block.index: n for n in root.walk() if n.block is not None}
    after: set[int] = set()
    ended = False
    for index in sorted(blocks):
        ended = blocks[index].kind not in _BEGINS and ended
        if ended and not _ASKS.match(blocks[index].text):
            after.add(index)
        ended = ended or (blocks[index].kind == "text" and bool(_ENDS.match(blocks[index].text)))
    return [t for t in tasks if t.deadline or t.place.block not in after]


_BEGINS = ("appendix", "part", "chapter", "title", "roman")


def _province(head: ReadDocument) -> str | None:
    """The province of the issuer ("Ủy ban nhân dân tỉnh Lai Châu"), for communes of before."""
    said = f"{head.issuer or ''}; {head.title or ''}"
    found = regex(
        r"(?:tỉnh|[Tt]hành phố|TỈNH|THÀNH PHỐ)\s+(?P<name>[A-ZĐÀ-Ỹ]\w*(?:[\s-]+[A-ZĐÀ-Ỹ]\w*)*)"
    ).search(said)
    return found["name"].title() if found else None


def _of_children(node: Node, year: int | None, letter: bool) -> Iterator[ReadTask]:
    """Tasks among the children of one node: items over lines of units first, then duties."""
    children = _side_by_side(node.children)
    at = 0
    while at < len(children):
        first = next((i for i in range(at, len(children)) if unit_lines.is_line(children[i])), None)
        if first is None:
            break
        last = first
        while last < len(children) and _belongs(children[last], children[first:last]):
            last += 1
        lines = unit_lines.read([c for c in children[first:last] if unit_lines.is_line(c)])
        if lines and not _is_item_of_its_own(children[first], children[at:first], lines):
            above = children[at:first]
            if unit_lines.refers_to(children[first]):
                named = _referred(node, children[first])
                yield from _duties([c for c in above if c not in named], year, letter=letter)
                above = named
            if above or not unit_lines.refers_to(children[first]):
                yield from _over_lines(node, above, lines, year)
            at = last
            continue
        yield from _duties(children[at:first], year, letter=letter)
        at = last
    yield from _duties(children[at:], year, letter=letter)


def _side_by_side(children: Sequence[Node]) -> list[Node]:
    """The items, also those that a counted line has taken below it: "- …", "- …", "a) Chủ trì: A;
    b) …", "- …", "a) Chủ trì: B; …"."""
    found: list[Node] = []
    for child in children:
        found.append(child)
        kinds = {other.kind for other in found[:-1]}
        if unit_lines.is_whole(child) and child.children and child.children[0].kind in kinds:
            found += child.children
    return found


def _duties(nodes: Sequence[Node], year: int | None, *, letter: bool) -> Iterator[ReadTask]:
    for node in nodes:
        if not any(unit_lines.is_line(below) for below in node.children):
            yield from duties.read(node, year, letter=letter)


def _is_item_of_its_own(line: Node, above: Sequence[Node], lines: Lines) -> bool:
    """ "4. Thời gian nộp báo cáo: …" counted on after items that say who does them: it says nothing
    of those."""
    counted = line.kind in ("arabic", "arabic2", "arabic3", "paren")
    beside = [node for node in above if node.kind == line.kind]
    timed = not lines.lead and not lines.cooperate
    return timed and counted and any(charge.named_in(node) for node in beside)


def _belongs(node: Node, before: Sequence[Node]) -> bool:
    """A line of units, or the table that hangs on a line of times."""
    return unit_lines.is_line(node) or (bool(before) and node.kind == "table")


def _over_lines(
    node: Node, above: Sequence[Node], lines: Lines, year: int | None
) -> Iterator[ReadTask]:
    """The items that stand over a block of lines; the node's own words where none does."""
    items = [item for child in above for item in _items(child)]
    if not lines.lead and not lines.cooperate:  # a time alone holds for a short list just above
        items = [item for item in items if item[0].kind != "text"]
        items = items if len(items) <= MOST_UNDER_A_TIME else []
    timed = not lines.lead and not lines.cooperate
    if timed and any(child.heading for child in node.children):
        return  # the time of the work that is told further on
    if not items and node.block is not None and not node.text.isupper():
        items = [(other, other.body) for other in _sharing(node)]
    for item, body in items:
        yield _task(item, body, lines, year)
    for rest in lines.rest:
        yield from duties.of_item(rest, year)


def _referred(node: Node, line: Node) -> list[Node]:
    """The items that a line names by number: "Các nhiệm vụ tại điểm 2.2 và 2.3: chủ trì …"."""
    labels = unit_lines.refers_to(line)
    beside = [*(node.parent.children if node.parent else ()), *node.children]
    return [other for other in beside if other.label in labels and other.block is not None]


def _sharing(node: Node) -> list[Node]:
    """The item whose lines say who and when, with those of its list before it that say nothing of
    the kind: "a) …", "b) …", and one block of lines below b)."""
    if node.parent is None or node.kind not in ("letter", "paren", "dash", "plus"):
        return [node]
    beside = [n for n in node.parent.children if n.kind == node.kind]
    before = beside[: beside.index(node)]
    alone = beside[-1] is node and not any(n.children or n.heading for n in before)
    silent = alone and not any(duties.says_who_or_when(n) for n in before)
    return [*before, node] if silent else [node]


def _items(node: Node) -> Iterator[tuple[Node, int]]:
    """The items of work in a node: itself, or the list under its "Nội dung:"."""
    if node.block is None or node.heading:
        return
    content = unit_lines.CONTENT.match(node.block.text)
    body = content.end() if content else node.body
    if content and len(node.block.text) - body < 5:
        for child in node.children:
            yield from _items(child)
    elif len(node.block.text) - body > 15:
        yield node, body


def _task(node: Node, start: int, lines: Lines, year: int | None) -> ReadTask:
    assert node.block is not None
    block = node.block
    raw = block.text[start:]
    quote = raw.strip()
    start += len(raw) - len(raw.lstrip())
    written, iso = lines.deadline, None
    if written:
        iso = deadlines.iso_of(written, year)
    else:
        said = deadlines.in_sentence(quote, year)
        written, iso = said if said else (None, None)
    section = node.section()
    base = block.sureness(start)
    return ReadTask(
        quote,
        block.place(start, start + len(quote)),
        section.id if section else None,
        pieces.short_title(quote),
        lines.lead,
        lines.cooperate,
        written,
        iso,
        None,
        lines.product,
        orders.manner(quote),
        {
            "lead": round((1.0 if lines.lead else 0.4) * base, 2),
            "cooperate": round(0.95 * base, 2),
            "deadline": round(0.95 * base, 2),
        },
    )
