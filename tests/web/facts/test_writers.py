"""Two writers at once: ids become visible in order, nothing is lost, nobody deadlocks."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from namro.web.facts import actions, feed, queries
from namro.web.facts.models import Figure, Ledger, Observation
from namro.web.facts.rules import Said
from tests.web.facts.conftest import AT, CADRES, TRAINED
from tests.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)


def _said(world, code, cadres, trained):
    pk = world.units[code].pk
    return [
        Said(CADRES, pk, "202509", Decimal(cadres)),
        Said(TRAINED, pk, "202509", Decimal(trained)),
    ]


def _in_thread(work):
    """Run in a thread with its own connection; what it raises comes back by `join`."""
    failure = []

    def run():
        try:
            work()
        except BaseException as why:
            failure.append(why)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()

    def join(seconds=20):
        thread.join(seconds)
        assert not thread.is_alive(), "a writer never came to its turn"
        if failure:
            raise failure[0]

    return join


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_second_writer_waits_so_that_ids_become_visible_in_order():
    world = make_world()
    actions.open_period(period_code="202509", at=AT)
    wrote, go_on = threading.Event(), threading.Event()

    def first():
        with transaction.atomic():
            actions.record(said=_said(world, "c1", 40, 32), source="a:1", by=None, at=AT)
            wrote.set()
            assert go_on.wait(15)

    def second():
        assert wrote.wait(15)
        actions.record(
            said=_said(world, "c2", 60, 9), source="b:1", by=None, at=AT + timedelta(seconds=1)
        )

    join_first, join_second = _in_thread(first), _in_thread(second)
    assert wrote.wait(15)
    # The first has not committed: nothing is visible, and the feed takes nothing beyond it.
    assert not Observation.objects.exists()
    assert feed.present().last_id == 0
    go_on.set()
    join_first()
    join_second()
    ids = list(Observation.objects.order_by("pk").values_list("source", flat=True))
    assert ids == ["a:1", "a:1", "b:1", "b:1"]
    assert Ledger.objects.get().last_id == Observation.objects.order_by("-pk").first().pk
    row = Figure.objects.get(
        term="nq57.commune-cadres-trained", period="202509", unit=world.units["12"]
    )
    assert (row.numerator, row.denominator, row.heard) == (41, 100, 2)
    assert queries.verify() == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_many_writers_of_the_same_rows_lose_nothing():
    world = make_world()
    actions.open_period(period_code="202509", at=AT)

    def write(code):
        def work():
            for i in range(5):
                actions.record(
                    said=_said(world, code, 100, 10 + i), source=f"{code}:{i}", by=None,
                    at=AT + timedelta(seconds=i),
                )  # fmt: skip

        return work

    for join in [_in_thread(write(code)) for code in ("c1", "c2", "c3")]:
        join(60)
    row = Figure.objects.get(
        term="nq57.commune-cadres-trained", period="202509", unit=world.units["12"]
    )
    assert (row.numerator, row.denominator, row.heard) == (42, 300, 3)
    assert queries.verify() == []
    assert feed.check() == []


def test_check_outside_a_transaction_finds_every_period_in_its_order():
    """Two threads look, each with a connection of its own."""
    world = make_world()
    for code in ("202509", "202510", "202511"):
        actions.open_period(period_code=code, at=AT)
    actions.record(said=_said(world, "c1", 40, 32), source="a:1", by=None, at=AT)
    seen = []

    assert queries.verify(progress=lambda *told: seen.append(told[:2])) == []
    rows = Figure.objects.filter(unit=world.units["c1"], term="nq57.commune-cadres-trained")
    rows.filter(period__in=("202509", "202511")).update(heard=7)

    assert [d.period for d in queries.verify()] == ["202509", "202511"]
    assert seen == [(0, 3), (1, 3), (2, 3)]


def test_flush_empties_the_ledger_and_leaves_it_append_only():
    world = make_world()
    actions.record(said=_said(world, "c1", 40, 32), source="a:1", by=None, at=AT)
    call_command("flush", interactive=False, verbosity=0)
    assert not Observation.objects.exists()
    world = make_world()
    actions.record(said=_said(world, "c1", 40, 32), source="a:1", by=None, at=AT)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Observation.objects.update(source="x")
