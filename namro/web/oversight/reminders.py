"""The daily job of urging (đôn đốc): look, write once, send after. Any run may be repeated.

1. `plan_steps`: the steps each open thing has reached, minus those settled, to the right people.
2. `write`: one Reminder per thing, step and person, under a unique constraint; of what this run
   really inserted, one Letter per person. Two runs at once, or two a day, write nothing twice.
3. `send_waiting`: after the commit. A failure is kept with its reason and tried again next run.
"""

from __future__ import annotations

import logging
import smtplib
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, Q

from namro import vietnamese
from namro.web.org.journal import record
from namro.web.org.models import User
from namro.web.org.queries import allow, units_within
from namro.web.org.rules import Verb
from namro.web.oversight import letters
from namro.web.oversight.models import Letter, Reminder
from namro.web.oversight.queries import OpenThing, due_text, open_things
from namro.web.oversight.recipients import Recipients
from namro.web.oversight.rules import Step, next_step, steps_reached

log = logging.getLogger(__name__)
# A run that died while sending gives its letters back after this time.
CLAIM_LASTS = timedelta(minutes=30)


@dataclass(frozen=True)
class Planned:
    """A step to settle: sent to `to`, or passed over (`to` None: the unit has nobody)."""

    thing: OpenThing
    step: Step
    to: User | None
    passed_over: bool = False


def run(*, today: date, at: datetime, by: User | None = None) -> list[Reminder]:
    """Write what is to be urged today and send it once committed; give the reminders written.

    `by` None: the installation's own daily job, over all units; a person urges the units within
    reach. Raises NotAllowed.
    """
    units = None
    if by:
        allow(by, Verb.REMIND, on=today)
        units = units_within(by, Verb.REMIND, today)
    with transaction.atomic():
        things = open_things(today, units)
        written = write(plan_steps(things, today), today=today, at=at)
        if units is None:
            _withdraw_settled(things, at)
        if written:
            count = sum(1 for r in written if r.letter_id)
            summary = f"Rà soát, đôn đốc ngày {vietnamese.format_date(today)}: {count} lượt nhắc"
            record(by, "oversight.remind", written[0], at=at, summary=summary, count=count)
        transaction.on_commit(lambda: send_waiting(at=at))
    return written


def plan_steps(things: Sequence[OpenThing], today: date) -> list[Planned]:
    """What is to be settled today: for each thing its highest new step, lower ones passed over."""
    settled = _settled(things)
    recipients = Recipients(today)
    found = []
    for thing in things:
        step, passed = next_step(steps_reached(thing.due_on, today), settled[thing.key])
        found += [Planned(thing, s, None, passed_over=True) for s in passed]
        if step:
            found += [Planned(thing, step, to) for to in _readers(recipients, thing, step)]
    return found


def _readers(recipients: Recipients, thing: OpenThing, step: Step) -> Sequence[User | None]:
    """Whom the step addresses; nobody is recorded too, so that it shows."""
    return recipients.of(thing, step) or [None]


def _settled(things: Sequence[OpenThing]) -> dict[tuple, set[str]]:
    """The steps sent or passed over; one that found nobody is still to be tried."""
    found: dict[tuple, set[str]] = defaultdict(set)
    rows = Reminder.objects.filter(Q(to__isnull=False) | Q(passed_over=True))
    for kind in ("duty", "task"):
        ids = {t.thing_id for t in things if t.thing == kind}
        fields = ("thing", "thing_id", "unit_id", "due_on", "step")
        for *key, step in rows.filter(thing=kind, thing_id__in=ids).values_list(*fields):
            found[tuple(key)].add(step)
    return found


