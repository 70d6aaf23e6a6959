"""Faults of units: no lead, names nobody knows, units that no longer exist."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from namro.reading import mentions, territory
from namro.reading.faults.found import Found
from namro.reading.letters import regex
from namro.reading.plan import Mention, ReadTask
from namro.terms import Fault
from namro.vietnamese import format_date


def read(found: Found) -> Iterator[Fault]:
    """All faults of units."""
    province = _province(found.head.issuer)
    gone: set[str] = set()
    for task in found.tasks:
        if not task.lead:
            yield Fault(
                "NO_LEAD",
                "Nhiệm vụ không nêu cơ quan chủ trì.",
                "Xác định cơ quan chủ trì khi rà soát.",
                task.place,
                task.quote[:200],
            )
        for mention in (*task.lead, *task.cooperate):
            fault = _gone(mention, found, province)
            if fault is not None and mention.text not in gone:
                gone.add(mention.text)
                yield fault
            elif fault is None and found.known:
                yield from _unknown(mention, task)


def _province(issuer: str | None) -> str | None:
    found = regex(r"(?:tỉnh|[Tt]hành phố)\s+(?P<name>[A-ZĐÀ-Ỹ].*)$").search(issuer or "")
    return found["name"] if found else None


@lru_cache(maxsize=2000)
def _successors(name: str, province: str | None) -> tuple[territory.Successor, ...]:
    return territory.successors(name, province)


def _gone(mention: Mention, found: Found, province: str | None) -> Fault | None:
    """A unit that had been merged or dissolved before the document was issued."""
    issued = found.head.date
    if mentions.is_collective(mention.text) or not issued:
        return None
    after = _successors(mention.text, province)
    if not after or after[0].since.isoformat()[: len(issued)] > issued:
        return None
    if any(s.name.casefold() == mention.text.casefold() for s in after):
        return None
    names = ", ".join(s.name for s in after[:4]) + (" …" if len(after) > 4 else "")
    return Fault(
        "UNIT_GONE",
        f"“{mention.text}” không còn từ ngày {format_date(after[0].since)}.",
        f"Ghi đơn vị kế tục: {names}.",
        mention.place,
        mention.text,
    )


def _unknown(mention: Mention, task: ReadTask) -> Iterator[Fault]:
    if mention.code is None and not mentions.is_collective(mention.text):
        yield Fault(
            "UNKNOWN_UNIT",
            f"“{mention.text}” không khớp đơn vị nào trong danh mục.",
            "Chọn đơn vị tương ứng khi rà soát, hoặc thêm tên gọi này vào danh mục đơn vị.",
            mention.place or task.place,
            mention.text,
        )
