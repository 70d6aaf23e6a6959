"""What a person does to an item under review. Pure: items in, items out; nothing is saved here.

A change is one of
    {"do": "accept" | "reopen" | "drop" | "restore", "item": id}
    {"do": "edit", "item": id, "fields": {…}}     values as typed by a person, or plain
    {"do": "split", "item": id, "at": n}           cut its words before character n
    {"do": "merge", "item": id}                    with the next of its kind in the document
    {"do": "move", "item": id}                     a task becomes a target, a target a task
    {"do": "add", "kind": "target" | "task", "block": n, "start": i, "end": j}
    {"do": "head", "fields": {"kind", "number", "date", "issuer", "title"}}
    {"do": "settle" | "unsettle", "item": id, "note": text}
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from namro.terms import Comparator
from namro.web.plans import entry
from namro.web.plans.cutting import Cut, cut_item, joined_items
from namro.web.plans.draft import HEAD, LISTS, Item, proposed_units
from namro.web.plans.together import alike

HEAD_FIELDS = ("kind", "number", "date", "issuer", "title")


class BadChange(ValueError):
    """A change that cannot be made; the message is Vietnamese, `field` says where (or "")."""

    def __init__(self, message: str, field: str = "") -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Around:
    """What a change may ask of the rest of the draft; asked only where it is needed."""

    text: Callable[[int], str]  # the words of a block
    known: Callable[[Collection[str]], set[str]]  # of these unit codes, those there are
    codes: Callable[[str], Mapping[str, str]]  # "ct" or "nv" → code in use → item
    fresh: Callable[[str], str]  # "ct" or "nv" → an id not used yet
    after: Callable[[Item], Item | None]  # the next item of its kind
    same: Callable[[str, Mapping[str, Any]], str]  # an item already over these very words
    file: str = ""


@dataclass(frozen=True)
class Changed:
    """The items as they are now (only those touched), what was done, where to go on."""

    items: list[Item]
    summary: str
    focus: str


def change(item: Item | None, what: Mapping[str, Any], around: Around) -> Changed:
    """Make one change to `item` (None for "add"). Raises BadChange."""
    does = _CHANGES.get(str(what.get("do")))
    if does is None:
        raise BadChange("Thao tác không có trong màn hình rà soát.")
    if item is None:
        if does is not _add:
            raise BadChange("Không có mục này trong bản đọc.")
        return _add(what, around)
    fits = _FIT.get(str(what["do"]), ("ct", "nv"))
    if item["id"].split("-")[0] not in fits:
        raise BadChange("Thao tác này không dùng cho mục đang chọn.")
    return does(deepcopy(item), what, around)


def called(item: Mapping[str, Any]) -> str:
    """An item as it is named in a sentence: "chỉ tiêu 4"."""
    if item["id"] == HEAD:
        return "phần đầu văn bản"
    kind = {"ct": "chỉ tiêu", "nv": "nhiệm vụ", "ss": "sai sót"}[item["id"].split("-")[0]]
    return f"{kind} {item.get('code') if kind != 'sai sót' else item['id'][3:]}".rstrip()


def taken(item: Item) -> Item:
    """A person has seen the item as it is shown, the proposed units with it."""
    item = deepcopy(item)
    for part in ("lead", "cooperate"):
        item[f"{part}_units"] = item.get(f"{part}_units", []) + proposed_units(item, part)
    item.update(checked=True, kept=True)
    return item


def _accept(item, what, around):
    return Changed([taken(item)], f"Xác nhận {called(item)}", item["id"])


def _flag(summary: str, **flags: bool):
    def make(item, what, around):
        item.update(flags)
        return Changed([item], f"{summary} {called(item)}", item["id"])

    return make


def read_fields(item: Item, fields: Mapping[str, Any], around: Around) -> dict[str, Any]:
    """Typed fields of an item as values; one that says the same stays as it is. Raises BadChange,
    naming the field."""
    where = LISTS[item["id"].split("-")[0]]
    found = {name: _value(where, name, typed, around) for name, typed in fields.items()}
    return {n: item.get(n) if alike(v, item.get(n)) else v for n, v in found.items()}


def _edit(item, what, around):
    was = deepcopy(item)
    item.update(read_fields(item, what.get("fields") or {}, around))
    if item["id"].startswith("ct"):
        holder = around.codes("ct").get(item["code"], item["id"])
        if holder != item["id"]:
            raise BadChange(f"Số ({item['code']}) đã dùng cho chỉ tiêu khác.", "code")
    fields = what.get("fields") or {}
    same = all(item.get(n) == was.get(n) for n in fields)
    item.update(checked=True, kept=True)
    if not same:
        item["edited"] = True
    for part in ("lead", "cooperate"):  # the units given are the whole answer
        if f"{part}_units" in fields:
            for one in item.get(f"{part}_named", ()):
                one["proposed"] = []
    return Changed([item], f"{'Xác nhận' if same else 'Sửa'} {called(item)}", item["id"])


def _value(where: str, name: str, typed: Any, around: Around) -> Any:
    if name in ("lead_units", "cooperate_units"):
        codes = list(dict.fromkeys(typed))
        unknown = sorted(set(codes) - around.known(codes)) if codes else []
        if unknown:
            raise BadChange(f"Không có đơn vị mang mã {unknown[0]}.", name)
        return codes
    reads = entry.FIELDS[where].get(name)
    if reads is None:
        raise BadChange(f"Không có ô “{name}” trong mục này.")
    try:
        return reads(typed)
    except ValueError as why:
        raise BadChange(str(why), name) from why


def _split(item, what, around):
    """A sentence that asks two things: its words are cut in two, the rest stands in both."""
    quote = item["quote"]
    try:
        at = max(0, int(what.get("at") or 0))
    except (TypeError, ValueError):
        at = 0
    if not quote[:at].strip(" ;,.") or not quote[at:].strip(" ;,."):
        raise BadChange("Hãy đặt con trỏ vào giữa câu, tại chỗ cần tách.", "at")
    first, second = cut_item(item, Cut(at, around.text((item.get("place") or {}).get("block", -1))))
    kind = item["id"].split("-")[0]
    used = around.codes(kind)
    code = next(c for n in range(2, 2000) if (c := f"{item['code'][:7]}-{n}") not in used)
    second.update(id=around.fresh(kind), code=code, added=True)
    for one in (first, second):
        one.update(checked=False, kept=True, live=True)
    return Changed([first, second], f"Tách {called(item)}", item["id"])


def _merge(item, what, around):
    other = around.after(item)
    if other is None:
        raise BadChange("Không còn mục cùng loại nào ở sau để gộp.")
    one = joined_items(item, other, around.text)
    one.update(checked=False, kept=True)
    gone = {**deepcopy(other), "live": False, "gone_to": item["id"]}
    return Changed([one, gone], f"Gộp {called(other)} vào {called(item)}", item["id"])


def _move(item, what, around):
    to = "nv" if item["id"].startswith("ct") else "ct"
    base = _new_task(item["quote"], around) if to == "nv" else _new_target(item["quote"], around)
    shared = ("quote", "place", "section", "table", "lead_named", "lead_units")
    shared += ("cooperate_named", "cooperate_units")
    made = base | {k: deepcopy(item[k]) for k in shared if k in item}
    if to == "nv":
        made.update(title=item["subject"], deadline_iso=item.get("deadline"))
    else:
        made.update(subject=item["title"], deadline=item.get("deadline_iso"))
        made.update(comparator=Comparator.MILESTONE.value)
    gone = {**item, "live": False, "gone_to": made["id"]}
    said = f"Chuyển {called(item)} thành {'nhiệm vụ' if to == 'nv' else 'chỉ tiêu'}"
    return Changed([made, gone], said, made["id"])


def _add(what, around):
    quote, place = _marked(what, around.text)
    makes = {"target": _new_target, "task": _new_task}.get(str(what.get("kind")))
    if makes is None:
        raise BadChange("Hãy chọn thêm chỉ tiêu hoặc nhiệm vụ.", "kind")
    item = makes(quote, around)
    place["file"] = around.file
    if around.same(item["id"].split("-")[0], place):
        raise BadChange("Đoạn này đã được thêm thành một mục.")
    item.update(place=place, lead_named=[], lead_units=[], cooperate_named=[], cooperate_units=[])
    return Changed([item], f"Thêm {called(item)}", item["id"])


def _marked(what: Mapping[str, Any], text_of: Callable[[int], str]) -> tuple[str, dict[str, Any]]:
    try:
        block, start, end = (int(what[k]) for k in ("block", "start", "end"))
    except (KeyError, TypeError, ValueError) as why:
        raise BadChange("Hãy bôi đen câu cần thêm trong văn bản.") from why
    text = text_of(block)
    quote = text[max(start, 0) : max(end, 0)].strip()
    if not quote:
        raise BadChange("Đoạn bôi đen không có chữ nào.")
    start = text.index(quote, max(start, 0))
    place = {"page": what.get("page"), "block": block, "start": start, "end": start + len(quote)}
    return quote, place


def _new(kind: str, quote: str, around: Around) -> Item:
    ident = around.fresh(kind)
    return {
        "id": ident, "quote": quote, "section": None, "confidence": {}, "added": True,
        "kept": True, "checked": False, "live": True,
    }  # fmt: skip


def _new_target(quote: str, around: Around) -> Item:
    used = around.codes("ct")
    code = next(str(n) for n in range(len(used) + 1, 3000) if str(n) not in used)
    blank = dict.fromkeys(("value", "value_high", "unit", "scope", "deadline"))
    return blank | _new("ct", quote, around) | {
        "code": code, "subject": quote, "comparator": Comparator.AT_LEAST.value, "soft": False,
    }  # fmt: skip


def _new_task(quote: str, around: Around) -> Item:
    used = around.codes("nv")
    code = next(f"Thêm {n}" for n in range(1, 3000) if f"Thêm {n}" not in used)
    blank = dict.fromkeys(("deadline", "deadline_iso", "product"))
    more = {"code": code, "title": quote, "lead": [], "cooperate": []}
    return blank | _new("nv", quote, around) | more


def _head(item, what, around):
    for name, typed in (what.get("fields") or {}).items():
        if name not in HEAD_FIELDS:
            raise BadChange(f"Không có ô “{name}” ở phần đầu văn bản.")
        try:
            item[name] = entry.HEAD[name](typed)
        except ValueError as why:
            raise BadChange(str(why), name) from why
    return Changed([item], "Sửa phần đầu văn bản", HEAD)


def _settle(item, what, around):
    settled = what["do"] == "settle"
    item.update(settled=settled, note=str(what.get("note") or "").strip()[:500])
    said = "Đã xem xét" if settled else "Mở lại"
    return Changed([item], f"{said} {called(item)}", item["id"])


_CHANGES: dict[str, Callable[..., Changed]] = {
    "accept": _accept,
    "reopen": _flag("Mở lại", checked=False),
    "drop": _flag("Bỏ", kept=False, checked=True),
    "restore": _flag("Giữ lại", kept=True, checked=False),
    "edit": _edit,
    "add": _add,
    "split": _split,
    "merge": _merge,
    "move": _move,
    "head": _head,
    "settle": _settle,
    "unsettle": _settle,
}
_FIT = {"head": (HEAD,), "settle": ("ss",), "unsettle": ("ss",)}


def difference(
    before: Iterable[Item | None], after: Iterable[Item]
) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(id, fields as they were, fields as they are), of items that differ; absent is left out."""
    found = []
    for was, now in zip(before, after, strict=True):
        was = was if was is not None else {"live": False}
        names = [n for n in now if n not in was or was[n] != now[n]]
        if names and was.get("id"):
            old = {n: was[n] for n in names if n in was}
            found.append((now["id"], old, {n: now[n] for n in names}))
        elif names:
            found.append((now["id"], {"live": False}, {"live": True}))
    return found
