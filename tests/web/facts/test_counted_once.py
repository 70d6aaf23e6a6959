"""Persons sent in by two units are refused by line; reports that differ from records are asked."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from namro.measuring import FaultyDefinition, load
from namro.web.facts import actions
from namro.web.facts.models import Batch, Doubt
from namro.web.facts.rules import Said
from tests.web.facts.conftest import AT

pytestmark = pytest.mark.django_db

STAFF = """
[staff]
title = "Cán bộ, công chức tại chức"
unit_of_measure = "người"
key = "person"
unit = "unit"
date = "on"
calendar = "administrative"
time = "stock"
carry = 6
hashed = ["person"]
once = true

[staff.columns.person]
title = "Số định danh"
type = "text"
required = true

[staff.columns.on]
title = "Ngày chốt"
type = "date"
required = true

[staff.columns.trained]
title = "Đã hoàn thành bồi dưỡng"
type = "choice"
values = { yes = "có", no = "không" }
"""


@pytest.fixture
def send(world, settings, tmp_path):
    settings.NAMRO_HOME = tmp_path
    own = Path(tmp_path) / "measures"
    own.mkdir()
    (own / "datasets.toml").write_text(STAFF, encoding="utf-8")

    def enter(rows, *, after, period="202509", day="2025-09-10"):
        path = tmp_path / f"staff-{after}.csv"
        lines = [f"{person},{unit},{day},yes" for person, unit in rows]
        path.write_text("\n".join(["person,unit,on,trained", *lines]) + "\n", encoding="utf-8")
        return actions.take_batch(
            dataset="staff", period_code=period, path=path, file_name="can-bo.csv", by=None,
            at=AT + timedelta(hours=after),
        )  # fmt: skip

    return enter


def test_person_of_another_unit_is_refused_by_line_and_nothing_is_kept(send):
    """Two files, one of each unit, and one person in both: 3 trained of 3, where there are 2."""
    send([("001", "c1"), ("002", "c1")], after=1)
    with pytest.raises(actions.FaultyRecords) as caught:
        send([("003", "c2"), ("002", "c2")], after=2)
    assert [f.place.line for f in caught.value.faults] == [3]
    assert "đơn vị “c1”" in caught.value.faults[0].message
    assert "002" not in caught.value.faults[0].message
    assert Batch.objects.count() == 1


def test_person_may_go_when_both_units_send_anew(send):
    send([("001", "c1"), ("002", "c1")], after=1)
    send([("001", "c1")], after=2)
    assert send([("002", "c2")], after=3).rows == 1


def test_unit_may_send_its_own_people_again(send):
    send([("001", "c1"), ("002", "c1")], after=1)
    assert send([("001", "c1"), ("002", "c1"), ("004", "c1")], after=2).rows == 3


def test_person_carried_by_another_unit_from_an_earlier_month_is_refused(send):
    """The register of c1 of July still counts in September: the person would count in both."""
    send([("001", "c1"), ("002", "c1")], after=1, period="202507", day="2025-07-01")
    with pytest.raises(actions.FaultyRecords) as caught:
        send([("002", "c2")], after=2)
    assert "đã có trong dữ liệu tháng 7/2025 của đơn vị “c1”" in caught.value.faults[0].message
    send([("001", "c1")], after=3, period="202508", day="2025-08-01")
    assert send([("002", "c2")], after=4).rows == 1


def test_register_too_old_to_be_carried_counts_no_more(send):
    send([("001", "c1")], after=1, period="202501", day="2025-01-10")
    assert send([("001", "c2")], after=2).rows == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("once = true", ""), "tập đếm người phải có once = true"),
        (('hashed = ["person"]', ""), "số định danh người chỉ giữ dấu băm"),
    ],
)
def test_persons_that_could_be_counted_twice_are_refused_when_loaded(tmp_path, change, said):
    (tmp_path / "datasets.toml").write_text(STAFF.replace(*change), encoding="utf-8")
    with pytest.raises(FaultyDefinition, match=said):
        load(tmp_path)


def test_report_that_differs_from_the_records_is_doubted(world, settings, tmp_path):
    settings.NAMRO_HOME = tmp_path
    own = Path(tmp_path) / "measures"
    own.mkdir()
    (own / "elements.toml").write_text(
        '[online-told]\ntitle = "Số hồ sơ trực tuyến"\nunit_of_measure = "hồ sơ"\n'
        'time = "flow"\nrecorded_as = "dossiers?channel=online"\n',
        encoding="utf-8",
    )
    path = tmp_path / "dossiers.csv"
    lines = [f"H{n},c1,TT1,2025-09-02,online,yes" for n in range(4)]
    head = "dossier,unit,procedure,received_on,channel,digitised"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    actions.take_batch(
        dataset="dossiers", period_code="202509", path=path, file_name="a.csv", by=None, at=AT
    )
    told = Said("online-told", world.units["c1"].pk, "202509", Decimal(9))

    actions.record(said=[told], source="demo:1", by=None, at=AT)

    doubt = Doubt.objects.get()
    assert doubt.check_name == "RECORDS"
    assert doubt.why == "Báo cáo 9, dữ liệu hồ sơ đếm được 4."
