"""The daily job: twice a day, after missed days, two at once, to the right people, failing mail."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection

from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from namro.web.org.rules import Role
from namro.web.oversight import reminders
from namro.web.oversight.models import Letter, Reminder
from namro.web.oversight.queries import open_things
from namro.web.oversight.rules import Outcome
from namro.web.reporting.models import Submission, TaskUpdate
from tests.web.oversight.setting import add_head, add_person, after, at, open_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def urge(django_capture_on_commit_callbacks):
    """urge(day) runs the job as if committed."""

    def run(day: date, **more):
        with django_capture_on_commit_callbacks(execute=True):
            return reminders.run(today=day, at=at(day), **more)

    return run


def steps(rows):
    return sorted((r.step, r.to.username if r.to else "", r.passed_over) for r in rows)


def test_run_before_the_ladder_begins_writes_nothing(world, urge):
    open_round(world)
    assert urge(after(-4)) == []
    assert mail.outbox == []


def test_run_writes_to_the_units_reporters_with_the_thing_and_its_deadline(world, urge):
    open_round(world)
    written = urge(after(-3))
    assert steps(written) == [("SOON", "baocao", False)]
    assert mail.outbox[0].to == ["baocao@mau.example"]
    assert "Báo cáo số liệu tháng 9/2025 gửi Sở Nội vụ" in mail.outbox[0].body
    assert "16:00 ngày 20/9/2025 (còn 3 ngày)" in mail.outbox[0].body


def test_run_twice_a_day_writes_and_sends_nothing_more(world, urge):
    open_round(world)
    urge(after(0))
    assert urge(after(0)) == []
    assert len(mail.outbox) == 1


def test_run_climbs_the_ladder_day_by_day_to_head_and_superior(world, urge):
    open_round(world)
    add_head(world)
    sent = {d: steps(urge(after(d))) for d in range(-4, 20)}
    assert {d: s for d, s in sent.items() if s} == {
        -3: [("SOON", "baocao", False)],
        0: [("DUE", "baocao", False)],
        1: [("LATE", "baocao", False)],
        7: [("HEAD", "truongc1", False)],
        15: [("SUPERIOR", "dieuphoi", False), ("SUPERIOR", "lanhdao", False)],
    }


def test_run_after_missed_days_sends_the_highest_step_and_records_the_others(world, urge):
    open_round(world)
    add_head(world)
    written = urge(after(9))
    assert steps(written) == [
        ("DUE", "", True),
        ("HEAD", "truongc1", False),
        ("LATE", "", True),
        ("SOON", "", True),
    ]
    assert len(mail.outbox) == 1
    assert urge(after(9)) == []


def test_run_puts_many_things_of_one_person_into_one_letter(world, urge):
    open_round(world, period="202508")
    open_round(world, period="202509")
    written = urge(after(1))
    late = [r for r in written if not r.passed_over]
    assert len(late) == 2
    assert len({r.letter_id for r in late}) == 1
    assert len(mail.outbox) == 1
    assert mail.outbox[0].subject.startswith("Đôn đốc: 2 việc quá hạn")


def test_run_writes_to_the_assigned_person_alone(world, urge):
    own = add_person(world, "phutrach", "c1", Role.REPORTER)
    duty = open_round(world)[0]
    duty.person = own
    duty.save()
    assert steps(urge(after(-3))) == [("SOON", "phutrach", False)]


def test_run_leaves_alone_what_was_submitted_or_done(world, urge):
    duty = open_round(world)[0]
    Submission.objects.create(
        duty=duty, version=1, status="SUBMITTED", saved_at=at(after(-5)),
        sent_at=at(after(-5)),
    )  # fmt: skip
    assert urge(after(30)) == []


def test_run_leaves_alone_a_finished_task(world, urge):
    TaskUpdate.objects.create(
        task=world.task, unit=world.units["12-VP"], by=world.dieuphoi,
        kind="DONE", at=at(after(-5)), text="Đã tổ chức", done_on=after(-5),
    )  # fmt: skip
    assert urge(after(30)) == []


def test_run_urges_the_lead_unit_of_a_task(world, urge):
    written = urge(date(2025, 9, 30))
    assert [(r.thing, r.step, r.to.username) for r in written if not r.passed_over] == [
        ("task", "DUE", "dieuphoi")
    ]


def test_run_starts_the_ladder_anew_when_the_deadline_moves(world, urge):
    duty = open_round(world)[0]
    urge(after(1))
    duty.round.due_at += timedelta(days=10)
    duty.round.save()
    assert steps(urge(after(8))) == [("SOON", "baocao", False)]


def test_run_of_a_unit_without_people_is_shown_and_mends_itself(world, urge):
    open_round(world, communes=("c3",))
    written = urge(after(0))
    assert [r.outcome for r in written if not r.passed_over] == [Outcome.NOBODY]
    assert urge(after(0)) == []
    add_person(world, "moi", "c3", Role.REPORTER)
    assert steps(urge(after(0))) == [("DUE", "moi", False)]


def test_write_of_two_runs_at_once_inserts_and_sends_once(
    world, django_capture_on_commit_callbacks
):
    open_round(world)
    today = after(0)
    one = reminders.plan_steps(open_things(today), today)
    other = reminders.plan_steps(open_things(today), today)  # looked before the first wrote
    first = reminders.write(one, today=today, at=at(today))
    second = reminders.write(other, today=today, at=at(today))
    assert [len(first), len(second)] == [2, 0]
    assert Letter.objects.count() == 1


def test_send_waiting_leaves_a_letter_another_run_is_sending(world, urge):
    open_round(world)
    reminders.run(today=after(0), at=at(after(0)))  # not yet committed: nothing sent
    Letter.objects.update(claimed_at=at(after(0)))
    assert reminders.send_waiting(at=at(after(0)) + timedelta(minutes=1)) == (0, 0)
    assert reminders.send_waiting(at=at(after(0)) + timedelta(minutes=31)) == (1, 0)


def test_run_keeps_a_failed_letter_with_its_reason_and_sends_it_next_time(world, urge, settings):
    open_round(world)
    settings.EMAIL_BACKEND = "tests.web.oversight.refusing.EmailBackend"
    urge(after(0))
    letter = Letter.objects.get()
    assert letter.outcome is Outcome.FAILED
    assert "hộp thư đầy" in letter.failure
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    urge(after(0))
    letter.refresh_from_db()
    assert letter.outcome is Outcome.SENT
    assert letter.attempts == 2
    assert len(mail.outbox) == 1


def test_run_withdraws_a_failed_letter_once_its_things_are_done(world, urge, settings):
    duty = open_round(world)[0]
    settings.EMAIL_BACKEND = "tests.web.oversight.refusing.EmailBackend"
    urge(after(0))
    Submission.objects.create(
        duty=duty, version=1, status="SUBMITTED", saved_at=at(after(0)),
        sent_at=at(after(0)),
    )  # fmt: skip
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    urge(after(1))
    assert Letter.objects.get().outcome is Outcome.WITHDRAWN
    assert mail.outbox == []


def test_run_shows_people_without_an_address_and_sends_them_nothing(world, urge):
    open_round(world, communes=("c3",))
    add_person(world, "khongthu", "c3", Role.REPORTER, email="")
    written = urge(after(-3))
    assert [r.outcome for r in written] == [Outcome.NO_ADDRESS]
    assert mail.outbox == []


def test_run_says_the_full_address_of_the_thing(world, urge, settings):
    settings.NAMRO_ADDRESS = "https://namro.mau.example/"
    duty = open_round(world)[0]
    urge(after(0))
    assert "Mở tại: https://namro.mau.example/" in mail.outbox[0].body
    assert str(duty.pk) in mail.outbox[0].body.split("Mở tại: ")[1]


def test_run_by_a_person_covers_only_their_reach_and_is_journalled(world, urge):
    add_person(world, "dieuphoixa", "c2", Role.COORDINATOR)
    open_round(world, communes=("c1", "c2"))
    written = urge(after(-3), by=world.people["dieuphoixa"])
    assert {r.unit.code for r in written} == {"c2"}
    entry = JournalEntry.objects.get(verb="oversight.remind")
    assert entry.by_name == "Đồng chí dieuphoixa"


def test_run_by_who_may_not_urge_is_refused(world):
    with pytest.raises(NotAllowed):
        reminders.run(today=after(0), at=at(after(0)), by=world.baocao)


def test_run_rolled_back_sends_nothing(world, django_capture_on_commit_callbacks):
    open_round(world)
    with django_capture_on_commit_callbacks(execute=False) as waiting:
        reminders.run(today=after(0), at=at(after(0)))
    assert len(waiting) == 1
    assert mail.outbox == []


def test_run_reads_a_fixed_number_of_times_however_many_things(
    world, urge, django_assert_max_num_queries
):
    open_round(world, communes=("c1", "c2", "c3"))
    open_round(world, communes=("c1", "c2", "c3"), period="202508")
    with django_assert_max_num_queries(12):
        planned = reminders.plan_steps(open_things(after(0)), after(0))
    assert len(planned) == 12


def test_command_reports_what_it_wrote(world):
    open_round(world)
    out = StringIO()
    call_command("remind", "--today", "2025-09-20", stdout=out)
    assert "Ngày 20/9/2025: 1 thư mới" in out.getvalue()


def test_command_rehearsal_writes_nothing(world):
    open_round(world)
    out = StringIO()
    call_command("remind", "--today", "2025-09-20", "--dry-run", stdout=out)
    assert "Xã Suối Một · Báo cáo số liệu tháng 9/2025" in out.getvalue()
    assert Reminder.objects.count() == 0


def test_command_refuses_a_day_that_is_none(world):
    with pytest.raises(CommandError, match="Ngày không đúng"):
        call_command("remind", "--today", "20/9/2025")


@pytest.mark.skipif(
    "postgres" not in os.environ.get("DATABASE_URL", ""), reason="SQLite lets one writer in at once"
)
@pytest.mark.django_db(transaction=True)
def test_run_twice_at_the_same_moment_writes_and_sends_once(world):
    open_round(world)
    together = threading.Barrier(2)

    def urge_now(_):
        together.wait()
        try:
            return len(reminders.run(today=after(0), at=at(after(0))))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        written = list(pool.map(urge_now, range(2)))
    assert sorted(written) == [0, 2]
    assert len(mail.outbox) == 1
