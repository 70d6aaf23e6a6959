"""A prepared question answers as its query set does, and refuses what it cannot tell apart."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.test.utils import CaptureQueriesContext

from namro.web.frame import clock
from namro.web.frame.prepared import MOST_LISTED, prepared
from namro.web.org.models import Post, Unit, User
from namro.web.org.queries import in_force

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def units():
    return [Unit.objects.create(code=f"U{n}", name=f"Xã {n}", kind="COMMUNE") for n in range(9)]


def _asked(build):
    """The question, and the same without preparation."""
    return prepared(build), lambda *told: list(build(*told))


def test_each_call_answers_for_its_own_values(units):
    ask, plain = _asked(lambda code, kind: Unit.objects.filter(code=code, kind=kind))

    for unit in units:
        assert ask(unit.code, "COMMUNE") == plain(unit.code, "COMMUNE") == [unit]
    assert ask("U1", "PROVINCE") == []


def test_lists_of_every_length_answer_as_the_query_set_does(units):
    ask, plain = _asked(lambda keys: Unit.objects.filter(pk__in=keys).order_by("pk"))
    keys = [u.pk for u in units]

    for many in range(len(keys) + 1):
        assert ask(keys[:many]) == plain(keys[:many]) == units[:many]
    long = [*keys, *range(10**6, 10**6 + MOST_LISTED)]
    assert ask(set(long)) == units


def test_dates_subqueries_annotations_and_rows_of_values_are_answered_alike(units):
    people = [User.objects.create(username=f"p{n}", full_name=f"Người {n}") for n in range(3)]
    for n, person in enumerate(people):
        Post.objects.create(
            user=person, unit=units[n], reach=units[n], role="OFFICER",
            from_on=TODAY - timedelta(days=n), to_on=TODAY + timedelta(days=2 - n),
        )  # fmt: skip
    held, plain_held = _asked(
        lambda on, keys: (
            Post.objects.filter(in_force(on), unit__in=keys)
            .select_related("user", "unit")
            .order_by("pk")
        )
    )
    counted, plain_counted = _asked(
        lambda on, code: (
            Unit.objects.filter(Q(posts__from_on__lte=on) | Q(code=code))
            .annotate(many=Count("posts"), any=Exists(Post.objects.filter(unit=OuterRef("pk"))))
            .order_by("code")
            .values_list("code", "many", "any")
        )
    )
    keys = [u.pk for u in units]

    for day in range(-3, 4):
        on = TODAY + timedelta(days=day)
        assert held(on, keys) == plain_held(on, keys)
        assert counted(on, "U7") == plain_counted(on, "U7")
    with CaptureQueriesContext(connection) as asked:
        assert [p.user.full_name for p in held(TODAY, keys)] == ["Người 0", "Người 1"]
    assert len(asked) == 1


def test_a_boolean_shapes_the_question(units):
    def build(kind, backwards):
        rows = Unit.objects.filter(kind=kind)
        return rows.order_by("-pk" if backwards else "pk")

    ask = prepared(build)

    assert ask("COMMUNE", True) == units[::-1]
    assert ask("COMMUNE", False) == units


def test_the_words_are_put_together_once(units):
    times = []

    @prepared
    def ask(code):
        times.append(code)
        return Unit.objects.filter(code=code)

    for unit in units:
        assert ask(unit.code) == [unit]
    assert len(times) == 1
    assert times[0] not in {u.code for u in units}


def test_moments_meet_the_time_zone(units):
    User.objects.create(username="m", password_set_at=clock.now())
    ask = prepared(lambda at: User.objects.filter(password_set_at__lte=at))

    assert ask(clock.now() + timedelta(seconds=5)) == [User.objects.get(username="m")]
    assert ask(clock.now() - timedelta(hours=1)) == []


def test_what_a_question_does_not_hold_is_refused(units):
    with pytest.raises(TypeError, match="does not ask for"):
        prepared(lambda code, other: Unit.objects.filter(code=code))("U1", 3)
    with pytest.raises(TypeError, match="NoneType"):
        prepared(lambda code: Unit.objects.filter(code=code))(None)
    with pytest.raises(TypeError, match="finds nothing"):
        prepared(lambda code: Unit.objects.none())("U1")
    with pytest.raises(TypeError):
        prepared(lambda words: Unit.objects.filter(name__contains=words))("Xã")


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_only_within_a_transaction(units):
    ask = prepared(lambda pk: Unit.objects.select_for_update().filter(pk=pk))
    with transaction.atomic():
        assert ask(units[0].pk) == [units[0]]

    if connection.features.has_select_for_update:
        with pytest.raises(transaction.TransactionManagementError):
            ask(units[0].pk)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection(units):
    ask = prepared(lambda code: Unit.objects.filter(code=code))
    found = {}

    def look(unit):
        found[unit.code] = ask(unit.code)
        connection.close()

    threads = [threading.Thread(target=look, args=(u,)) for u in units]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {u.code: [u] for u in units}


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_closed_is_asked_anew(units):
    ask = prepared(lambda code: Unit.objects.filter(code=code))
    for _ in range(4):  # planned, and kept by the server
        assert ask("U3") == [units[3]]
    connection.close()

    assert ask("U3") == [units[3]]
