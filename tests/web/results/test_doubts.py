"""A doubtful value is asked about, answered in words, corrected by a new value; never changed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from namro.web.facts import actions, doubts
from namro.web.facts.models import Doubt, Observation
from namro.web.facts.rules import Said
from namro.web.org.models import JournalEntry, Unit
from namro.web.org.queries import NotAllowed
from namro.web.org.rules import Tree
from tests.world import AT

pytestmark = pytest.mark.django_db

CADRES, TRAINED = "commune-cadres", "commune-cadres-trained"
LATER = AT + timedelta(days=1)


def say(world, unit, period, values, *, hours=0):
    said = [Said(e, world.units[unit].pk, period, Decimal(v)) for e, v in values.items()]
    return actions.record(
        said=said, source="submission:1", by=world.duyet, at=AT + timedelta(hours=hours)
    )


@pytest.fixture
def jump(world):
    """Six quiet months, then ten times as many."""
    months = ("202501", "202502", "202503", "202504", "202505", "202506")
    for n, (month, value) in enumerate(zip(months, (41, 40, 42, 41, 43, 40), strict=True)):
        say(world, "c1", month, {CADRES: value}, hours=n)
    say(world, "c1", "202507", {CADRES: 412}, hours=9)
    return Doubt.objects.get(check_name="JUMP")


def test_doubt_is_kept_with_its_reason_and_the_value_stands(world, jump):
    assert (jump.unit.code, jump.period, jump.value, jump.state) == ("c1", "202507", 412, "OPEN")
    assert "lệch nhiều so với mức thường báo" in jump.why
    assert Observation.objects.filter(period="202507").get().value == 412


def test_part_larger_than_its_whole_is_doubted(world):
    say(world, "c1", "202507", {CADRES: 40, TRAINED: 41})
    assert Doubt.objects.get().check_name == "PART"


def test_correction_answers_the_doubt_and_names_who(world, jump):
    say(world, "c1", "202507", {CADRES: 41}, hours=20)
    jump.refresh_from_db()
    assert (jump.state, jump.answer) == ("CORRECTED", "Đã đính chính: thành 41.")
    assert jump.answered_by == world.duyet


def test_unit_explains_and_it_is_not_asked_again(world, jump):
    doubts.answer(
        doubt=jump, state="EXPLAINED", answer="Tiếp nhận cán bộ sau sáp nhập.", by=world.baocao,
        at=LATER,
    )  # fmt: skip
    doubts.look_at_everything(["202507"], at=LATER)
    jump.refresh_from_db()
    assert (jump.state, Doubt.objects.count()) == ("EXPLAINED", 1)
    assert JournalEntry.objects.filter(verb="facts.answer_doubt").count() == 1
    with pytest.raises(doubts.BadAnswer, match="trước đó"):
        doubts.answer(doubt=jump, state="ACCEPTED", answer="x", by=world.duyet, at=LATER)


def test_answer_needs_words_and_the_right(world, jump):
    with pytest.raises(doubts.BadAnswer, match="lý do"):
        doubts.answer(doubt=jump, state="ACCEPTED", answer=" ", by=world.duyet, at=LATER)
    with pytest.raises(NotAllowed):
        doubts.answer(doubt=jump, state="EXPLAINED", answer="x", by=world.xakhac, at=LATER)
    with pytest.raises(NotAllowed):
        doubts.answer(doubt=jump, state="ACCEPTED", answer="x", by=world.baocao, at=LATER)


def test_nightly_look_says_nothing_twice(world, jump, capsys):
    actions.open_period(period_code="202507", at=AT)
    call_command("examine")
    call_command("examine")
    assert "0 điểm nghi vấn mới" in capsys.readouterr().out
    assert Doubt.objects.count() == 1


def test_list_target_page_and_answer_page(client, world, jump):
    client.force_login(world.duyet, backend="namro.web.org.backends.PostsBackend")
    page = client.get(reverse("results:doubts")).content.decode()
    assert "Xã Suối Một" in page and "Tăng, giảm bất thường" in page
    page = client.get(reverse("results:target", args=[world.targets["5"].pk])).content.decode()
    assert "1 điểm nghi vấn của số liệu chưa được trả lời" in page
    address = reverse("results:doubt")
    asked = {"so": jump.pk, "cach": "ACCEPTED", "ly-do": ""}
    assert client.post(address, asked).status_code == 422
    client.post(address, {**asked, "ly-do": "Đã đối chiếu với hồ sơ cán bộ."})
    jump.refresh_from_db()
    assert (jump.state, jump.answered_by) == ("ACCEPTED", world.duyet)
    assert "Đã đối chiếu" in client.get(f"{address}?so={jump.pk}").content.decode()


def test_other_commune_does_not_see_the_doubt(client, world, jump):
    client.force_login(world.xakhac, backend="namro.web.org.backends.PostsBackend")
    assert "Xã Suối Một" not in client.get(reverse("results:doubts")).content.decode()
    assert client.get(f"{reverse('results:doubt')}?so={jump.pk}").status_code == 404


@pytest.fixture
def apart(world):
    """Nine communes of which c1 stands apart, month after month."""
    from namro.web.org import actions as org

    for number in range(4, 12):
        order = org.Order(on=AT.date(), at=AT, by=None, basis="")
        under = {Tree.GOVERNMENT: world.units["12-UB"]}
        new = org.NewUnit(f"k{number}", f"Xã {number}", "COMMUNE", "", under)
        org.create_unit(new=new, order=order)
        world.units[new.code] = Unit.objects.get(code=new.code)

    def tell(month, own):
        say(world, "c1", month, {CADRES: 100, TRAINED: own}, hours=int(month[-2:]))
        for number in range(4, 12):
            told = {CADRES: 100, TRAINED: 40 + number % 3}
            say(world, f"k{number}", month, told, hours=int(month[-2:]))
        doubts.look_at_everything([month], at=LATER)
        return Doubt.objects.filter(check_name="PEERS", period=month).first()

    return tell


def test_unit_that_explained_why_it_stands_apart_is_not_asked_every_month(world, apart):
    first = apart("202507", 97)
    assert first.unit.code == "c1"
    doubts.answer(
        doubt=first, state="EXPLAINED", answer="Toàn bộ đã học khóa của tỉnh.", by=world.baocao,
        at=LATER,
    )  # fmt: skip
    assert apart("202508", 98) is None
    assert apart("202509", 2).unit.code == "c1"  # another value is another question


def test_unit_that_did_not_answer_is_asked_of_each_month(apart):
    assert apart("202507", 97) and apart("202508", 98)
