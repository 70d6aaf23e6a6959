"""Which records a figure may rest on: data sets its measure counts, periods it reaches."""

from __future__ import annotations

from namro.measuring.definitions import Count, terms_of
from namro.terms import Period
from namro.web.facts.library import library


def datasets_of(slug: str) -> set[str]:
    """The data sets that a measure counts; all of them where the measure is no longer there."""
    known = library()
    measure = known.measures.get(slug)
    if measure is None:
        return set(known.datasets)
    items = (item for term in terms_of(measure) for item in term.items)
    return {item.dataset for item in items if isinstance(item, Count)}


def may_reach(dataset: str, period: Period, batch: Period) -> bool:
    """Whether a figure of a period may take in records of another: none that come after it; of a
    flow those of its year and of the period before (told beside it), of a register those carried.
    A data set that is no longer there: it may.
    """
    known = library().datasets.get(dataset)
    if known is None:
        return True
    last = period.first + period.length - 1
    if batch.first > last:
        return False
    if known.time == "flow":
        before = period.shifted(-1).first
        return batch.first + batch.length > before or batch.year == period.year
    return batch.first + batch.length - 1 + known.carry >= period.first
