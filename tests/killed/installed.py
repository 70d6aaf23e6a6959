"""An installation of its own, asked in a process of its own: `python -m tests.killed.installed …`.

`lay`: the small province, a round open, a session for each person. `look`: what stands in the end.
Both print JSON.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

PERIOD = "202509"


def lay() -> dict[str, Any]:
    from django.core.management import call_command
    from django.utils import timezone

    from namro.web.reporting import actions
    from tests.world import make_world

    call_command("migrate", verbosity=0)
    world, at = make_world(), timezone.now()
    opened = actions.open_round(
        plan=world.plan, period_code=PERIOD, by=None, at=at, targets=[world.targets["5"].pk]
    )
    duties = {d.unit.code: d.pk for d in opened.duties.select_related("unit")}
    keys = {name: _session(user) for name, user in world.people.items()}
    elements = opened.duties.earliest("pk").elements
    return {"duties": duties, "sessions": keys, "elements": elements}


def _session(user: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "namro.web.org.backends.PostsBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def look() -> dict[str, Any]:
    from namro.terms import Period
    from namro.web.facts import verification
    from namro.web.facts.models import Batch, Observation
    from namro.web.frame import files
    from namro.web.org import journal
    from namro.web.org.models import JournalEntry
    from namro.web.reporting.models import CellEntry, Evidence, RecordFile, Submission

    entries = CellEntry.objects.order_by("pk")
    told = entries.values_list("pk", "duty_id", "element", "part", "content")
    rows = Observation.objects.order_by("pk").values_list("unit__code", "element", "value")
    return {
        "entries": [list(row) for row in told],
        "asides": entries.filter(aside=True).count(),
        "returns": list(Submission.objects.values_list("duty__unit__code", "version", "status")),
        "observations": [[unit, element, int(value)] for unit, element, value in rows],
        "proofs": [
            [
                p.submission.duty.unit.code,
                p.element,
                p.sha256,
                files.path_of(p.sha256).stat().st_size,
            ]
            for p in Evidence.objects.all()
        ],
        "batches": [[b.rows, sum(s.rows for s in b.slices.all())] for b in Batch.objects.all()],
        "record_files": list(RecordFile.objects.values_list("state", "batch__rows")),
        "verbs": list(JournalEntry.objects.order_by("pk").values_list("verb", flat=True)),
        "break": journal.first_break(),
        "differences": [str(d) for d in verification.differences([Period.of(PERIOD)])],
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "namro.web.config.settings")
    import django

    django.setup()
    json.dump({"lay": lay, "look": look}[sys.argv[1]](), sys.stdout)
