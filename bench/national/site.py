"""What an installation has before its first value: units, a plan that all owe; marks to settle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bench.national.loading import follow_ids, moment
from namro.terms import Comparator, Period
from namro.web.facts.bulk import load

TODAY = date(2026, 11, 22)
SINCE = date(2010, 1, 1)
NOW = datetime.combine(TODAY, time(1), UTC)
KINDS = ("PROVINCE", "PROVINCE", "PEOPLES_COMMITTEE", "COMMUNE")


class Tree(Protocol):
    """Units numbered from 0, the nation; `above` names the unit above each; communes are last."""

    @property
    def size(self) -> int: ...

    @property
    def first_commune(self) -> int: ...

    @property
    def above(self) -> NDArray[np.int64]: ...

    def level(self, unit: int) -> int: ...


def lay_units(tree: Tree) -> None:
    """The units, numbered from 1 in the database, and who stands above whom."""
    from namro.web.org.actions.ancestors import rebuild_ancestors
    from namro.web.org.models import Unit, UnitLink

    Unit.objects.bulk_create(
        [
            Unit(pk=u + 1, code=code(u), name=f"Đơn vị {u}", kind=KINDS[tree.level(u)],
                 opened_on=SINCE, tile_column=u % 60, tile_row=u // 60)
            for u in range(tree.size)
        ],
        batch_size=2000,
    )  # fmt: skip
    UnitLink.objects.bulk_create(
        [
            UnitLink(tree="GOVERNMENT", unit_id=u + 1, superior_id=int(tree.above[u]) + 1,
                     from_on=SINCE)
            for u in range(1, tree.size)
        ],
        batch_size=2000,
    )  # fmt: skip
    follow_ids("org_unit")
    rebuild_ancestors()


def code(unit: int) -> str:
    """The code of a unit."""
    return f"u{unit:05d}"


def lay_plan(tree: Tree, measures: Sequence[str], periods: Iterable[Period]) -> None:
    """One plan with a target a measure, owed by every commune; a leader who sees all."""
    from namro.web.facts.models import KnownPeriod
    from namro.web.org import journal
    from namro.web.org.models import Post, User
    from namro.web.plans.models import Document, Plan, Reading, Target

    user = User.objects.create(username="bench", full_name="Người đo", joined_at=NOW)
    Post.objects.create(user=user, unit_id=1, reach_id=1, role="LEADER", from_on=SINCE)
    document = Document.objects.create(
        sha256="0" * 64, file_name="x.txt", size=1, unit_id=1, received_by=user, received_at=NOW
    )
    reading = Reading.objects.create(document=document, state="CONFIRMED", queued_at=NOW)
    plan = Plan.objects.create(
        reading=reading, title="Kế hoạch đo", issuer_id=1, root_id=1, started_on=SINCE,
        deadline_on=date(2027, 12, 31), confirmed_by=user, confirmed_at=NOW,
    )  # fmt: skip
    targets = Target.objects.bulk_create(
        Target(
            plan=plan, code=str(n + 1), position=n, quote=f"Chỉ tiêu {n}", subject=f"Chỉ tiêu {n}",
            comparator=Comparator.AT_LEAST.value, value=Decimal(75), unit_of_measure="%",
            measure=measure,
        )
        for n, measure in enumerate(measures)
    )  # fmt: skip
    journal.record(None, "plans.set_measure", plan, at=NOW, summary="Gắn cách đo")
    KnownPeriod.objects.bulk_create(KnownPeriod(code=p.code, opened_at=NOW) for p in periods)
    _owe(tree, measures, [t.pk for t in targets])


def _owe(tree: Tree, measures: Sequence[str], targets: list[int]) -> None:
    communes = np.arange(tree.first_commune + 1, tree.size + 1)
    everyone = np.tile(communes, len(measures))
    slugs = np.repeat(np.array(measures, object), len(communes))
    owed = {"unit_id": everyone, "from_on": str(SINCE)}
    of_targets = {"target_id": np.repeat(targets, len(communes)), "part": "EXECUTOR"}
    load("plans_assignment", {**of_targets, **owed, "assigned_at": moment(NOW)})
    load("facts_expected", {"measure": slugs, **owed})


def settle(measures: Iterable[str], last: int) -> None:
    """What the site looks at to see that all is up to date. `last`: the ledger's last id."""
    from namro.web.facts import upkeep
    from namro.web.facts.library import keep_texts, library

    known = library()
    keep_texts((known.measures[slug] for slug in measures), at=NOW)
    follow_ids("facts_observation")
    ledger = upkeep.lock()
    ledger.last_id = last
    ledger.save()
    upkeep.settle(ledger)
