"""The draft under review: what a reading found, and what a person makes of it. Pure; no model.

    draft = opened(found, texts, named, propose)
    changed = change(draft, {"do": "accept", "item": "ct-4"}, texts, known_codes)
    changed.draft, changed.patches   # the new draft, and what undoes it

A change is one of
    {"do": "accept" | "reopen" | "drop" | "restore", "item": id}
    {"do": "edit", "item": id, "fields": {…}}            values as typed by a person, or plain
    {"do": "split", "item": id}                           one more item over the same sentence
    {"do": "add", "kind": "target" | "task", "block": n, "start": i, "end": j}
    {"do": "head", "fields": {"kind", "number", "date", "issuer", "title"}}
    {"do": "settle" | "unsettle", "fault": id, "note": text}
    {"do": "accept_sure"}                                 all that the reading is sure of
Ids are "ct-…" (chỉ tiêu), "nv-…" (nhiệm vụ), "ss-…" (sai sót).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from namro.terms import Comparator
from namro.web.plans import entry, rules

SURE = 0.9
HEAD_FIELDS = ("kind", "number", "date", "issuer", "title")
_LISTS = {"ct": "targets", "nv": "tasks", "ss": "faults"}

Draft = dict[str, Any]
Item = dict[str, Any]


class BadChange(ValueError):
    """A change that cannot be made; the message is Vietnamese, `field` says where (or "")."""

    def __init__(self, message: str, field: str = "") -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Changed:
    """A changed draft; `patches` are (list, id, value before or None), enough to undo it."""

    draft: Draft
    patches: list[list[Any]]
    summary: str
    item: str


@dataclass(frozen=True)
class Named:
    """A unit as a document names it: its words, the known unit's code, units proposed for it."""

    text: str
    code: str | None = None
    proposed: tuple[str, ...] = ()


def opened(
    found: Mapping[str, Any],
    texts: Mapping[int, str],
    named: Mapping[str, Iterable[tuple[Iterable[Named], Iterable[Named]]]],
) -> Draft:
    """A draft over what was found (namro-plan/1): nothing checked, nothing dropped.

    `named` gives under "targets" and "tasks" a pair (leads, partners) for each item.
    """
    draft: Draft = deepcopy(dict(found))
    numbers = [rules.number_before(_before(t.get("place"), texts)) for t in draft["targets"]]
    codes = rules.numbered_codes(numbers)
    for i, (target, code) in enumerate(zip(draft["targets"], codes, strict=True), start=1):
        target.update(id=f"ct-{i}", code=code, kept=True, checked=False)
        for key in ("value", "value_high"):
            target[key] = entry.plain(target.get(key))
    for i, task in enumerate(draft["tasks"], start=1):
        text = texts.get((task.get("place") or {}).get("block", -1), "")
        code = rules.section_code(task.get("section") or "", text) or str(i)
        task.update(id=f"nv-{i}", code=code, kept=True, checked=False)
    _tell_apart(draft["tasks"])
    for i, fault in enumerate(draft["faults"], start=1):
        fault.update(id=f"ss-{i}", settled=False, note="")
    for key in ("targets", "tasks"):
        for item, (leads, partners) in zip(draft[key], named[key], strict=True):
            _name_units(item, "lead", leads)
            _name_units(item, "cooperate", partners)
    return draft


def _before(place: Mapping[str, Any] | None, texts: Mapping[int, str]) -> str:
    """The words of the block before the quote, or the quote's own first word."""
    if not place or place.get("block") is None:
        return ""
    text, start = texts.get(place["block"], ""), place.get("start") or 0
    return text[:start] if start else text.split(" ", 1)[0]


def _tell_apart(tasks: Iterable[Item]) -> None:
    seen: dict[str, int] = {}
    for task in tasks:
        code = task["code"][:18]
        seen[code] = seen.get(code, 0) + 1
        task["code"] = code if seen[code] == 1 else f"{code} ({seen[code]})"


def _name_units(item: Item, part: str, names: Iterable[Named]) -> None:
    names = list(names)
    item[f"{part}_named"] = [
        {"text": n.text, "code": n.code, "proposed": list(n.proposed)} for n in names
    ]
    item[f"{part}_units"] = list(dict.fromkeys(n.code for n in names if n.code))


def items(draft: Mapping[str, Any]) -> Iterator[Item]:
    """Targets, then tasks, in document order."""
    yield from draft.get("targets", ())
    yield from draft.get("tasks", ())


def queue(draft: Mapping[str, Any], order: str = "") -> list[Item]:
    """The items to review: least certain first, or with `order` "document" as in the document.

    The order does not move while one works: it rests on what the reading said, not on the ticks.
    """
    found = list(items(draft))
    if order == "document":
        return found
    return sorted(found, key=lambda i: rules.certainty({**i, "checked": False}))


