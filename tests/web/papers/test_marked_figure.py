"""A report says how final a published figure is."""

from datetime import timedelta
from decimal import Decimal

import pytest

from namro.web.facts import actions
from namro.web.facts.rules import Said
from namro.web.papers import figures
from namro.web.results import queries, sight
from tests.world import AT

pytestmark = pytest.mark.django_db


def test_sentence_of_a_published_figure_says_that_it_is_provisional(world):
    target = world.targets["5"]
    target.measure = "nq57.digital-economy"
    target.save()
    target.assignments.filter(part="EXECUTOR").exclude(unit=world.units["c1"]).delete()
    actions.open_period(period_code="2025", at=AT)
    said = [
        Said(e, world.units["c1"].pk, "2025", Decimal(v))
        for e, v in (("digital-economy-share", "6.1"), ("digital-economy-share-mark", "2"))
    ]
    actions.record(said=said, source="submission:1", by=world.duyet, at=AT)
    view = sight.look(
        world.dieuphoi, unit=world.units["c1"], period=None, as_of=None,
        on=(AT + timedelta(days=1)).date(),
    )  # fmt: skip
    target.refresh_from_db()
    told = queries.result_of(target, view)

    assert told.value_text == "6,10% GRDP (số sơ bộ)"
    assert "số sơ bộ" in figures.sentence_of(told, view)
