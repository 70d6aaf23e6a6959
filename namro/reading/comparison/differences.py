"""What changed inside a pair, field by field, and what each change does to what is asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from namro.reading.comparison import levels
from namro.reading.comparison.findings import Difference, Effect, Item
from namro.reading.comparison.wording import narrowed, plain, same_words, softeners
from namro.reading.plan import Mention, ReadTarget, ReadTask
from namro.terms import ONGOING, Deadline
from namro.vietnamese import format_number, tidy

_SCOPES = {
    "each unit": "từng đơn vị",
    "each year": "hằng năm",
    "each quarter": "hằng quý",
    "each month": "hằng tháng",
}
FIRM, SOFT = "bắt buộc", "phấn đấu"


def between(
    old: Item, new: Item, *, tracing: bool = False, due: str | None = None
) -> tuple[Difference, ...]:
    """The differences of a pair. `tracing`: `old` is the superior's, whose leads and wording need
    not be kept; `due` is then the plan's own end, for items that name no deadline."""
    was, now = old.thing, new.thing
    found: list[Difference] = []
    if isinstance(was, ReadTarget) and isinstance(now, ReadTarget):
        found += _levels(was, now, tracing)
    else:
        found += _amounts(old, new)
    found += _softness(old, new, tracing)
    found += _deadline(_due(old), _due(new) or due, tracing)
    if not tracing and isinstance(was, ReadTarget) and isinstance(now, ReadTarget):
        found += _lead(_monitor(was), _monitor(now))
    elif isinstance(was, ReadTask) and isinstance(now, ReadTask):
        found += _assigned(was, now, tracing)
    found += _words(old, new, tracing, told=any(d.field == "soft" for d in found))
    return tuple(found)


def _levels(was: ReadTarget, now: ReadTarget, tracing: bool) -> Iterator[Difference]:
    effect = levels.weigh(levels.level_of(was), levels.level_of(now), bare_is_least=tracing)
    if effect is not Effect.SAME:
        yield Difference("level", levels.level_text(was), levels.level_text(now), effect)
    if was.scope == now.scope or (tracing and was.scope != "each unit"):
        return
    each = (was.scope == "each unit") - (now.scope == "each unit")
    effect = {1: Effect.WEAKER, -1: Effect.STRONGER}.get(each, Effect.UNCLEAR)
    yield Difference("scope", _scope(was), _scope(now), effect)


def _scope(target: ReadTarget) -> str | None:
    return _SCOPES.get(target.scope or "", target.scope)


def _amounts(old: Item, new: Item) -> Iterator[Difference]:
    """Amounts named in the words of a task, paired by what is counted."""
    was, now = ({f[0]: f for f in levels.figures_in(i.quote)} for i in (old, new))
    for counted in was.keys() & now.keys():
        (_, before, limit), (_, after, _) = was[counted], now[counted]
        if before != after:
            less = after > before if limit else after < before
            effect = Effect.WEAKER if less else Effect.STRONGER
            said = [f"{format_number(n)} ({counted})" for n in (before, after)]
            yield Difference("amount", said[0], said[1], effect)


def _softness(old: Item, new: Item, tracing: bool) -> Iterator[Difference]:
    was, now = _soft(old, tracing), _soft(new, tracing)
    if was != now:
        effect = Effect.WEAKER if now else Effect.STRONGER
        yield Difference("soft", SOFT if was else FIRM, SOFT if now else FIRM, effect)


def _soft(item: Item, tracing: bool) -> bool:
    """Whether it is less than an order. How a unit is addressed ("khuyến khích") says so only
    between versions: another level addresses other units."""
    thing = item.thing
    if isinstance(thing, ReadTarget):
        return thing.soft
    invited = not tracing and "khuyến khích" in (thing.manner or "")
    return invited or bool(softeners(thing.quote))


def _due(item: Item) -> str | None:
    thing = item.thing
    return thing.deadline if isinstance(thing, ReadTarget) else thing.deadline_iso


def _deadline(was: str | None, now: str | None, tracing: bool) -> Iterator[Difference]:
    if was == now or (tracing and was in (None, ONGOING)):
        return
    before, after = Deadline(was).last_day, Deadline(now).last_day
    if before == after:
        effect = Effect.SAME if tracing or before else Effect.WORDS
    else:
        later = (after or date.max) > (before or date.max)
        effect = Effect.LATER if later else Effect.EARLIER
    if effect is not Effect.SAME:
        yield Difference("deadline", written(was), written(now), effect)


def written(iso: str | None) -> str | None:
    """A deadline as people write it: "30/6/2025", "6/2025", "2025", "thường xuyên"."""
    if not iso or iso == ONGOING:
        return "thường xuyên" if iso else None
    return "/".join(str(int(part)) for part in reversed(iso.split("-")))


def _monitor(target: ReadTarget) -> tuple[str, ...]:
    return (target.monitor,) if target.monitor else ()


def _assigned(was: ReadTask, now: ReadTask, tracing: bool) -> Iterator[Difference]:
    if tracing:
        if was.lead and not now.lead:
            yield Difference("lead", _listed(_texts(was.lead)), None, Effect.WEAKER)
        return
    yield from _lead(_texts(was.lead), _texts(now.lead))
    yield from _units("cooperate", _texts(was.cooperate), _texts(now.cooperate))
    if plain(was.product or "") != plain(now.product or ""):
        yield Difference("product", was.product, now.product, Effect.OTHER_UNIT)


def _lead(was: Sequence[str], now: Sequence[str]) -> Iterator[Difference]:
    """Who leads: nobody any more is a weakening, somebody else a change."""
    if was and not now:
        yield Difference("lead", _listed(was), None, Effect.WEAKER)
    elif now and not was:
        yield Difference("lead", None, _listed(now), Effect.STRONGER)
    else:
        yield from _units("lead", was, now)


def _units(field: str, was: Sequence[str], now: Sequence[str]) -> Iterator[Difference]:
    if Counter(plain(t) for t in was) != Counter(plain(t) for t in now):
        yield Difference(field, _listed(was), _listed(now), Effect.OTHER_UNIT)


def _texts(mentions: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(m.text for m in mentions)


def _listed(units: Sequence[str]) -> str | None:
    return ", ".join(units) or None


def _words(old: Item, new: Item, tracing: bool, told: bool) -> Iterator[Difference]:
    """The words themselves; fewer named is a weakening, else they are only worded anew. `told`:
    words that soften came or went, and are told already."""
    targets = old.kind == new.kind == "target"
    said = (old.quote, new.quote) if old.alone and new.alone else (old.words, new.words)
    if same_words(*said):
        return
    about = (old.words, new.words) if targets else (_work(old), _work(new))
    fewer = 0 if told else narrowed(*about)
    wider = Effect.WORDS if tracing else Effect.STRONGER  # of two hands, longer is not more
    effect = {1: Effect.WEAKER, -1: wider}.get(fewer, Effect.WORDS)
    yield Difference("words", tidy(said[0]), tidy(said[1]), effect)


_FINISHED = re.compile(r"[,;]?\s*(?:và\s+)?(?:hoàn thành|xong)?\s*$", re.I)


def _work(item: Item) -> str:
    """The words of a task without its deadline, which is compared as a field of its own: said in
    a column instead of the sentence it is no less."""
    written = item.thing.deadline
    if not written or written not in item.quote:
        return item.quote
    before, _, after = item.quote.partition(written)
    return _FINISHED.sub("", before) + after
