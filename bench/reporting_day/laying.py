"""An installation on the morning of the day: units, people with their sessions, rounds open."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bench.national import definitions
from bench.national.entering import Entries, enter
from bench.national.loading import follow_ids, moment
from bench.national.site import SINCE
from bench.reporting_day.day import ELEMENTS, MEASURES, Day
from namro.terms import Comparator

READERS = 20
SESSIONS = "sessions.json"


def lay(day: Day, home: Path) -> None:
    """All of it, and `sessions.json`: who is who, with the key of a session already begun."""
    from django.core.management import call_command
    from django.utils import timezone

    definitions.write(home / "measures")
    call_command("migrate", verbosity=0)
    at = timezone.now()
    _units(day)
    users = _people(day, at)
    _plans(day, users[0], at)
    _history(day)
    _figures(at)
    _rounds(day, users, at)
    told = {user.username: (user.pk, _session(user)) for user in users}
    (home / SESSIONS).write_text(json.dumps(told), encoding="utf-8")


def _units(day: Day) -> None:
    from bench.national.site import lay_units
    from namro.web.org.models import Unit

    lay_units(day)
    departments = range(day.provinces + 2, 2 * day.provinces + 2)
    Unit.objects.filter(pk__in=departments).update(kind="DEPARTMENT")


def _people(day: Day, at: datetime) -> list[Any]:
    """The coordinator, then an officer a commune, a receiver a province, the readers."""
    from namro.web.org.models import Post, User

    wanted: list[tuple[str, str, int, int]] = [("dieuphoi", "COORDINATOR", 1, 1)]
    first = day.first_commune + 1
    wanted += [(f"xa{n}", "REPORTER", first + n, first + n) for n in range(day.communes)]
    for n in range(day.provinces):
        wanted.append((f"so{n}", "REVIEWER", 2 + day.provinces + n, 2 + n))
    for n in range(READERS):
        unit = 1 if n % 10 == 0 else 2 + n % day.provinces
        wanted.append((f"doc{n}", "LEADER", unit, unit))
    users = User.objects.bulk_create(
        [
            User(username=name, full_name=f"Người {name}", password="!", joined_at=at,
                 must_change_password=False, password_set_at=at)
            for name, *_ in wanted
        ],
        batch_size=2000,
    )  # fmt: skip
    posts = [
        Post(user=user, role=role, unit_id=unit, reach_id=reach, from_on=SINCE)
        for user, (_, role, unit, reach) in zip(users, wanted, strict=True)
    ]
    Post.objects.bulk_create(posts, batch_size=2000)
    return users


def _session(user: Any) -> str:
    """A session as signing in makes it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "namro.web.org.backends.PostsBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.set_expiry(4 * 3600)
    session.create()
    return str(session.session_key)


def _plans(day: Day, user: Any, at: datetime) -> None:
    """A plan a province: its department leads each target, its communes carry it out."""
    from namro.web.facts.bulk import load
    from namro.web.plans.models import Document, Plan, Reading, Target

    for n in range(day.provinces):
        document = Document.objects.create(
            sha256=f"{n:064x}", file_name="x.txt", size=1, unit_id=2 + n, received_by=user,
            received_at=at,
        )  # fmt: skip
        reading = Reading.objects.create(document=document, state="CONFIRMED", queued_at=at)
        plan = Plan.objects.create(
            reading=reading, title=f"Kế hoạch {n}", issuer_id=2 + n, root_id=2 + n,
            started_on=SINCE, deadline_on=date(2030, 12, 31), confirmed_by=user, confirmed_at=at,
        )  # fmt: skip
        targets = Target.objects.bulk_create(
            Target(
                plan=plan, code=str(p + 1), position=p, quote=f"Chỉ tiêu {p}",
                subject=f"Chỉ tiêu {p}", comparator=Comparator.AT_LEAST.value, value=75,
                unit_of_measure="%", measure=definitions.measure(m),
            )
            for p, m in enumerate(MEASURES)
        )  # fmt: skip
        communes = np.nonzero(day.province_of == n)[0] + day.first_commune + 1
        keys = np.array([t.pk for t in targets])
        since = {"from_on": str(SINCE), "assigned_at": moment(at)}
        leads = {"unit_id": np.full(len(keys), 2 + day.provinces + n), "part": "LEAD"}
        load("plans_assignment", {"target_id": keys, **leads, **since})
        done_by = {"unit_id": np.tile(communes, len(keys)), "part": "EXECUTOR"}
        load(
            "plans_assignment",
            {"target_id": np.repeat(keys, len(communes)), **done_by, **since},
        )
    follow_ids("plans_assignment")


def _history(day: Day) -> None:
    """What was reported in the months before."""
    from namro.terms import Calendar
    from namro.web.facts.models import KnownPeriod

    count = len(ELEMENTS) * day.communes
    for month, period in enumerate(day.periods):
        evening = datetime.combine(
            period.last_day(Calendar.ADMINISTRATIVE) + timedelta(days=4), time(2)
        ).astimezone()
        value = day.told(month).T.ravel()
        enter(
            Entries(
                first=month * count + 1, at=evening,
                elements=[definitions.element(e) for e in ELEMENTS], periods=day.periods,
                element=np.tile(np.arange(len(ELEMENTS)), day.communes),
                unit=np.repeat(np.arange(day.communes) + day.first_commune, len(ELEMENTS)),
                period=np.full(count, month), value=value, delta=value,
                dn=np.ones(count, np.int64),
            )
        )  # fmt: skip
        KnownPeriod.objects.create(code=period.code, opened_at=evening)
    follow_ids("facts_observation")


def _figures(at: datetime) -> None:
    from django.db import connection, transaction

    from namro.web.facts import actions, upkeep

    with transaction.atomic():
        ledger = upkeep.lock()
        with connection.cursor() as cursor:
            cursor.execute("SELECT MAX(id) FROM facts_observation")
            ledger.last_id = cursor.fetchone()[0]
        ledger.save()
    actions.rebuild_figures(at=at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _rounds(day: Day, users: list[Any], at: datetime) -> None:
    from namro.web.plans.models import Plan
    from namro.web.reporting import actions

    for plan in Plan.objects.select_related("root").order_by("pk"):
        actions.open_round(
            plan=plan, period_code=day.period.code, by=None, at=at,
            due_at=at + timedelta(days=2),
        )  # fmt: skip