def checked_count(draft: Mapping[str, Any]) -> tuple[int, int]:
    """(checked, all)."""
    found = list(items(draft))
    return sum(1 for i in found if i["checked"]), len(found)


def proposed_units(item: Mapping[str, Any], part: str) -> list[str]:
    """The units proposed for collective names that are not taken yet."""
    taken = set(item.get(f"{part}_units", ()))
    named = item.get(f"{part}_named", ())
    return list(dict.fromkeys(c for n in named for c in n["proposed"] if c not in taken))


def change(
    draft: Draft, what: Mapping[str, Any], texts: Mapping[int, str], known: Collection[str]
) -> Changed:
    """Make one change. `known` are the unit codes there are. Raises BadChange."""
    does = _CHANGES.get(str(what.get("do")))
    if does is None:
        raise BadChange("Thao tác không có trong màn hình rà soát.")
    return does(deepcopy(draft), what, texts, known)


def undone(draft: Draft, patches: Iterable[Iterable[Any]]) -> Draft:
    """The draft before a change."""
    draft = deepcopy(draft)
    for where, key, was in reversed([list(p) for p in patches]):
        if where == "document":
            draft["document"] = was
            continue
        at = next((i for i, one in enumerate(draft[where]) if one["id"] == key), None)
        if at is None:
            continue
        draft[where][at : at + 1] = [] if was is None else [was]
    return draft


def _find(draft: Draft, key: Any) -> tuple[str, Item]:
    where = _LISTS.get(str(key).split("-")[0], "")
    found = next((i for i in draft.get(where, ()) if i["id"] == key), None)
    if found is None:
        raise BadChange("Không có mục này trong bản đọc.")
    return where, found


def _called(where: str, item: Item) -> str:
    kind = "chỉ tiêu" if where == "targets" else "nhiệm vụ"
    return f"{kind} {item['code']}".rstrip()


def _accept(draft, what, texts, known):
    where, item = _find(draft, what.get("item"))
    was = deepcopy(item)
    _take(item)
    return Changed(
        draft, [[where, item["id"], was]], f"Xác nhận {_called(where, item)}", item["id"]
    )


def _take(item: Item) -> None:
    """A person has seen the item as it is shown, the proposed units with it."""
    for part in ("lead", "cooperate"):
        item[f"{part}_units"] = item.get(f"{part}_units", []) + proposed_units(item, part)
    item.update(checked=True, kept=True)


def _flag(summary: str, **flags: bool):
    def make(draft, what, texts, known):
        where, item = _find(draft, what.get("item"))
        was = deepcopy(item)
        item.update(flags)
        said = f"{summary} {_called(where, item)}"
        return Changed(draft, [[where, item["id"], was]], said, item["id"])

    return make


def _edit(draft, what, texts, known):
    where, item = _find(draft, what.get("item"))
    was = deepcopy(item)
    for name, typed in (what.get("fields") or {}).items():
        item[name] = _value(where, name, typed, known)
    _refuse_taken_code(draft, where, item)
    same = all(item.get(n) == was.get(n) for n in what["fields"])
    item.update(checked=True, kept=True, edited=not same or was.get("edited", False))
    for part in ("lead", "cooperate"):  # the units given are the whole answer
        if f"{part}_units" in what["fields"]:
            for one in item.get(f"{part}_named", ()):
                one["proposed"] = []
    said = f"{'Xác nhận' if same else 'Sửa'} {_called(where, item)}"
    return Changed(draft, [[where, item["id"], was]], said, item["id"])


def _refuse_taken_code(draft: Draft, where: str, item: Item) -> None:
    others = [t for t in draft[where] if t["kept"] and t is not item]
    if where == "targets" and any(t["code"] == item["code"] for t in others):
        raise BadChange(f"Số ({item['code']}) đã dùng cho chỉ tiêu khác.", "code")


def _value(where: str, name: str, typed: Any, known: Collection[str]) -> Any:
    if name in ("lead_units", "cooperate_units"):
        unknown = [c for c in typed if c not in known]
        if unknown:
            raise BadChange(f"Không có đơn vị mang mã {unknown[0]}.", name)
        return list(dict.fromkeys(typed))
    reads = entry.FIELDS[where].get(name)
    if reads is None:
        raise BadChange(f"Không có ô “{name}” trong mục này.")
    try:
        return reads(typed)
    except ValueError as why:
        raise BadChange(str(why), name) from why


def _add(draft, what, texts, known):
    quote, place = _marked(what, texts)
    if what.get("kind") == "target":
        where, item = "targets", _new_target(draft, quote)
    elif what.get("kind") == "task":
        where, item = "tasks", _new_task(draft, quote)
    else:
        raise BadChange("Hãy chọn thêm chỉ tiêu hoặc nhiệm vụ.", "kind")
    item.update(quote=quote, place=place, section=None, confidence={}, kept=True, checked=False)
    item.update(added=True, lead_named=[], lead_units=[], cooperate_named=[], cooperate_units=[])
    file = next((i["place"]["file"] for i in items(draft) if i.get("place")), "")
    place["file"] = file
    draft[where].append(item)
    draft[where].sort(key=lambda i: _position(i.get("place")))
    return Changed(draft, [[where, item["id"], None]], f"Thêm {_called(where, item)}", item["id"])