@transaction.atomic
def write(planned: Sequence[Planned], *, today: date, at: datetime) -> list[Reminder]:
    """Insert the reminders nobody wrote before, and a letter to each person they address."""
    token = uuid.uuid4()
    # In one order for all runs, so that two at once wait for each other instead of deadlocking.
    ordered = sorted(planned, key=lambda p: (*p.thing.key, p.step, p.to.pk if p.to else 0))
    rows = [_row(p, at, token) for p in ordered]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    ours = list(Reminder.objects.filter(run=token).select_related("unit", "to").order_by("pk"))
    things = {p.thing.key: p.thing for p in planned}
    by_person: dict[int, list[Reminder]] = defaultdict(list)
    for reminder in ours:
        if reminder.to_id:
            by_person[reminder.to_id].append(reminder)
    for reminders in by_person.values():
        letter = _letter(reminders, things, today, at)
        for reminder in reminders:
            reminder.letter = letter
    Reminder.objects.bulk_update([r for r in ours if r.letter_id], ["letter"], batch_size=500)
    return ours


def _row(planned: Planned, at: datetime, token: uuid.UUID) -> Reminder:
    thing = planned.thing
    return Reminder(
        thing=thing.thing,
        thing_id=thing.thing_id,
        title=thing.title,
        unit=thing.unit,
        step=planned.step.value,
        due_on=thing.due_on,
        to=planned.to,
        passed_over=planned.passed_over,
        written_at=at,
        run=token,
    )


def _letter(
    reminders: Sequence[Reminder], things: dict[tuple, OpenThing], today: date, at: datetime
) -> Letter:
    """The one letter that carries all of a person's reminders of this run."""
    to = reminders[0].to
    items = []
    for reminder in reminders:
        thing = things[(reminder.thing, reminder.thing_id, reminder.unit_id, reminder.due_on)]
        items.append(
            letters.Item(
                step=Step(reminder.step),
                title=thing.title,
                unit=thing.unit.name,
                due_on=thing.due_on,
                due=due_text(thing),
                link=link_to(thing),
            )
        )
    return Letter.objects.create(
        to=to,
        address=to.email,
        subject=letters.subject(items, today)[:300],
        body=letters.body(to.full_name, items, today=today, place=settings.NAMRO_PLACE),
        written_at=at,
    )


def link_to(thing: OpenThing) -> str:
    """The thing's full address; empty where the installation does not know its own."""
    base = getattr(settings, "NAMRO_ADDRESS", "").rstrip("/")
    return f"{base}{thing.address}" if base else ""


def _withdraw_settled(things: Sequence[OpenThing], at: datetime) -> None:
    """A letter not yet sent whose things are all done meanwhile is not sent any more."""
    still_open = {t.key for t in things}
    waiting = Letter.objects.filter(sent_at=None, withdrawn_at=None, written_at__lt=at)
    for letter in waiting.prefetch_related("reminders"):
        keys = {(r.thing, r.thing_id, r.unit_id, r.due_on) for r in letter.reminders.all()}
        if not keys & still_open:
            Letter.objects.filter(pk=letter.pk, sent_at=None).update(withdrawn_at=at)


def send_waiting(*, at: datetime) -> tuple[int, int]:
    """Send every letter not yet sent, failed ones again; give (sent, failed)."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=at - CLAIM_LASTS)
    waiting = Letter.objects.filter(free, sent_at=None, withdrawn_at=None).exclude(address="")
    sent = failed = 0
    connection = get_connection()
    for letter in waiting.order_by("pk"):
        # Only the run whose update hits the row sends it.
        if not Letter.objects.filter(free, pk=letter.pk, sent_at=None).update(claimed_at=at):
            continue
        failure = _send(letter, connection)
        Letter.objects.filter(pk=letter.pk).update(
            sent_at=None if failure else at,
            failure=failure[:300],
            attempts=F("attempts") + 1,
            claimed_at=None,
        )
        sent, failed = (sent, failed + 1) if failure else (sent + 1, failed)
    connection.close()
    return sent, failed


def _send(letter: Letter, connection) -> str:
    """Hand one letter to the mail server; give the reason where it was not taken."""
    message = EmailMessage(
        letter.subject,
        letter.body,
        to=[letter.address],
        connection=connection,
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except (smtplib.SMTPException, OSError, ValueError) as why:
        log.warning("letter %s was not sent: %s", letter.pk, why)
        connection.close()
        return f"Máy chủ thư không nhận: {why}"
    return ""
