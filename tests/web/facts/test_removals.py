"""Records leave the disk when their term ends or somebody asks; what was counted in them stays."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from namro.measuring import measure, open_store, read_records
from namro.terms import Period
from namro.web.facts import actions, feed, queries, remains, removals, slices
from namro.web.facts.library import library
from namro.web.facts.models import Batch, Removal
from namro.web.frame import files
from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from tests.web.facts.conftest import AT
from tests.web.facts.test_batches import HEAD, TERM, send  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db
SEPTEMBER = Period.of("202509")
LATER = AT + timedelta(days=1)


@pytest.fixture
def batch(world, send):  # noqa: F811
    actions.open_period(period_code="202509", at=AT)
    return send("c1 online 3, c1 counter 1, c2 post 2")


def told(as_of=None):
    """(unit, numerator, denominator) of the measure, from the store."""
    with open_store(feed.ensure_fresh()) as tables:
        found = measure([library().measures[TERM]], tables, period=SEPTEMBER, as_of=as_of)
    return {(r.unit, r.numerator, r.denominator) for r in found}


def rows_in_store():
    with open_store(feed.ensure_fresh()) as tables:
        rows, total = read_records(
            library().datasets["dossiers"], tables, unit="12", period=SEPTEMBER
        )
    assert len(rows) == total
    return total


def test_figures_stay_to_the_digit_when_the_records_are_gone(batch, figure):
    before, then = told(), told(as_of=AT)
    removals.remove(batch=batch, reason="TERM", by=None, at=LATER)
    assert told() == before and told(as_of=AT) == then == before
    assert figure("12", term=TERM) == (3, 6, 2)
    assert queries.verify() == []
    assert rows_in_store() == 0


def test_records_leave_the_disk_and_the_store(batch, settings):
    feed.ensure_fresh()
    removals.remove(batch=batch, reason="TERM", by=None, at=LATER)
    assert not files.path_of(batch.records_sha256).exists()
    assert not list((Path(settings.NAMRO_STORE) / "records").rglob("*.parquet"))
    feed.rebuild()
    assert queries.verify() == []


def test_records_of_one_unit_go_and_the_others_stay(batch):
    removal = removals.remove(batch=batch, units=["c1"], reason="REQUEST", by=None, at=LATER)
    assert (removal.rows, rows_in_store()) == (4, 2)
    assert queries.verify() == []
    with pytest.raises(removals.NothingToRemove):
        removals.remove(batch=batch, units=["c1"], reason="REQUEST", by=None, at=LATER)
    removals.remove(batch=batch, reason="TERM", by=None, at=LATER)
    assert rows_in_store() == 0 and queries.verify() == []


def test_one_person_goes_by_the_keyed_hash_and_is_not_named(batch, send):  # noqa: F811
    dataset = library().datasets["dossiers"]
    (removal,) = removals.remove_person(
        dataset=dataset, column="officer", number="canbo7", note="Đơn số 5", by=None, at=LATER
    )
    assert removal.rows == 6 and remains.records_of(batch) is None
    told_ = str(JournalEntry.objects.filter(verb="facts.remove_records").values().get())
    mark = slices.records.columns.person_hash(slices.hash_key(), "canbo7")
    assert "canbo7" not in told_ and mark not in told_ + str(Removal.objects.values().get())
    assert queries.verify() == []
    with pytest.raises(removals.NothingToRemove, match="không lưu dấu"):
        removals.remove_person(
            dataset=dataset, column="dossier", number="H1", note="", by=None, at=LATER
        )


def test_new_definition_never_counts_what_is_no_longer_whole(batch, send, by_post):  # noqa: F811
    """A count asked for the first time has no answer where records went, on either way."""
    removals.remove(batch=batch, units=["c1"], reason="REQUEST", by=None, at=LATER)
    by_post("period")
    actions.refresh_expected(at=LATER)
    with open_store(feed.ensure_fresh()) as tables:
        found = measure([library().measures["own.by-post"]], tables, period=SEPTEMBER)
    assert {r.unit: r.numerator for r in found if r.unit in ("c1", "c2")} == {"c1": None, "c2": 2}
    assert queries.verify() == []


def test_replaced_batch_may_go_and_the_past_is_still_answered(batch, send):  # noqa: F811
    send("c1 online 1", after=2)
    now, then = told(), told(as_of=AT + timedelta(hours=1))
    removals.remove(batch=batch, reason="TERM", by=None, at=LATER)
    assert (told(), told(as_of=AT + timedelta(hours=1))) == (now, then)
    assert now != then and queries.verify() == []


def test_term_is_counted_from_the_end_of_the_period(batch):
    end = removals.kept_until(library().datasets["dossiers"], "202509")
    assert end == date(2028, 9, 14)
    assert list(removals.overdue(end)) == []
    assert list(removals.overdue(end + timedelta(days=1))) == [(batch, end)]
    removals.remove(batch=batch, reason="TERM", by=None, at=LATER)
    assert list(removals.overdue(end + timedelta(days=1))) == []


def test_deletion_is_itself_append_only_and_in_the_journal(batch):
    removal = removals.remove(batch=batch, reason="TERM", note="hết hạn", by=None, at=LATER)
    for change in (lambda: Removal.objects.update(rows=0), removal.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    entry = JournalEntry.objects.get(verb="facts.remove_records")
    assert "Xóa 6 bản ghi (hết thời hạn lưu)" in entry.summary


def test_deletion_cut_off_before_the_file_went_is_finished_by_the_next_sweep(batch):
    path = files.path_of(batch.records_sha256)
    content = path.read_bytes()
    removals.remove(batch=batch, reason="TERM", by=None, at=LATER)
    path.write_bytes(content)
    assert removals.sweep() == 1 and not path.exists()


def test_deleting_is_for_who_takes_records_in(batch, world):
    with pytest.raises(NotAllowed):
        removals.remove(batch=batch, reason="REQUEST", by=world.people["baocao"], at=LATER)
    assert Batch.objects.count() == 1 and not Removal.objects.exists()
