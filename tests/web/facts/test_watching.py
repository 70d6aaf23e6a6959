"""Whatever changes beneath the figures leaves a mark, by an action or by a hand at the database."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from namro.web.facts import actions, upkeep, watching
from namro.web.facts.models import Expected, Figure, Ledger, Touched
from namro.web.org.actions import rebuild_ancestors
from namro.web.org.models import Unit, UnitAncestor, UnitLink, UnitSuccession
from namro.web.plans.models import Assignment, Target
from tests.web.facts.conftest import AT
from tests.web.facts.test_writers import _in_thread
from tests.world import make_world

pytestmark = pytest.mark.django_db
SINCE = date(2025, 1, 1)


def _given(world, code="c1", target="5"):
    return Assignment.objects.filter(target=world.targets[target], unit=world.units[code])


def assign(world):
    Assignment.objects.create(
        target=world.targets["5"], unit=world.units["12-KHCN"], part="EXECUTOR",
        from_on=SINCE, assigned_at=AT,
    )  # fmt: skip


def end(world):
    _given(world).update(to_on=date(2025, 9, 1))


def begin_later(world):
    _given(world).update(from_on=date(2025, 3, 1))


def take_another_part(world):
    _given(world).update(part="ADVISER")


def give_to_another(world):
    _given(world).update(unit=world.units["12-KHCN"])


def give_another_target(world):
    _given(world, "12-SNV").update(target=world.targets["12"])


def forget_a_part(world):
    _given(world).delete()


def bind(world):
    Target.objects.filter(pk=world.targets["5"].pk).update(measure="nq57.technical-leaders")


def unbind_by_saving(world):
    world.targets["5"].measure = ""
    world.targets["5"].save()


def add_bound_target(world):
    Target.objects.create(
        plan=world.plan, code="99", position=99, quote="…", subject="…", comparator=">=",
        value=3, measure="nq57.technical-leaders",
    )  # fmt: skip


def remove_bound_target(world):
    add_bound_target(world)
    upkeep.ensure_current(at=AT)
    Target.objects.get(code="99").delete()


def move(world):
    UnitLink.objects.filter(unit=world.units["c1"]).update(superior=world.units["12-SNV"])
    rebuild_ancestors()


def end_an_ancestor(world):
    row = UnitAncestor.objects.filter(unit=world.units["c1"], ancestor=world.units["12"])
    row.update(to_on=date(2025, 8, 1))


def add_an_ancestor(world):
    UnitAncestor.objects.create(
        unit=world.units["c1"], ancestor=world.units["12-SNV"], tree="PARTY", from_on=SINCE
    )


def succeed(world):
    UnitSuccession.objects.create(
        unit=world.units["c1"], heir=world.units["c2"], on=date(2025, 9, 1), recorded_at=AT
    )


def close(world):
    Unit.objects.filter(code="c1").update(closed_on=date(2025, 9, 1))


def rename(world):
    Unit.objects.filter(code="c1").update(name="Xã khác")


DEBTS = [
    assign, end, begin_later, take_another_part, give_to_another, give_another_target,
    forget_a_part, bind, unbind_by_saving, add_bound_target, remove_bound_target,
]  # fmt: skip
TREE = [move, end_an_ancestor, add_an_ancestor, succeed, close]


@pytest.mark.parametrize(
    ("changes", "what"),
    [(c, watching.DEBTS) for c in DEBTS]
    + [(c, watching.TREE) for c in TREE]
    + [(rename, watching.NAMES)],
    ids=lambda told: getattr(told, "__name__", ""),
)
def test_every_change_leaves_a_mark_until_it_is_taken_in(world, changes, what):
    upkeep.ensure_current(at=AT)
    before = Ledger.objects.get().built_from
    assert not Touched.objects.exists()
    changes(world)
    assert set(Touched.objects.values_list("what", flat=True)) == {what}
    upkeep.ensure_current(at=AT + timedelta(hours=1))
    assert not Touched.objects.exists()
    assert Ledger.objects.get().built_from["token"] != before["token"]


def test_what_figures_do_not_rest_on_leaves_none(world):
    upkeep.ensure_current(at=AT)
    Unit.objects.filter(code="c1").update(opened_on=SINCE, closed_on=None)
    Target.objects.filter(code="5").update(subject="…")
    Target.objects.get(code="5").save()
    Assignment.objects.create(
        task=world.task, unit=world.units["c3"], part="ADVISER", from_on=SINCE, assigned_at=AT,
    )  # fmt: skip
    Assignment.objects.filter(target__isnull=False).update(assigned_at=AT)
    assert not Touched.objects.exists()


def test_a_new_name_recomputes_no_figure(world, say, cadres, django_assert_max_num_queries):
    actions.open_period(period_code="202509", at=AT)
    say("c1", "202509", cadres(40, 32))
    token = upkeep.ensure_current(at=AT)
    rename(world)
    with django_assert_max_num_queries(12):
        assert upkeep.ensure_current(at=AT) != token
    assert not Touched.objects.exists()


def test_a_look_when_nothing_changed_is_one_query(world, django_assert_num_queries):
    upkeep.ensure_current(at=AT)
    with django_assert_num_queries(1):
        upkeep.ensure_current(at=AT)


def test_a_day_moved_by_hand_reaches_the_figures(world, say, cadres, figure):
    """The number of assignments, and of ended ones, stays the same: only the mark tells."""
    actions.open_period(period_code="202509", at=AT)
    say("c1", "202509", cadres(40, 32))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE plans_assignment SET from_on = '2025-12-01' WHERE unit_id = %s",
            [world.units["c1"].pk],
        )
    upkeep.ensure_current(at=AT)
    assert figure("12") == (0, 0, 0)
    assert not Figure.objects.filter(unit=world.units["12"], counted__gt=0).exists()


def test_what_one_puts_in_by_hand_is_settled_only_when_one_says_so(world):
    upkeep.ensure_current(at=AT)
    Expected.objects.create(measure="by-hand", unit=world.units["c1"], from_on=SINCE)
    _given(world).update(from_on=date(2025, 3, 1))
    upkeep.settle(upkeep.lock())
    upkeep.ensure_current(at=AT)
    assert Expected.objects.filter(measure="by-hand").exists()


def test_the_watch_is_laid_again_where_a_table_was_made_anew(world):
    watching.lift(connection)
    assign(world)
    upkeep.ensure_current(at=AT)
    Touched.objects.all().delete()
    for _ in range(2):
        watching.lay_again(using="default")
    end(world)
    assert Touched.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_a_change_that_ends_after_a_later_one_is_not_missed():
    world = make_world()
    upkeep.ensure_current(at=AT)
    changed, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            assign(world)
            changed.set()
            assert go_on.wait(20)

    join = _in_thread(slow)
    assert changed.wait(20)
    end(world)
    upkeep.ensure_current(at=AT)
    assert not Touched.objects.exists()
    go_on.set()
    join()
    assert Touched.objects.count() == 1
    upkeep.ensure_current(at=AT)
    assert Expected.objects.filter(unit=world.units["12-KHCN"]).exists()


def test_an_undone_change_leaves_nothing(world):
    upkeep.ensure_current(at=AT)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assign(world)
        raise ZeroDivisionError
    assert not Touched.objects.exists()
