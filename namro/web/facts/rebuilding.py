"""The figure rows of a period from nothing: computed over the store, put in by bulk."""

from __future__ import annotations

from namro.measuring.definitions import terms_of
from namro.terms import Period
from namro.web.facts import arrays, descents, direct, expectations
from namro.web.facts.library import library
from namro.web.facts.models import EstateFigure, Expected, Figure


def refill(period: Period, stores: direct.Stores) -> int:
    """Put a period's rows in the place of those that are there; give their number.

    Inside the caller's transaction, with the ledger locked and what figures rest on committed
    before (the store is fed from it). What split or dissolved units left is kept apart as well.
    """
    known = library()
    slugs = Expected.objects.order_by().values_list("measure", flat=True).distinct()
    measures = [known.measures[slug] for slug in slugs if slug in known.measures]
    terms = {term.slug: term for one in measures for term in terms_of(one)}
    places = arrays.Places(list(terms.values()))
    told = direct.columns_of(measures, places, expectations.kept(), period, stores.tables())
    for derived in (Figure, EstateFigure):
        derived.objects.filter(period=period.code).delete()
    written = arrays.write(told, places)
    tree = descents.load()
    left = [
        descents.Left(head, term, period, estate.above)
        for term in (terms.values() if tree.known else ())
        if term.pools
        for head, estate in tree.on(period.last_day(term.calendar)).estates.items()
    ]
    # Those that keep it have it already: the arrays add it to them.
    descents.changed(left, tree)
    return written
