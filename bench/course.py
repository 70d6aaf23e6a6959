"""Projections of the demonstration's figures, tried on their own past: how far off they were."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from bench.line import Line

AHEAD = 2
"""Months looked ahead: the demonstration has too few for more."""


def measure(root: Path) -> Iterator[Line]:
    """`bench.pages` has filled the demonstration and set Django up before."""
    yield from _lines()


def _lines() -> Iterator[Line]:
    from namro.measuring.course import back_test

    series = list(_series())
    trial = back_test(series, AHEAD)
    if trial is None:
        raise SystemExit("The demonstration has no series of six months: remove var/bench.")
    yield Line(f"course: mean miss of {trial.trials} projections", trial.error, "points", 10)
    still = trial.error / trial.error_of_standing_still if trial.error_of_standing_still else 0.0
    yield Line("course: miss beside that of standing still", still, "times", 1.0)
    yield Line("course: outcomes outside the interval (20% is right)", 1 - trial.within, "", 0.35)


def _series() -> Iterator[list[Fraction | None]]:
    """Every percentage of the plan, at the province and at each unit that owes it, by month."""
    from namro.web.facts import queries as facts
    from namro.web.facts.library import library
    from namro.web.org.models import Unit
    from namro.web.plans.models import Target
    from namro.web.results import reckoning

    months = [p for p in facts.known_periods() if p.length == 1]
    slugs = set(Target.objects.exclude(measure="").values_list("measure", flat=True))
    for slug in sorted(slugs & library().measures.keys()):
        one = library().measures[slug]
        if one.is_logical or one.kind == "share_of_units" or one.unit_of_measure != "%":
            continue
        owing = facts.owing_units(slug, months[-1].last_day(one.calendar))
        units = [*owing, *Unit.objects.filter(kind="PROVINCE")]
        results = reckoning.live([one], units, months)
        for unit in units:
            told = (results.get((slug, unit.code, m.code)) for m in months)
            values = [r.value if r else None for r in told]
            if sum(v is not None for v in values) >= 6:
                yield values


if __name__ == "__main__":
    import os
    import sys

    home = Path(sys.argv[1]).resolve()
    os.environ |= {
        "NAMRO_HOME": str(home),
        "DATABASE_URL": f"sqlite:///{home}/namro.sqlite3",
        "DJANGO_SETTINGS_MODULE": "namro.web.config.settings",
    }
    import django

    django.setup()
    for line in _lines():
        print(line)
