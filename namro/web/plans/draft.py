"""What is under review: the items a reading found, their order, how sure it is of them. Pure.

    draft = opened(found, texts, named)     {"document": …, "targets": […], "tasks": […], …}
    items(draft)                            the targets and tasks
An item has the fields of namro-plan/1 and: "id" ("ct-…" chỉ tiêu, "nv-…" nhiệm vụ, "ss-…" sai sót,
"dau" the head), "kept" (false = dropped), "checked", "live" (false = split back, merged, moved),
"lead_named" and "cooperate_named" (whom the document names), "lead_units" and "cooperate_units".
What people do to an item is in `changes.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from namro.web.plans import entry, rules

SURE = 0.9
HEAD = "dau"
LISTS = {"ct": "targets", "nv": "tasks", "ss": "faults"}

Draft = dict[str, Any]
Item = dict[str, Any]


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
        section = rules.section_name(task.get("section") or "")
        code = rules.section_code(section, text) or str(i)
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


def counted(draft: Mapping[str, Any]) -> tuple[int, int]:
    """(checked, all) of the targets and tasks."""
    found = list(items(draft))
    return sum(1 for i in found if i["checked"]), len(found)


def lacking(
    draft: Mapping[str, Any], started_on: date | None, deadline_on: date | None
) -> list[str]:
    """All that keeps a reviewed draft from becoming a plan, as Vietnamese sentences."""
    head = draft["document"]
    found = [f"Phần đầu văn bản {why}" for why in [entry.unfit(head, entry.HEAD)] if why]
    for kind, said in (("targets", "Chỉ tiêu"), ("tasks", "Nhiệm vụ")):
        for item in draft[kind]:
            if item["kept"] and (why := entry.unfit(item, entry.FIELDS[kind])):
                found.append(f"{said} ({str(item['code'])[:20]}) {why}")
    title = head.get("title") or ""
    return found + rules.lacking_in_plan(
        draft["targets"], draft["tasks"], title, started_on, deadline_on
    )


def position(place: Mapping[str, Any] | None) -> int:
    """Where an item stands in the document, as one number that sorts."""
    block, start = (place or {}).get("block") or 0, (place or {}).get("start") or 0
    return int(block) * 1_000_000 + min(int(start), 999_999)


def proposed_units(item: Mapping[str, Any], part: str) -> list[str]:
    """The units proposed for collective names that are not taken yet."""
    taken = set(item.get(f"{part}_units", ()))
    named = item.get(f"{part}_named", ())
    return list(dict.fromkeys(c for n in named for c in n["proposed"] if c not in taken))


def has_proposals(item: Mapping[str, Any]) -> bool:
    """Whether units are proposed that nobody has looked at yet."""
    return bool(proposed_units(item, "lead") or proposed_units(item, "cooperate"))


def unknown_units(item: Mapping[str, Any], part: str) -> list[str]:
    """The names a document gives that are no known unit and no group."""
    return [n["text"] for n in item.get(f"{part}_named", ()) if not n["code"] and not n["proposed"]]


def for_the_lot(item: Mapping[str, Any]) -> bool:
    """Whether an item may be accepted together with others, unseen one by one.

    Not one whose units a person must choose, nor one that could not stand in a plan.
    """
    if has_proposals(item) or any(unknown_units(item, p) for p in ("lead", "cooperate")):
        return False
    return not (item["id"].startswith("ct") and rules.lacking_in_target(item))
