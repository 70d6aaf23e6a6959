"""A period before a merger is seen with the units of the time, and with those of today."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from namro.web.facts import actions, upkeep
from namro.web.facts.rules import Said
from namro.web.org import actions as org
from namro.web.org.models import Unit

pytestmark = pytest.mark.django_db

AT = datetime(2025, 9, 20, 9, 0, tzinfo=UTC)
CADRES, TRAINED = "commune-cadres", "commune-cadres-trained"


@pytest.fixture
def merged(world):
    actions.open_period(period_code="202509", at=AT)
    for code, values in (("c1", (40, 32)), ("c2", (20, 5))):
        told = zip((CADRES, TRAINED), values, strict=True)
        said = [Said(e, world.units[code].pk, "202509", Decimal(v)) for e, v in told]
        actions.record(said=said, source="demo:1", by=None, at=AT)
    order = org.Order(on=date(2025, 10, 1), at=AT + timedelta(days=12), by=None)
    new = org.NewUnit(code="m1", name="Xã Hợp Nhất", kind="COMMUNE")
    org.merge_units(units=[world.units["c1"], world.units["c2"]], into=new, order=order)
    upkeep.ensure_current(at=AT + timedelta(days=12))
    return Unit.objects.get(code="m1")


def page(client, world, name="target", **query):
    client.force_login(world.lanhdao, backend="namro.web.org.backends.PostsBackend")
    address = reverse(f"results:{name}", args=[world.targets["5"].pk])
    return client.get(address, {"ky": "202509", **query}).content.decode()


def test_units_of_the_time_are_shown_and_todays_are_offered(client, world, merged):
    told = page(client, world)
    assert "Xã Suối Một" in told and ">Xã Hợp Nhất</a>" not in told
    assert "xem theo đơn vị hiện nay" in told and "61,7%" in told


def test_todays_units_hold_the_sum_of_those_before(client, world, merged):
    told = page(client, world, cay="hien-nay")
    assert ">Xã Hợp Nhất</a>" in told and ">Xã Suối Một</a>" not in told
    assert "37 / 60" in told and "61,7%" in told


def test_values_behind_a_merged_unit_name_who_said_them(client, world, merged):
    told = page(client, world, "origin", cay="hien-nay", **{"don-vi": "m1"})
    assert "Xã Suối Một" in told and "Xã Suối Hai" in told
