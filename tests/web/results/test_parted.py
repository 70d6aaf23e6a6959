"""A unit that came of a split: its past is not guessed, and the page says where it is."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from namro.web.facts import actions, upkeep
from namro.web.facts.rules import Said
from namro.web.org import actions as org
from namro.web.org.models import Unit, UnitSuccession
from tests.world import AT

pytestmark = pytest.mark.django_db

CADRES, TRAINED = "commune-cadres", "commune-cadres-trained"
OCTOBER = date(2025, 10, 15)
SAID = "Đơn vị này hình thành từ việc chia, tách Xã Suối Một ngày 15/10/2025."


@pytest.fixture
def parted(world):
    """c1 told of September, then became m1 and m2 on 15 October."""
    for period in ("202509", "202511"):
        actions.open_period(period_code=period, at=AT)
    c1 = world.units["c1"]
    said = [Said(e, c1.pk, "202509", Decimal(v)) for e, v in ((CADRES, 40), (TRAINED, 32))]
    actions.record(said=said, source="submission:1", by=world.duyet, at=AT)
    heirs = [org.NewUnit(code=c, name=f"Xã {c}", kind="COMMUNE") for c in ("m1", "m2")]
    order = org.Order(on=OCTOBER, at=AT + timedelta(hours=2), by=None, basis="NQ 01/NQ-HĐND")
    org.split_unit(unit=c1, heirs=heirs, goes_on=False, order=order)
    upkeep.ensure_current(at=AT + timedelta(hours=3))
    return Unit.objects.get(code="m1")


@pytest.fixture
def page(client, world):
    client.force_login(world.dieuphoi, backend="namro.web.org.backends.PostsBackend")
    address = reverse("results:target", args=[world.targets["5"].pk])
    return lambda query: client.get(address + query).content.decode()


def test_heir_of_a_split_says_whose_figures_those_before_are(page, parted):
    told = page("?don-vi=m1&ky=202509")
    assert SAID in told and "không chia cho từng đơn vị mới" in told


def test_after_the_split_and_elsewhere_nothing_is_said(page, parted):
    assert SAID not in page("?don-vi=m1&ky=202511")
    assert SAID not in page("?don-vi=c2&ky=202509")
    assert SAID not in page("?don-vi=12&ky=202509")


@pytest.mark.parametrize("line", ["m1, Xã Mới, 60%", "m1, Xã Mới 60%", "m1, Xã Mới, 0,6"])
def test_declared_share_is_refused_with_the_reason(client, world, line):
    client.force_login(world.quantri, backend="namro.web.org.backends.PostsBackend")
    asked = {"heirs": f"{line}\nm2, Xã Hai", "kind": "COMMUNE", "on": "15/10/2025"}
    answer = client.post(reverse("org:split_unit", args=["c1"]), {**asked, "xac-nhan": "1"})
    assert answer.status_code == 422
    assert "Dòng 1: không nhận tỷ lệ chia" in answer.content.decode()
    assert not UnitSuccession.objects.exists()


def test_names_with_numbers_are_no_shares(client, world):
    client.force_login(world.quantri, backend="namro.web.org.backends.PostsBackend")
    asked = {"heirs": "m1, Xã Mới 1\nm2, Khu phố 2", "kind": "COMMUNE", "on": "15/10/2025"}
    assert client.post(reverse("org:split_unit", args=["c1"]), asked).status_code == 200
