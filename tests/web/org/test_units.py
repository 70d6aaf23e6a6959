"""Units are loaded from a table: all or nothing, again without harm, each fault with its line."""

import csv
from datetime import UTC, date, datetime

import pytest

from namro.web.org import actions, queries
from namro.web.org.models import JournalEntry, Unit, UnitAncestor, UnitLink
from namro.web.org.rules import Kind, Verb
from tests.conftest import ROOT
from tests.world import AT

pytestmark = pytest.mark.django_db


def rows_of(text: str) -> list[dict]:
    return list(csv.DictReader(text.strip().splitlines()))


HEAD = "code,name,kind,government_superior,party_superior,from_on,tile_column,tile_row\n"
SMALL = (
    HEAD
    + """
p,Tỉnh Mẫu,PROVINCE,,,2025-01-01,,
ub,UBND tỉnh,PEOPLES_COMMITTEE,p,,2025-01-01,,
x,Xã Một,COMMUNE,ub,,2025-07-01,0,0
d,Đảng ủy xã Một,COMMUNE_PARTY_COMMITTEE,,p,2025-07-01,,
"""
)


def load(text: str, by=None, at=AT) -> int:
    return actions.load_units(by=by, at=at, rows=rows_of(text))


def test_loading_makes_units_links_and_ancestors():
    assert load(SMALL) == 4
    province = Unit.objects.get(code="p")
    below = queries.subordinates([province], date(2025, 8, 1))
    assert {u.code for u in below} == {"p", "ub", "x", "d"}
    before = queries.subordinates([province], date(2025, 6, 1))
    assert {u.code for u in before} == {"p", "ub"}


def test_loading_twice_changes_nothing():
    load(SMALL)
    journal, links = JournalEntry.objects.count(), set(UnitLink.objects.values_list())
    assert load(SMALL) == 4
    assert JournalEntry.objects.count() == journal
    assert set(UnitLink.objects.values_list()) == links


def test_another_superior_ends_the_old_link_and_keeps_the_past():
    load(SMALL)
    moved = SMALL.replace("x,Xã Một,COMMUNE,ub,,2025-07-01", "x,Xã Một,COMMUNE,p,,2025-10-01")
    load(moved)
    commune, committee = Unit.objects.get(code="x"), Unit.objects.get(code="ub")
    assert commune in queries.subordinates([committee], date(2025, 9, 30))
    assert commune not in queries.subordinates([committee], date(2025, 10, 1))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("y,Xã Hai,COMMUNE,zz,,2025-07-01,,", "cấp trên bên chính quyền “zz” không có"),
        ("x,Xã Hai,COMMUNE,ub,,2025-07-01,,", "mã “x” đã có ở dòng 4"),
        ("y,Xã Hai,VILLAGE,ub,,2025-07-01,,", "loại “VILLAGE” không có"),
        ("y,,COMMUNE,ub,,2025-07-01,,", "cột “Tên” để trống"),
        ("y,Xã Hai,COMMUNE,ub,,tháng 7,,", "hãy ghi theo mẫu 01/7/2025"),
        ("y,Xã Hai,COMMUNE,y,,2025-07-01,,", "vòng trực thuộc bên chính quyền: y → y"),
        ("y,Xã Hai,COMMUNE,ub,,2025-07-01,0,0", "trùng với đơn vị khác"),
        ("y,Xã Hai,COMMUNE,ub,,2025-07-01,một,0", "cột “Cột ô bản đồ” ghi “một”"),
    ],
)
def test_a_fault_is_said_with_its_line_and_nothing_is_saved(line, says):
    with pytest.raises(actions.FaultyUnits, match="Dòng 6: ") as refused:
        load(SMALL + line)
    assert says in str(refused.value)
    assert not Unit.objects.exists()


def test_a_loop_of_two_is_found_on_both_lines():
    text = HEAD + "\na,A,DEPARTMENT,b,,2025-01-01,,\nb,B,DEPARTMENT,a,,2025-01-01,,\n"
    with pytest.raises(actions.FaultyUnits) as refused:
        load(text)
    assert [f.place.line for f in refused.value.faults] == [2, 3]


def test_a_loop_with_links_already_there_is_refused_and_undone():
    load(SMALL)
    turned = HEAD + "\nub,UBND tỉnh,PEOPLES_COMMITTEE,x,,2025-08-01,,\n"
    with pytest.raises(actions.FaultyTree, match="vòng kín"):
        load(turned)
    assert UnitLink.objects.get(unit__code="ub").superior.code == "p"


def test_an_empty_table_and_a_missing_column_are_said():
    with pytest.raises(actions.FaultyUnits, match="không có dòng"):
        actions.load_units(by=None, at=AT, rows=[])
    with pytest.raises(actions.FaultyUnits, match="thiếu cột “Loại”"):
        actions.load_units(by=None, at=AT, rows=[{"code": "a", "name": "A", "from_on": ""}])


def test_only_who_manages_the_units_may_load_them(world):
    row = [{"code": "12-SNV", "name": "Sở khác", "kind": "DEPARTMENT", "from_on": "2025-01-01"}]
    with pytest.raises(queries.NotAllowed):
        actions.load_units(by=world.dieuphoi, at=AT, rows=row)
    assert Unit.objects.get(code="12-SNV").name == "Sở Nội vụ"


def test_a_table_with_vietnamese_heads_kinds_and_days_is_read_too():
    text = """
Mã,Tên,Loại,Cấp trên bên chính quyền,Từ ngày
p,Tỉnh Mẫu,Tỉnh,,01/01/2025
x,Xã Một,xã,p,01/7/2025
"""
    assert load(text) == 2
    commune = Unit.objects.get(code="x")
    assert (commune.kind, commune.opened_on) == (Kind.COMMUNE, date(2025, 7, 1))


def test_the_shipped_province_loads_with_38_communes_each_on_its_own_tile():
    with (ROOT / "demo" / "units.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    count = actions.load_units(by=None, at=datetime(2025, 9, 1, tzinfo=UTC), rows=rows)
    assert count == len(rows) == Unit.objects.count()
    communes = Unit.objects.filter(kind__in=[Kind.COMMUNE, Kind.WARD])
    assert communes.filter(kind=Kind.COMMUNE).count() == 36
    assert communes.filter(kind=Kind.WARD).count() == 2
    assert len(set(communes.values_list("tile_column", "tile_row"))) == 38
    province = Unit.objects.get(code="12")
    for tree, many in (("GOVERNMENT", 1 + 1 + 16 + 38), ("PARTY", 1 + 1 + 1 + 4 + 10 + 38)):
        below = queries.subordinates([province], date(2025, 9, 1), tree)
        assert below.count() == many


def test_ancestors_end_with_the_shortest_link_of_the_path(world):
    link = UnitLink.objects.get(unit=world.units["12-UB"], tree="GOVERNMENT")
    link.to_on = date(2025, 10, 1)
    link.save()
    actions.rebuild_ancestors()
    row = UnitAncestor.objects.get(unit=world.units["c1"], ancestor=world.units["12"])
    assert row.to_on == date(2025, 10, 1)
    reporter = world.people["duyet"]  # whose reach is the province
    assert queries.may(reporter, Verb.APPROVE, world.units["c1"], on=date(2025, 9, 30))
    assert not queries.may(reporter, Verb.APPROVE, world.units["c1"], on=date(2025, 10, 1))