def _split(draft, what, texts, known):
    """A sentence that asks two things: a second item with the same words, for a person to part."""
    where, item = _find(draft, what.get("item"))
    twin = deepcopy(item)
    taken = {i["code"] for i in draft[where]}
    code = next(c for n in range(2, 2000) if (c := f"{item['code'][:7]}-{n}") not in taken)
    ident = _next_id(draft, where, item["id"][:2])
    twin.update(id=ident, code=code, checked=False, kept=True, added=True, confidence={})
    draft[where].insert(draft[where].index(item) + 1, twin)
    return Changed(draft, [[where, ident, None]], f"Tách {_called(where, item)}", ident)


def _marked(what: Mapping[str, Any], texts: Mapping[int, str]) -> tuple[str, dict[str, Any]]:
    try:
        block, start, end = (int(what[k]) for k in ("block", "start", "end"))
    except (KeyError, TypeError, ValueError) as why:
        raise BadChange("Hãy bôi đen câu cần thêm trong văn bản.") from why
    quote = texts.get(block, "")[max(start, 0) : end].strip()
    if not quote:
        raise BadChange("Đoạn bôi đen không có chữ nào.")
    start = texts[block].index(quote, max(start, 0))
    place = {"page": what.get("page"), "block": block, "start": start, "end": start + len(quote)}
    return quote, place


def _position(place: Mapping[str, Any] | None) -> tuple[int, int]:
    return ((place or {}).get("block") or 0, (place or {}).get("start") or 0)


def _next_id(draft: Draft, where: str, mark: str) -> str:
    numbers = [int(i["id"].split("-")[1]) for i in draft[where]]
    return f"{mark}-{max(numbers, default=0) + 1}"


def _new_target(draft: Draft, quote: str) -> Item:
    taken = {t["code"] for t in draft["targets"]}
    code = next(str(n) for n in range(len(taken) + 1, 2000) if str(n) not in taken)
    blank = dict.fromkeys(("value", "value_high", "unit", "scope", "deadline"))
    return {
        **blank,
        "id": _next_id(draft, "targets", "ct"),
        "code": code,
        "subject": quote,
        "comparator": Comparator.AT_LEAST.value,
        "soft": False,
    }


def _new_task(draft: Draft, quote: str) -> Item:
    blank = dict.fromkeys(("deadline", "deadline_iso", "product"))
    taken = {t["code"] for t in draft["tasks"]}
    code = next(f"Thêm {n}" for n in range(1, 2000) if f"Thêm {n}" not in taken)
    ident = _next_id(draft, "tasks", "nv")
    return {**blank, "id": ident, "code": code, "title": quote, "lead": [], "cooperate": []}


def _head(draft, what, texts, known):
    was = deepcopy(draft["document"])
    for name, typed in (what.get("fields") or {}).items():
        if name not in HEAD_FIELDS:
            raise BadChange(f"Không có ô “{name}” ở phần đầu văn bản.")
        try:
            draft["document"][name] = entry.HEAD[name](typed)
        except ValueError as why:
            raise BadChange(str(why), name) from why
    return Changed(draft, [["document", "", was]], "Sửa phần đầu văn bản", "")


def _settle(draft, what, texts, known):
    where, fault = _find(draft, what.get("fault"))
    was = deepcopy(fault)
    settled = what["do"] == "settle"
    fault.update(settled=settled, note=str(what.get("note") or "").strip()[:500])
    said = "Đã xem xét" if settled else "Mở lại"
    return Changed(draft, [[where, fault["id"], was]], f"{said} sai sót {fault['id'][3:]}", "")


def _accept_sure(draft, what, texts, known):
    patches = []
    for item in items(draft):
        if not item["checked"] and item["kept"] and rules.certainty(item) >= SURE:
            patches.append([_find(draft, item["id"])[0], item["id"], deepcopy(item)])
            _take(item)
    if not patches:
        raise BadChange("Không còn mục nào chắc chắn mà chưa rà soát.")
    return Changed(draft, patches, f"Xác nhận {len(patches)} mục chắc chắn", "")


_CHANGES: dict[str, Callable[..., Changed]] = {
    "accept": _accept,
    "reopen": _flag("Mở lại", checked=False),
    "drop": _flag("Bỏ", kept=False, checked=True),
    "restore": _flag("Giữ lại", kept=True, checked=False),
    "edit": _edit,
    "add": _add,
    "split": _split,
    "head": _head,
    "settle": _settle,
    "unsettle": _settle,
    "accept_sure": _accept_sure,
}
