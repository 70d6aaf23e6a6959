"""The arrays beside a store: folded piece by piece, never half, left alone where they lag."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from namro.measuring import columns, dense, measure, open_store
from namro.measuring.dense import layout
from namro.measuring.dense.book import WAITING, in_memory
from namro.measuring.dense.slabs import Rows, added
from namro.measuring.engines import in_memory as tables_in_memory
from namro.measuring.schema import TABLES
from namro.measuring.store import to_arrow, write_table
from namro.terms import Period
from tests.properties.test_figures_agree import LIBRARY

JULY = Period.of("202507")
START = datetime(2025, 8, 1)
TREE = [
    {"unit": u, "ancestor": a, "tree": "G", "from_on": datetime(2000, 1, 1).date()}
    for u, a in (("c1", "c1"), ("c2", "c2"), ("c1", "p"), ("c2", "p"), ("p", "p"))
]
OWED = [
    {"measure": m, "unit": u, "from_on": datetime(2000, 1, 1).date()}
    for m in ("stock", "share", "year", "weighed", "counted")
    for u in ("c1", "c2")
]


def row(number, element, unit, value, *, delta=None, dn=1, period="202507", hours=0):
    delta = value if delta is None else delta
    return {
        "id": number, "element": element, "unit": unit, "period": period, "value": Decimal(value),
        "delta": Decimal(delta), "dn": dn, "recorded_at": START + timedelta(hours=hours),
    }  # fmt: skip


def store_of(folder, *segments):
    for name in ("units", "successions"):
        write_table(folder, name, ())
    write_table(folder, "unit_ancestors", TREE)
    write_table(folder, "expected", OWED)
    for number, rows in enumerate(segments):
        write_table(folder, "observations", rows, segment=f"{number:010d}")
    return folder


FIRST = [row(1, "a", "c1", 5), row(2, "b", "c1", 10)]
THEN = [
    row(3, "a", "c2", 7, hours=1),
    row(4, "b", "c2", 20, hours=1),
    row(5, "a", "c1", 6, delta=1, dn=0, hours=2),
]


def sums(tables, slug="stock", **asked):
    found = measure([LIBRARY.measures[slug]], tables, period=JULY, **asked)
    return {r.unit: (r.numerator, r.denominator, r.heard) for r in found}


def test_segments_folded_later_say_what_they_would_have_said_at_once(tmp_path):
    one, two = store_of(tmp_path / "one", FIRST, THEN), store_of(tmp_path / "two", FIRST)
    dense.bring(one)
    dense.bring(two)
    write_table(two, "observations", THEN, segment=f"{1:010d}")
    dense.bring(two)

    told = []
    for store in (one, two):
        with open_store(store) as tables:
            assert tables.book is not None
            told.append([sums(tables), sums(tables, as_of=START + timedelta(hours=1))])

    assert told[0] == told[1]
    assert told[0][0]["p"] == (13, 30, 2)
    assert told[0][1]["p"] == (12, 30, 2)
    assert len(list((two / "dense").glob("*.cells"))) == 1, "what is no longer named is gone"


def test_arrays_that_lag_behind_the_ledger_are_left_alone(tmp_path):
    store = store_of(tmp_path, FIRST)
    dense.bring(store)
    write_table(store, "observations", THEN, segment=f"{1:010d}")

    with open_store(store) as tables:
        assert tables.book is None
        assert sums(tables)["p"] == (13, 30, 2)


def test_segment_written_anew_makes_the_arrays_anew(tmp_path):
    store = store_of(tmp_path, FIRST, THEN)
    dense.bring(store)
    write_table(store, "observations", THEN[:2], segment=f"{1:010d}")
    assert dense.open_book(store) is None

    dense.bring(store)

    with open_store(store) as tables:
        assert tables.book is not None
        assert sums(tables)["p"] == (12, 30, 2)


def test_file_that_was_cut_short_is_not_read(tmp_path):
    store = store_of(tmp_path, FIRST)
    dense.bring(store)
    [file] = (store / "dense").glob("*.cells")
    file.write_bytes(file.read_bytes()[:-1])

    assert dense.open_book(store) is None


def test_copy_of_another_form_is_made_anew(tmp_path, monkeypatch):
    store = store_of(tmp_path, FIRST)
    dense.bring(store)
    monkeypatch.setattr(layout, "FORM", layout.FORM + 1)
    assert dense.open_book(store) is None

    dense.bring(store)

    assert dense.open_book(store) is not None


def test_interrupted_folding_goes_on_with_what_is_left(tmp_path, monkeypatch):
    store = store_of(tmp_path, FIRST, THEN)
    monkeypatch.setattr("namro.measuring.dense.book.WAITING", 1)

    def stop(done, whole):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dense.bring(store, stop)
    seen = []
    dense.bring(store, lambda done, whole: seen.append((done, whole)))

    assert seen == [(0, 1)] and WAITING > 1
    with open_store(store) as tables:
        assert sums(tables)["p"] == (13, 30, 2)


def test_empty_ledger_has_arrays_too(tmp_path):
    store = store_of(tmp_path)
    dense.bring(store)

    with open_store(store) as tables:
        assert tables.book is not None
        assert sums(tables)["p"] == (None, None, 0)


LARGE = Decimal(10) ** 13


@pytest.mark.parametrize(
    ("slug", "told"),
    [
        ("share", [("a", 9 * LARGE), ("b", 9 * LARGE)]),
        ("weighed", [("rate", Decimal(50)), ("w", 9 * LARGE)]),
        ("weighed", [("rate", Decimal("0.01")), ("w", Decimal("0.5"))]),
    ],
)
def test_what_whole_numbers_do_not_hold_goes_by_the_statement(slug, told):
    rows = [row(n, element, "c1", value) for n, (element, value) in enumerate(told, start=1)]
    given = {"observations": rows, "unit_ancestors": TREE, "expected": OWED}
    with tables_in_memory(given, engine="dense") as tables:
        with pytest.raises(dense.TooLarge):
            terms = [t for s, t in LIBRARY.terms.items() if s == slug]
            dense.parts_of(tables.book, terms, JULY, as_of=datetime(2030, 1, 1))
        by_rule = measure([LIBRARY.measures[slug]], tables, period=JULY)
        tables.book = None
        assert by_rule == measure([LIBRARY.measures[slug]], tables, period=JULY)


def test_columns_join_arrays_and_statement():
    given = {"observations": [*FIRST, *THEN], "unit_ancestors": TREE, "expected": OWED}
    asked = [LIBRARY.measures[slug] for slug in ("counted", "stock")]
    with tables_in_memory(given, engine="dense") as tables:
        found = columns(asked, tables, period=JULY, with_own=True)

    assert [t.slug for t in found.terms] == ["counted", "stock"]
    assert found.units == ("c1", "c2", "p")
    assert found.expected.tolist() == [[1, 1, 2], [1, 1, 2]]
    assert found.numerator[1].tolist() == [60000, 70000, 130000]
    assert found.own is not None and found.own.numerator[1].tolist() == [60000, 70000, 0]


changes = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 4), st.integers(-9, 9), st.integers(-1, 1),
        st.integers(0, 6),
    ),
    max_size=30,
)  # fmt: skip


def as_it_is(folder, slab):
    return slab


def by_file(folder, slab):
    return layout.read_slab(folder, layout.write_slab(folder, "x.cells", slab))


def by_former_file(folder, slab):
    """As files were before the list told what numbers they hold."""
    eights, fours = ("values", "delta", "moments", "starts"), ("element", "unit")
    kinds = {**dict.fromkeys(eights, "<i8"), **dict.fromkeys(fours, "<i4")}
    kinds |= {"told": "<i2", "dn": "<i1"}
    told = (np.multiply(getattr(slab, name), 1, dtype=kind) for name, kind in kinds.items())
    (folder / "dense").mkdir(exist_ok=True)
    (folder / "dense" / "x.cells").write_bytes(b"".join(array.tobytes() for array in told))
    counts = {"changes": len(slab.dn), "moments": len(slab.moments)}
    return layout.read_slab(folder, {"name": "x.cells", "shape": slab.shape, **counts})


@settings(max_examples=120, deadline=None)
@given(
    first=changes,
    then=changes,
    as_of=st.integers(-1, 7),
    times=st.sampled_from((1, 10_000, 10**9 + 1, 10**15)),
    kept=st.sampled_from(((as_it_is, as_it_is), (by_file, by_file), (by_former_file, by_file))),
)
def test_slab_knows_what_was_known_at_any_moment(tmp_path_factory, first, then, as_of, times, kept):
    slab, folder = None, tmp_path_factory.mktemp("store")
    for told, shape, keep in ((first, (4, 3), kept[0]), (then, (4, 5), kept[1])):
        rows = np.array([c for c in told if c[1] < shape[1]], np.int64).reshape(-1, 5)
        element, unit, delta, dn, at = rows.T
        small = element.astype(np.int32), unit.astype(np.int32)
        rows = Rows(*small, delta * times, dn.astype(np.int8), at)
        slab = keep(folder, added(slab, rows, shape))
    found = slab.known(as_of)

    wanted = np.zeros((2, 4, 5), np.int64)
    for element, unit, delta, dn, at in [*(c for c in first if c[1] < 3), *then]:
        if at <= as_of:
            wanted[:, element, unit] += delta * times, dn
    assert (np.multiply(found.values, found.scale, dtype=np.int64) == wanted[0]).all()
    assert (found.told == wanted[1]).all()


def test_file_is_as_narrow_as_its_numbers_and_says_first_what_stands(tmp_path):
    store = store_of(tmp_path, [row(1, "a", "c1", 40_000), row(2, "b", "c2", 7)])
    dense.bring(store)
    [told] = layout.held(store).files.values()

    slab = dense.open_book(store).slabs[JULY]

    assert told["scale"] == slab.scale == 10_000
    assert (slab.values.itemsize, slab.told.itemsize, slab.unit.itemsize) == (4, 1, 2)
    assert slab.call.length < len(slab.call.mapped), "the changes are left where they are"


def test_book_of_rows_needs_no_store():
    told = {name: to_arrow(TABLES[name], ()) for name in ("expected", "successions")}
    told["unit_ancestors"] = to_arrow(TABLES["unit_ancestors"], TREE)
    told["observations"] = to_arrow(TABLES["observations"], FIRST)

    book = in_memory(told)

    assert list(book.slabs) == [JULY] and not book.reorganised
