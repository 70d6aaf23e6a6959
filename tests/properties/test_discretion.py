"""No count that is kept back follows from those that are shown, whatever the tree."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from namro.measuring.assembly import is_small
from namro.measuring.discretion import hidden_units

LEAST = 5
pairs = st.integers(0, 40).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))
few = st.integers(0, 6).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))
leaves = st.lists(st.one_of(pairs, few), min_size=1, max_size=6)


@st.composite
def trees(draw):
    """(counts, families): a province, its districts, their communes; sums all the way up."""
    counts, families, districts = {}, [], []
    for i, told in enumerate(draw(st.lists(leaves, min_size=1, max_size=4))):
        communes = [f"d{i}c{j}" for j in range(len(told))]
        counts |= {c: (Decimal(n), Decimal(d)) for c, (n, d) in zip(communes, told, strict=True)}
        counts[f"d{i}"] = tuple(
            sum(column) for column in zip(*(counts[c] for c in communes), strict=True)
        )
        families.append((f"d{i}", communes))
        districts.append(f"d{i}")
    counts["p"] = tuple(sum(column) for column in zip(*(counts[d] for d in districts), strict=True))
    families.append(("p", districts))
    return {u: c for u, c in counts.items() if c[1]}, families


def found_by_reckoning(families, known):
    """The hidden units whose count follows from the sums of the tree, by elimination."""
    unknown = sorted({u for above, kin in families for u in (above, *kin)} - known)
    rows = []
    for above, kin in families:
        row = [Fraction(0)] * len(unknown)
        for unit, sign in [(above, 1), *((u, -1) for u in kin)]:
            if unit in unknown:
                row[unknown.index(unit)] += sign
        rows.append(row)
    rank = 0
    for column in range(len(unknown)):
        pivot = next((r for r in range(rank, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        rows[rank] = [x / rows[rank][column] for x in rows[rank]]
        for r in range(len(rows)):
            if r != rank and rows[r][column]:
                factor = rows[r][column]
                rows[r] = [x - factor * y for x, y in zip(rows[r], rows[rank], strict=True)]
        rank += 1
    return {unknown[row.index(1)] for row in rows if sum(1 for x in row if x) == 1}


@given(trees())
def test_no_hidden_count_follows_from_the_sums(tree):
    counts, families = tree
    families = [(a, [u for u in kin if u in counts]) for a, kin in families if a in counts]
    hidden = hidden_units(counts, LEAST, families)

    assert {u for u, c in counts.items() if is_small(*c, LEAST)} <= hidden
    assert found_by_reckoning(families, set(counts) - hidden) == set()


@given(trees())
def test_what_hidden_sisters_have_together_tells_of_none_of_them(tree):
    """With the sum of several known, each may be anything from nought to it, unless it is nought
    (or all) for everybody in the family."""
    counts, families = tree
    hidden = hidden_units(counts, LEAST, families)
    for above, kin in families:
        kept = [u for u in kin if u in hidden and u in counts]
        if not kept or above in hidden:
            continue
        over, under = (sum(counts[u][i] for u in kept) for i in (0, 1))
        whole_over, whole_under = counts[above]
        assert len(kept) >= 2
        assert over > 0 or whole_over == 0
        assert under - over > 0 or whole_under == whole_over
        assert not is_small(over, under, LEAST)


@given(trees())
def test_what_is_hidden_does_not_depend_on_the_order(tree):
    counts, families = tree
    turned = [(above, list(reversed(kin))) for above, kin in families]
    backwards = dict(reversed(list(counts.items())))
    assert hidden_units(counts, LEAST, families) == hidden_units(backwards, LEAST, turned)


def test_nothing_is_hidden_without_need():
    counts = {u: (Decimal(n), Decimal(d)) for u, (n, d) in {
        "a": (10, 20), "b": (0, 20), "c": (20, 20), "p": (30, 60)}.items()}  # fmt: skip
    assert hidden_units(counts, LEAST, [("p", ["a", "b", "c"])]) == set()


def test_smallest_sister_goes_with_a_small_one():
    counts = {u: (Decimal(n), Decimal(d)) for u, (n, d) in {
        "a": (3, 20), "b": (12, 30), "c": (20, 40), "p": (35, 90)}.items()}  # fmt: skip
    assert hidden_units(counts, LEAST, [("p", ["a", "b", "c"])]) == {"a", "b"}


def test_sum_of_an_only_unit_goes_with_it_and_so_on_up_and_down():
    told = {"d0c0": (3, 20), "d0": (3, 20), "d1c0": (9, 20), "d1c1": (9, 22), "d1": (18, 42),
            "d2c0": (50, 99), "d2": (50, 99), "p": (71, 161)}  # fmt: skip
    counts = {u: (Decimal(n), Decimal(d)) for u, (n, d) in told.items()}
    families = [
        ("d0", ["d0c0"]),
        ("d1", ["d1c0", "d1c1"]),
        ("d2", ["d2c0"]),
        ("p", ["d0", "d1", "d2"]),
    ]
    assert hidden_units(counts, LEAST, families) == {"d0c0", "d0", "d1", "d1c0"}
