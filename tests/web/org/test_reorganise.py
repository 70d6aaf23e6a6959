"""Reorganising units: shown before it is done, dated, journalled, refused in plain words."""

from datetime import date

import pytest
from django.urls import reverse

from namro.web.org import actions, queries
from namro.web.org.models import FormerLink, JournalEntry, Post, Unit, UnitLink, UnitSuccession
from namro.web.org.rules import Tree
from tests.world import AT

pytestmark = pytest.mark.django_db

JULY = date(2025, 7, 1)


def order(by=None, on=JULY):
    return actions.Order(on=on, at=AT, by=by)


def new(code="m", name="Xã Mới"):
    return actions.NewUnit(code=code, name=name, kind="COMMUNE")


def test_preview_says_what_would_happen_and_keeps_nothing(world):
    units = [world.units["c1"], world.units["c2"]]
    lines = actions.preview(
        actions.merge_units, units=units, into=new(), order=order(world.quantri)
    )
    assert lines[0].startswith("Xã Suối Một, Xã Suối Hai nhập vào Xã Mới")
    assert any("Phùng Văn Báo" in line for line in lines)
    assert not Unit.objects.filter(code="m").exists()
    assert not UnitSuccession.objects.exists()


def test_merger_is_dated_and_journalled(world):
    units = [world.units["c1"], world.units["c2"]]
    actions.merge_units(units=units, into=new(), order=order(world.quantri))
    heir = Unit.objects.get(code="m")
    assert {u.code for u in heir.predecessors.all()} == {"c1", "c2"}
    assert {u.code for u in queries.subordinates([world.units["12-UB"]], date(2025, 6, 30))} >= {
        "c1", "c2",
    }  # fmt: skip
    after = {u.code for u in queries.subordinates([world.units["12-UB"]], JULY)}
    assert "m" in after and not {"c1", "c2"} & after
    assert FormerLink.objects.filter(unit=world.units["c1"]).exists()
    entry = JournalEntry.objects.get(verb="org.merge_units")
    assert entry.details["units"] == ["c1", "c2"] and entry.by_name == "Lò Văn Quản"


def test_absorbed_unit_leaves_the_other_its_code(world):
    actions.merge_units(units=[world.units["c1"]], into=world.units["c2"], order=order())
    world.units["c1"].refresh_from_db()
    assert world.units["c1"].closed_on == JULY
    assert list(world.units["c1"].successors.all()) == [world.units["c2"]]
    held = Post.objects.get(user=world.baocao, to_on__isnull=True)
    assert held.unit == world.units["c2"] and held.from_on == JULY


def test_split_ends_posts_and_says_who_must_be_placed(world):
    heirs = [new("s1", "Xã Một"), new("s2", "Xã Hai")]
    lines = actions.split_unit(
        unit=world.units["c1"], heirs=heirs, goes_on=False, order=order(world.quantri)
    )
    assert any("cần giao vị trí mới" in line for line in lines)
    assert not Post.objects.filter(user=world.baocao, to_on__isnull=True).exists()
    assert UnitLink.objects.filter(unit__code="s1", superior=world.units["12-UB"]).exists()


def test_rename_keeps_the_old_name_as_another_way_to_write_it(world):
    actions.rename_unit(unit=world.units["c1"], order=order(), name="Phường Một", kind="WARD")
    unit = Unit.objects.get(code="c1")
    assert (unit.name, unit.kind) == ("Phường Một", "WARD")
    assert "Xã Suối Một" in unit.aliases
    assert queries.history_of(unit) == [(JULY, "Đổi tên; trước đó là “Xã Suối Một”.")]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda w: (actions.close_unit, {"unit": w.units["12-UB"]}), "còn cấp dưới"),
        (lambda w: (actions.merge_units, {"units": [w.units["c1"]], "into": new()}), "ít nhất hai"),
        (
            lambda w: (
                actions.merge_units,
                {"units": [w.units["c1"], w.units["c2"]], "into": new("c3")},
            ),
            "đã dùng",
        ),
        (
            lambda w: (
                actions.merge_units,
                {"units": [w.units["c1"]], "into": w.units["c2-DU"]},
            ),
            "không cùng một hệ",
        ),
        (
            lambda w: (
                actions.move_unit,
                {
                    "unit": w.units["c1"],
                    "tree": Tree.GOVERNMENT,
                    "superior": w.units["12-UB"],
                },
            ),
            "đang trực thuộc",
        ),
        (
            lambda w: (
                actions.split_unit,
                {"unit": w.units["c1"], "heirs": [new()], "goes_on": False},
            ),
            "ít nhất hai",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(world, asked, said):
    action, words = asked(world)
    before = (Unit.objects.count(), UnitLink.objects.count(), JournalEntry.objects.count())
    with pytest.raises(actions.BadReorganisation, match=said):
        action(**words, order=order())
    after = (Unit.objects.count(), UnitLink.objects.count(), JournalEntry.objects.count())
    assert after == before


def test_unit_cannot_be_reorganised_before_its_last_reorganisation(world):
    actions.merge_units(units=[world.units["c1"]], into=world.units["c2"], order=order())
    with pytest.raises(actions.BadReorganisation, match="đã có sắp xếp"):
        actions.close_unit(unit=world.units["c2"], order=order(on=date(2025, 6, 1)))
    with pytest.raises(actions.BadReorganisation, match="đã kết thúc"):
        actions.close_unit(unit=world.units["c1"], order=order(on=date(2025, 8, 1)))


def test_loop_of_superiors_is_refused(world):
    with pytest.raises(actions.FaultyTree):
        actions.move_unit(
            unit=world.units["12-UB"], tree=Tree.GOVERNMENT, superior=world.units["c1"],
            order=order(),
        )  # fmt: skip


def test_old_table_does_not_raise_an_ended_unit(world):
    actions.merge_units(units=[world.units["c1"]], into=world.units["c2"], order=order())
    row = {
        "code": "c1", "name": "Xã Suối Một", "kind": "COMMUNE", "from_on": "2025-01-01",
        "government_superior": "12-UB",
    }  # fmt: skip
    with pytest.raises(actions.FaultyUnits, match="đã kết thúc ngày 01/7/2025"):
        actions.load_units(by=None, at=AT, rows=[row])


def test_page_shows_what_would_happen_then_does_it_when_confirmed(client, world):
    client.force_login(world.quantri, backend="namro.web.org.backends.PostsBackend")
    address = reverse("org:merge_unit", args=["c1"])
    asked = {"into": world.units["c2"].pk, "kind": "COMMUNE", "on": "2025-09-01", "code": ""}
    page = client.post(address, asked)
    assert page.status_code == 200 and "Xã Suối Một nhập vào Xã Suối Hai" in page.content.decode()
    assert not UnitSuccession.objects.exists()
    page = client.post(address, {**asked, "xac-nhan": "1"}, follow=True)
    assert "Nhập vào Xã Suối Hai" in page.content.decode()
    assert UnitSuccession.objects.get().on == date(2025, 9, 1)


def test_page_refuses_in_words(client, world):
    client.force_login(world.quantri, backend="namro.web.org.backends.PostsBackend")
    page = client.post(reverse("org:close_unit", args=["12-UB"]), {"on": "2025-09-01"})
    assert page.status_code == 422 and "còn cấp dưới" in page.content.decode()


def test_who_does_not_manage_units_does_not_see_the_page(client, world):
    client.force_login(world.dieuphoi, backend="namro.web.org.backends.PostsBackend")
    assert client.get(reverse("org:merge_unit", args=["c1"])).status_code in (403, 404)
