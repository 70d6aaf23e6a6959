"""Raw records come in whole or not at all; the newest slice counts, older ones stay askable."""

from datetime import timedelta
from pathlib import Path

import pytest

from namro.measuring import measure, open_store
from namro.terms import Period
from namro.web.facts import actions, feed, queries
from namro.web.facts.library import library
from namro.web.facts.models import Batch, BatchSlice, Figure, Tally
from namro.web.facts.slices import hash_key
from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from tests.web.facts.conftest import AT

pytestmark = pytest.mark.django_db
TERM = "nq57.online-dossiers"
HEAD = "dossier,unit,procedure,received_on,channel,digitised,officer,applicant_name\n"


@pytest.fixture
def send(world, tmp_path):
    """send("c1 online 3, c1 counter 1", after=hours, by=user) sends one file of September."""

    def enter(told, *, after=0, by=None, name="ho-so.csv", period="202509", day="2025-09-02"):
        lines, number = [], 0
        for group in told.split(","):
            unit, channel, times = group.split()
            for _ in range(int(times)):
                number += 1
                lines.append(
                    f"H{after}-{number},{unit},TT1,{day},{channel},yes,canbo7,Nguyễn Văn Kín\n"
                )
        path = tmp_path / f"sent-{after}.csv"
        path.write_text(HEAD + "".join(lines), encoding="utf-8")
        return actions.take_batch(
            dataset="dossiers", period_code=period, path=path, file_name=name, by=by,
            at=AT + timedelta(hours=after),
        )  # fmt: skip

    return enter


def test_batch_counts_into_figures_of_every_level(send, figure):
    actions.open_period(period_code="202509", at=AT)
    batch = send("c1 online 3, c1 counter 1, c2 post 2")
    assert batch.rows == 6
    assert figure("c1", term=TERM) == (3, 4, 1)
    assert figure("12", term=TERM) == (3, 6, 2)


def test_new_file_replaces_its_units_slices_and_only_those(send, figure):
    actions.open_period(period_code="202509", at=AT)
    send("c1 online 3, c1 counter 1, c2 post 2")
    send("c1 online 1, c1 counter 1", after=2)
    assert figure("c1", term=TERM) == (1, 2, 1)
    assert figure("12", term=TERM) == (1, 4, 2)
    assert BatchSlice.objects.count() == 3


def test_replaced_slice_still_counts_as_of_its_time(world, send):
    actions.open_period(period_code="202509", at=AT)
    send("c1 online 3, c1 counter 1")
    send("c1 online 1, c1 counter 1", after=2)
    online = library().measures[TERM]
    with open_store(feed.ensure_fresh()) as tables:
        ask = {"period": Period.of("202509"), "units": ["c1"]}
        then = measure([online], tables, as_of=AT + timedelta(hours=1), **ask)
        now = measure([online], tables, **ask)
    assert [(r.numerator, r.denominator) for r in (*then, *now)] == [(3, 4), (1, 2)]


def test_same_file_twice_is_said_and_changes_nothing(send, tmp_path):
    send("c1 online 3")
    path = tmp_path / "sent-0.csv"
    with pytest.raises(actions.AlreadyTaken, match=r"đã được nạp lúc 16:00 ngày 20/9/2025"):
        actions.take_batch(
            dataset="dossiers", period_code="202509", path=path, file_name="lan-hai.csv",
            by=None, at=AT + timedelta(hours=1),
        )  # fmt: skip
    assert Batch.objects.count() == 1


def test_older_file_may_come_back_after_it_was_replaced(send, figure, tmp_path):
    actions.open_period(period_code="202509", at=AT)
    send("c1 online 3")
    send("c1 online 1", after=1)
    actions.take_batch(
        dataset="dossiers", period_code="202509", path=tmp_path / "sent-0.csv", file_name="a.csv",
        by=None, at=AT + timedelta(hours=2),
    )  # fmt: skip
    assert figure("c1", term=TERM) == (3, 3, 1)


def test_faulty_file_leaves_nothing_behind(send, settings):
    with pytest.raises(actions.FaultyRecords) as caught:
        send("c1 online 1, xa-la online 1", name="thang-9.csv")
    fault = caught.value.faults[0]
    assert "xa-la" in fault.message and fault.place.file == "thang-9.csv"
    assert not Batch.objects.exists() and not Tally.objects.exists()
    assert not Path(settings.NAMRO_FILES).exists()


def test_records_of_units_out_of_reach_are_refused(world, send):
    with pytest.raises(NotAllowed):
        send("c2 online 1", by=world.people["baocao"])
    assert send("c2 online 1", by=world.people["dieuphoi"]).recorded_by == world.people["dieuphoi"]


def test_year_to_date_reaches_later_months_only(send, figure):
    for code in ("202508", "202509", "202510"):
        actions.open_period(period_code=code, at=AT)
    send("c1 online 2, c1 counter 2")
    assert figure("c1", "202508", term=TERM) == (0, 0, 0)
    assert figure("c1", "202510", term=TERM) == (2, 4, 1)


def test_personal_columns_never_reach_the_kept_slice(send, settings):
    send("c1 online 1")
    kept = [f for f in Path(settings.NAMRO_FILES).rglob("*") if f.is_file()]
    assert len(kept) == 1
    assert "Kín".encode() not in kept[0].read_bytes()
    assert b"canbo7" not in kept[0].read_bytes()


def test_hash_key_stays_when_the_secret_key_changes(settings):
    first = hash_key()
    settings.SECRET_KEY = "another"
    assert hash_key() == first and len(first) == 32


def test_store_deleted_is_built_again_with_the_same_answers(send, settings):
    actions.open_period(period_code="202509", at=AT)
    send("c1 online 3, c1 counter 1")
    before = feed.fresh()
    assert queries.verify() == []
    import shutil

    shutil.rmtree(before[0])
    assert feed.fresh() == before
    assert queries.verify() == []


def test_batch_is_in_the_journal(send):
    send("c1 online 3")
    entry = JournalEntry.objects.get(verb="facts.take_batch")
    assert "ho-so.csv" in entry.summary and "3 bản ghi" in entry.summary


def test_new_definition_counts_records_taken_in_before(send, by_post, figure):
    actions.open_period(period_code="202509", at=AT)
    send("c1 online 3, c1 post 1")
    by_post("year_to_date")
    actions.refresh_expected(at=AT)
    assert figure("12", term="own.by-post") == (1, 4, 1)
    assert not Figure.objects.filter(term=TERM, counted__gt=0).exists()
    assert queries.verify() == []
