"""The store is fed whole or not at all, goes on where it was interrupted, and has arrays beside."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from namro.measuring import dense, measure, open_store
from namro.terms import Period
from namro.web.facts import actions, feed, ledger_rows
from namro.web.facts.library import library
from namro.web.facts.models import Observation
from tests.web.facts.conftest import AT, CADRES, TRAINED

pytestmark = pytest.mark.django_db


def _ids(store):
    found = []
    for file in sorted((store / "observations").glob("*.parquet")):
        found += pq.read_table(file, columns=["id"])["id"].to_pylist()
    return sorted(found)


def test_segments_that_were_never_noted_are_read_again_once(say, cadres):
    say("c1", "202509", cadres(40, 32))
    store = feed.ensure_fresh()
    noted = (store / "state.json").read_text()
    say("c1", "202509", {TRAINED: 30}, after=1)
    feed.ensure_fresh()
    (store / "state.json").write_text(noted)  # as if it had been stopped just before noting
    say("c1", "202509", {TRAINED: 31}, after=2)

    feed.ensure_fresh()

    told = _ids(store)
    assert len(told) == len(set(told))
    assert feed.check() == []


def test_rebuild_goes_on_where_it_was_interrupted(say, cadres, monkeypatch):
    monkeypatch.setattr(feed, "SEGMENT", 2)
    for after, trained in enumerate((30, 31, 32, 33), start=1):
        say("c1", "202509", cadres(40, trained), after=after)
    store = feed.ensure_fresh()
    before = _ids(store)
    asked = []
    read = ledger_rows.columns_of

    def until_the_second(after, *rest):
        asked.append(after)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return read(after, *rest)

    monkeypatch.setattr(feed, "columns_of", until_the_second)
    with pytest.raises(KeyboardInterrupt):
        feed.rebuild()
    told = []
    feed.rebuild(lambda done, whole, what: told.append((done, whole)))

    assert _ids(store) == before
    assert asked.count(0) == 1, "what was read before is not read again"
    assert told[0][0] < told[0][1] or len(told) > 1
    assert feed.check() == []


def test_rebuild_begins_anew_beside_a_store_of_another_database(say, cadres):
    say("c1", "202509", cadres(40, 32))
    store = feed.ensure_fresh()
    beside = store.with_name(store.name + ".new")
    (beside / "observations").mkdir(parents=True)
    kept = next((store / "observations").glob("*.parquet"))
    table = pq.read_table(kept)
    pq.write_table(table.slice(1), beside / "observations" / kept.name)
    (beside / "state.json").write_text((store / "state.json").read_text())

    feed.rebuild()

    assert feed.check() == []


def test_arrays_beside_the_store_are_made_again_when_deleted(say, cadres):
    say("c1", "202509", cadres(40, 32))
    store = feed.ensure_fresh()
    for file in (store / "dense").iterdir():
        file.unlink()
    assert dense.open_book(store) is None

    feed.ensure_fresh()

    assert dense.open_book(store) is not None


def test_arrays_follow_the_ledger_and_say_what_the_statement_says(say, cadres):
    actions.open_period(period_code="202509", at=AT)
    asked = [library().measures["nq57.commune-cadres-trained"]]
    for after, trained in enumerate((30, 31, None, 12), start=1):
        say("c1", "202509", cadres(40, trained), after=after)
        store = feed.ensure_fresh()
        told = {}
        for engine in ("dense", "duckdb"):
            with open_store(store, engine) as tables:
                assert (tables.book is not None) == (engine == "dense")
                told[engine] = measure(asked, tables, period=Period.of("202509"))
        assert told["dense"] == told["duckdb"] != []


def test_ledger_rows_are_exact_to_the_last_digit_and_microsecond(world):
    at = datetime(2025, 10, 1, 2, 3, 4, 567891, tzinfo=UTC)
    value = Decimal("-99999999999999.9999")
    Observation.objects.create(
        element=CADRES, unit=world.units["c1"], period="202509", value=value, delta=value, dn=1,
        recorded_at=at, source="test",
    )  # fmt: skip

    [row] = ledger_rows.columns_of(0, 10**9, 10, {world.units["c1"].pk: "c1"}).to_pylist()

    assert (row["unit"], row["value"], row["delta"]) == ("c1", value, value)
    assert row["recorded_at"] == at.replace(tzinfo=None)
