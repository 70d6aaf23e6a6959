"""What was said stays said; figures follow it in the same transaction."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from namro.web.facts import actions, queries, upkeep
from namro.web.facts.models import (
    Batch,
    Expected,
    Figure,
    KnownPeriod,
    Ledger,
    MeasureText,
    Observation,
)
from namro.web.facts.rules import FaultySaying, Said, changes, merged, without
from namro.web.org.models import JournalEntry, UnitLink
from namro.web.plans.models import Assignment
from tests.web.facts.conftest import AT, CADRES, TRAINED

pytestmark = pytest.mark.django_db


def test_record_adds_up_through_both_trees_each_ancestor_once(world, say, cadres, figure):
    actions.open_period(period_code="202509", at=AT)
    # The commune stands under the province in the Party's tree too: it must not count twice.
    UnitLink.objects.create(
        tree="PARTY", unit=world.units["c1"], superior=world.units["c1-DU"],
        from_on=date(2025, 1, 1),
    )  # fmt: skip
    from namro.web.org.actions import rebuild_ancestors

    rebuild_ancestors()
    say("c1", "202509", cadres(40, 32))
    say("c2", "202509", cadres(20, 5))
    assert figure("c1") == (32, 40, 1)
    assert figure("12-UB") == (37, 60, 2)
    assert figure("12") == (37, 60, 2)
    assert figure("12-TU") == (32, 40, 1)
    assert figure("12-KHCN") == (0, 0, 0)


def test_correction_adds_a_row_and_moves_figures_by_the_difference(say, cadres, figure):
    actions.open_period(period_code="202509", at=AT)
    say("c1", "202509", cadres(40, 32))
    rows = say("c1", "202509", {TRAINED: 30}, after=1)
    assert [(r.value, r.delta, r.dn) for r in rows] == [(30, -2, 0)]
    assert Observation.objects.filter(element=TRAINED).count() == 2
    assert figure("12") == (30, 40, 1)


def test_withdrawal_takes_the_unit_out_of_the_figure(say, cadres, figure):
    actions.open_period(period_code="202509", at=AT)
    say("c1", "202509", cadres(40, 32))
    say("c2", "202509", cadres(20, 5))
    rows = say("c1", "202509", {TRAINED: None}, after=1)
    assert [(r.value, r.delta, r.dn) for r in rows] == [(None, -32, -1)]
    assert figure("12") == (5, 20, 1)
    again = say("c1", "202509", {TRAINED: 31}, after=2)
    assert [(r.delta, r.dn) for r in again] == [(31, 1)]
    assert figure("12") == (36, 60, 2)


def test_unchanged_value_makes_no_row(say, cadres):
    say("c1", "202509", cadres(40, 32))
    assert say("c1", "202509", cadres(40, 32), after=1) == []
    assert say("c1", "202508", {TRAINED: None}, after=1) == []
    assert Observation.objects.count() == 2


def test_several_trails_at_once_enter_what_each_by_itself_would(world, cadres, figure):
    """Among them two that tell of the same cells: the later one corrects the earlier."""
    actions.open_period(period_code="202509", at=AT)
    said = [("c1", cadres(40, 32)), ("c2", cadres(20, 5)), ("c1", {TRAINED: 30, CADRES: 40})]
    trails = {
        f"submission:{n}": [
            Said(e, world.units[code].pk, "202509", None if v is None else Decimal(v))
            for e, v in values.items()
        ]
        for n, (code, values) in enumerate(said)
    }
    columns = "element unit_id period value delta dn source".split()
    with transaction.atomic():
        for source, some in trails.items():
            actions.record(said=some, source=source, by=None, at=AT)
        apart = list(Observation.objects.order_by("pk").values_list(*columns))
        figures = [figure(unit) for unit in ("c1", "c2", "12")]
        transaction.set_rollback(True)
    rows = actions.record_all(told=trails, by=None, at=AT)
    together = Observation.objects.order_by("pk")
    assert list(together.values_list(*columns)) == apart
    assert [figure(unit) for unit in ("c1", "c2", "12")] == figures
    assert [r.pk for some in rows.values() for r in some] == [o.pk for o in together]


def test_zero_is_a_value_and_not_silence(say, cadres, figure):
    actions.open_period(period_code="202509", at=AT)
    say("c1", "202509", cadres(40, 0))
    assert figure("12") == (0, 40, 1)


def test_stock_is_carried_into_later_known_periods(say, cadres, figure):
    for code in ("202508", "202509"):
        actions.open_period(period_code=code, at=AT)
    say("c1", "202508", cadres(40, 32))
    assert figure("12", "202509") == (32, 40, 1)
    say("c1", "202509", cadres(42, 40), after=1)
    assert figure("12", "202508") == (32, 40, 1)
    assert figure("12", "202509") == (40, 42, 1)


def test_carried_stock_is_counted_and_heard_only_when_it_is_told_anew(world, say, cadres):
    for code in ("202508", "202509"):
        actions.open_period(period_code=code, at=AT)

    def units(code):
        row = Figure.objects.get(
            term="nq57.commune-cadres-trained", unit=world.units[code], period="202509"
        )
        return (row.counted, row.heard, row.own_counted, row.own_heard)

    say("c1", "202508", cadres(40, 32))
    say("c2", "202509", cadres(20, 5))
    assert [units("c1"), units("c2"), units("12")] == [(1, 0, 1, 0), (1, 1, 1, 1), (2, 1, 0, 0)]
    say("c1", "202509", cadres(40, 32), after=1)  # the same values, said of this month
    assert [units("c1"), units("12")] == [(1, 1, 1, 1), (2, 2, 0, 0)]
    say("c1", "202509", {TRAINED: None}, after=2)
    assert [units("c1"), units("12")] == [(1, 0, 1, 0), (2, 1, 0, 0)]
    assert queries.verify() == []


def test_open_period_fills_in_what_is_carried_already(say, cadres, figure):
    say("c1", "202508", cadres(40, 32))
    assert not Figure.objects.exists()
    actions.open_period(period_code="202509", at=AT)
    assert figure("12", "202509") == (32, 40, 1)
    assert actions.open_period(period_code="202509", at=AT) == KnownPeriod.objects.get()


def test_unit_that_owes_nothing_enters_the_ledger_but_no_figure(say, cadres, figure):
    actions.open_period(period_code="202509", at=AT)
    say("12-KHCN", "202509", cadres(40, 32))
    assert Observation.objects.count() == 2
    assert figure("12") == (0, 0, 0)


def test_new_assignment_brings_in_what_was_said_before(world, say, cadres, figure):
    actions.open_period(period_code="202509", at=AT)
    say("12-KHCN", "202509", cadres(40, 32))
    Assignment.objects.create(
        target=world.targets["5"], unit=world.units["12-KHCN"], part="EXECUTOR",
        from_on=date(2025, 1, 1), assigned_at=AT,
    )  # fmt: skip
    actions.refresh_expected(at=AT)
    assert figure("12") == (32, 40, 1)


def test_ended_assignment_leaves_later_periods_only(world, say, cadres, figure):
    for code in ("202508", "202509"):
        actions.open_period(period_code=code, at=AT)
    say("c1", "202508", cadres(40, 32))
    Assignment.objects.filter(target=world.targets["5"], unit=world.units["c1"]).update(
        to_on=date(2025, 9, 1)
    )
    actions.refresh_expected(at=AT)
    assert figure("12", "202508") == (32, 40, 1)
    assert figure("12", "202509") == (0, 0, 0)


def test_moved_unit_takes_its_figures_along(world, say, cadres, figure):
    actions.open_period(period_code="202509", at=AT)
    say("c1", "202509", cadres(40, 32))
    UnitLink.objects.filter(unit=world.units["c1"]).update(superior=world.units["12-SNV"])
    from namro.web.org.actions import rebuild_ancestors

    rebuild_ancestors()
    upkeep.ensure_current(at=AT)
    assert figure("12-SNV") == (32, 40, 1)
    assert figure("12") == (32, 40, 1)


def test_unknown_element_or_period_enters_nothing(world, say):
    with pytest.raises(FaultySaying, match="không-có"):
        say("c1", "202509", {CADRES: 40, "không-có": 1})
    with pytest.raises(FaultySaying, match="2025X"):
        say("c1", "2025X", {CADRES: 40})
    assert not Observation.objects.exists()


@pytest.mark.parametrize("model", [Observation, Batch, MeasureText])
def test_database_refuses_to_change_or_delete_facts(world, say, cadres, model):
    say("c1", "202509", cadres(40, 32))
    Batch.objects.create(
        code="b1", dataset="dossiers", period="202509", file_name="a.csv", sha256="0" * 64,
        records_sha256="0" * 64, rows=1, recorded_at=AT,
    )  # fmt: skip
    assert model.objects.exists()
    field = {Observation: "source", Batch: "file_name", MeasureText: "text"}[model]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.update(**{field: "x"})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
    assert model.objects.exists()


def test_close_until_never_goes_back(say, cadres):
    actions.close_until(as_of=AT)
    actions.close_until(as_of=AT - timedelta(days=1))
    rows = say("c1", "202509", cadres(40, 32), after=-1)
    assert {r.recorded_at for r in rows} == {AT + timedelta(microseconds=1)}
    rows = say("c1", "202509", cadres(40, 33), after=1)
    assert {r.recorded_at for r in rows} == {AT + timedelta(hours=1)}


def test_record_keeps_the_ledgers_end_and_a_line_in_the_journal(say, cadres):
    rows = say("c1", "202509", cadres(40, 32), source="submission:7")
    assert Ledger.objects.get().last_id == max(r.pk for r in rows)
    entry = JournalEntry.objects.get(verb="facts.record")
    assert entry.details["source"] == "submission:7"
    assert {r.source for r in rows} == {"submission:7"}
    assert {r.cell for r in rows} == {"Biểu 1!D7"}


def test_text_of_a_definition_is_kept_on_first_use(say, cadres):
    say("c1", "202509", cadres(40, 32))
    kept = MeasureText.objects.get(measure="nq57.commune-cadres-trained")
    assert 'measure = "nq57.commune-cadres-trained"' in kept.text


def test_rebuild_gives_the_same_rows_and_goes_on_where_it_stopped(say, cadres):
    for code in ("202508", "202509"):
        actions.open_period(period_code=code, at=AT)
    say("c1", "202508", cadres(40, 32))
    say("c2", "202509", cadres(20, 5), after=1)

    def rows():
        told = Figure.objects.values_list("term", "period", "unit", "numerator", "counted", "heard")
        return sorted(r for r in told if r[-2])

    before, seen = rows(), []

    def stop_at_second(done, all, label):
        seen.append(label)
        if done == 1 and len(seen) == 2:
            raise KeyboardInterrupt

    Figure.objects.update(numerator=Decimal(7))
    with pytest.raises(KeyboardInterrupt):
        actions.rebuild_figures(at=AT + timedelta(days=1), progress=stop_at_second)
    assert actions.rebuild_figures(at=AT + timedelta(days=2)) > 0
    assert rows() == before
    assert Ledger.objects.get().rebuild_began_at is None


def test_form_of_200_values_takes_few_queries(world, django_assert_max_num_queries):
    for month in range(1, 13):
        actions.open_period(period_code=f"2025{month:02d}", at=AT)
    from namro.web.facts.library import library

    said = [
        Said(e, world.units["c1"].pk, f"2025{m:02d}", Decimal(20))
        for e, told in library().elements.items()
        for m in range(1, 5)
        if told.kind == "number"
    ]
    with django_assert_max_num_queries(24):
        actions.record(said=said, source="submission:1", by=None, at=AT)


def test_changes_follow_each_other_within_one_form():
    said = [Said("e", 1, "202509", Decimal(v) if v is not None else None) for v in (3, 5, None, 4)]
    found = changes({}, {"submission:1": said})["submission:1"]
    assert [(c.delta, c.dn) for c in found] == [(3, 1), (2, 0), (-5, -1), (4, 1)]


def test_merged_joins_what_touches():
    a, b, c, d = (date(2025, m, 1) for m in (1, 2, 3, 4))
    assert merged([(c, None), (a, b), (b, c)]) == [(a, None)]
    assert merged([(c, d), (a, b)]) == [(a, b), (c, d)]


def test_without_leaves_the_days_nobody_took():
    a, b, c, d = (date(2025, m, 1) for m in (1, 2, 3, 4))
    assert without([(a, None)], [(b, c)]) == [(a, b), (c, None)]
    assert without([(b, c)], [(a, None)]) == []
    assert without([(b, d)], [(a, c)]) == [(c, d)]
    assert without([(a, b)], [(c, d)]) == [(a, b)]
    assert without([(a, None)], []) == [(a, None)]


def test_lead_owes_what_one_unit_supplies_only_without_an_executor(world):
    target = world.targets["5"]
    target.measure = "nq57.transformation-index"
    target.save()
    target.assignments.filter(part="EXECUTOR").exclude(unit=world.units["c1"]).delete()
    target.assignments.filter(part="EXECUTOR").update(to_on=date(2025, 7, 1))
    actions.refresh_expected(at=AT)
    told = Expected.objects.filter(measure=target.measure).order_by("from_on")
    assert [(e.unit.code, e.from_on, e.to_on) for e in told] == [
        ("c1", date(2025, 1, 1), date(2025, 7, 1)),
        ("12-SNV", date(2025, 7, 1), None),
    ]
