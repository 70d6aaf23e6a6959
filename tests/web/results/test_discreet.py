"""Small counts are kept back on every way to a figure alike: live, as of a moment, one or all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse

from namro.terms import Period
from namro.web.facts import actions as facts
from namro.web.facts.library import library
from namro.web.facts.rules import Said
from namro.web.org.models import Unit
from namro.web.results import reckoning

pytestmark = pytest.mark.django_db
AT = datetime(2025, 9, 20, 9, 0, tzinfo=UTC)
SEPTEMBER = Period.of("202509")
FEW = """
measure = "own.trained"
title = "Tỷ lệ cán bộ được bồi dưỡng"
kind = "ratio"
scope = ["COMMUNE", "WARD"]
over = "latest"
frequency = "month"
small_below = 5
numerator = "commune-cadres-trained"
denominator = "commune-cadres"

[[example]]
says = "Mười trên hai mươi."
period = "202507"
reported = \"\"\"
unit | period | commune-cadres-trained | commune-cadres
c1   | 202507 | 10 | 20
\"\"\"
expect = { c1 = "10/20", p = "10/20" }
"""


@pytest.fixture
def told(world, settings):
    """c1: 3 of 40 trained; c2: 30 of 60; c3: 20 of 30. The measure keeps small counts back."""
    own = Path(settings.NAMRO_HOME) / "measures"
    own.mkdir(parents=True, exist_ok=True)
    (own / "few.toml").write_text(FEW, encoding="utf-8")
    target = world.targets["5"]
    target.measure = "own.trained"
    target.save()
    facts.open_period(period_code="202509", at=AT)
    for code, (trained, cadres) in {"c1": (3, 40), "c2": (30, 60), "c3": (20, 30)}.items():
        pk = world.units[code].pk
        said = [
            Said("commune-cadres", pk, "202509", Decimal(cadres)),
            Said("commune-cadres-trained", pk, "202509", Decimal(trained)),
        ]
        facts.record(said=said, source="demo:1", by=None, at=AT)
    return library().measures["own.trained"]


def hidden(results):
    return {unit for (_, unit, _), result in results.items() if result.hidden}


def test_sister_is_kept_back_with_the_small_one_live_and_as_of(told):
    everywhere = reckoning.live([told], list(Unit.objects.all()), [SEPTEMBER])
    then = reckoning.direct([told], [SEPTEMBER], AT + timedelta(hours=1))
    assert hidden(everywhere) == hidden(then) == {"c1", "c3"}
    assert everywhere["own.trained", "c2", "202509"].numerator == 30
    assert everywhere["own.trained", "c1", "202509"].numerator is None
    for place, result in then.items():
        assert everywhere[place] == result


def test_unit_asked_by_itself_is_kept_back_just_so(told, world):
    for code in ("c1", "c2", "c3"):
        alone = reckoning.live([told], [world.units[code]], [SEPTEMBER])
        assert alone["own.trained", code, "202509"].hidden == (code != "c2")


def test_page_and_export_show_no_kept_back_number(told, world, enter):
    client = enter("dieuphoi")
    address = reverse("results:target", args=[world.targets["5"].pk]) + "?ky=202509"
    text = client.get(address).content.decode()
    assert text.count("không công bố (số ít)") >= 2
    assert "3/40" not in text and "20/30" not in text and "66,7" not in text


def test_values_behind_a_figure_are_for_who_may_see_records(told, world, enter):
    address = reverse("results:origin", args=[world.targets["5"].pk]) + "?ky=202509"
    assert "không công bố số ít" in enter("lanhdao").get(address).content.decode()
    assert "không công bố số ít" not in enter("dieuphoi").get(address).content.decode()
