"""One item cut in two, two made one, their places in the document kept. Pure."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from namro.web.plans.draft import Item

_ENDS = " ;,."


@dataclass(frozen=True)
class Cut:
    """Before which character of its words an item is cut; `text` is the block they stand in."""

    at: int
    text: str


def proposed_cut(quote: str) -> int:
    """Where a sentence most likely parts: the semicolon, comma or "và" nearest its middle.

    >>> quote = "Rà soát quy chế; ban hành quy chế mới"
    >>> quote[proposed_cut(quote):]
    'ban hành quy chế mới'
    """
    middle = len(quote) / 2
    for sign in ("; ", ". ", ", ", " và ", " "):
        found = [i for i in range(1, len(quote)) if quote.startswith(sign, i)]
        if found:
            best = min(found, key=lambda i: abs(i - middle))
            return best + (1 if sign == " và " else len(sign))
    return len(quote) // 2


def cut_item(item: Item, cut: Cut) -> tuple[Item, Item]:
    """The item's two halves: words, place and wording cut, all other fields in both."""
    first, second = deepcopy(item), deepcopy(item)
    quote = item["quote"]
    first["quote"], second["quote"] = quote[: cut.at].strip(" ;,"), quote[cut.at :].strip()
    wording = "subject" if item["id"].startswith("ct") else "title"
    first[wording], second[wording] = _cut_wording(item[wording], quote, cut.at)
    place = item.get("place")
    if place and place.get("start") is not None:
        _cut_place(first, second, place, cut)
    return first, second


def _cut_wording(wording: str, quote: str, at: int) -> tuple[str, str]:
    """The title or subject cut at the same word; both keep it whole where the cut is not in it."""
    begins = quote.find(wording)
    inside = at - begins
    if begins < 0 or not 0 < inside < len(wording):
        return (quote[:at].strip(_ENDS), quote[at:].strip(_ENDS)) if begins < 0 else (wording,) * 2
    return wording[:inside].strip(_ENDS), wording[inside:].strip(_ENDS)


def _cut_place(first: Item, second: Item, place: dict[str, Any], cut: Cut) -> None:
    """Only where the words stand in the block as they are quoted; else both keep the whole."""
    start, quote = place["start"], first["quote"]
    words = cut.text[start : place.get("end")]
    if not words.startswith(quote) or second["quote"] not in words:
        return
    begins = start + words.index(second["quote"], max(0, min(cut.at - 1, len(words))))
    first["place"] = {**place, "end": start + len(quote)}
    second["place"] = {**place, "start": begins}
    for one in (first, second):
        one["place"].pop("box", None)


def joined_items(item: Item, other: Item, text_of: Callable[[int], str]) -> Item:
    """One item of two: words and wording joined, units of both, what one lacks from the other."""
    one = deepcopy(item)
    wording = "subject" if item["id"].startswith("ct") else "title"
    one[wording] = _put_together(item[wording], other[wording])
    one["quote"], one["place"] = _joined_words(item, other, text_of)
    for part in ("lead", "cooperate"):
        for name in (f"{part}_named", f"{part}_units"):
            have = list(one.get(name, ()))
            one[name] = have + [n for n in other.get(name, ()) if n not in have]
    for name in ("product", "deadline", "deadline_iso", "value", "unit", "scope"):
        if name in one and not one[name]:
            one[name] = other.get(name)
    if item.get("product") and other.get("product") and item["product"] != other["product"]:
        one["product"] = _put_together(item["product"], other["product"])
    return one


def _put_together(one: str, other: str) -> str:
    if other in one:
        return one
    return f"{one.rstrip(_ENDS)}; {other}"


def _joined_words(
    item: Item, other: Item, text_of: Callable[[int], str]
) -> tuple[str, dict[str, Any] | None]:
    """The words from the first's beginning to the second's end; in two blocks, both places."""
    here, there = item.get("place"), other.get("place")
    if not here or not there:
        return _put_together(item["quote"], other["quote"]), here or there
    whole = all(p.get("start") is not None and p.get("end") is not None for p in (here, there))
    if whole and here["block"] == there["block"]:
        start, end = min(here["start"], there["start"]), max(here["end"], there["end"])
        place = {k: v for k, v in here.items() if k != "box"} | {"start": start, "end": end}
        return text_of(here["block"])[start:end], place
    more = [*here.get("more", ()), {k: v for k, v in there.items() if k != "more"}]
    more += there.get("more", ())
    return _put_together(item["quote"], other["quote"]), {**here, "more": more}
