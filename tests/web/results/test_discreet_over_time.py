"""A reader who looks at other moments, months, trees and lists finds no small count."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse

from namro.terms import Period
from namro.web.facts import actions as facts
from namro.web.facts import upkeep
from namro.web.facts.library import library
from namro.web.facts.models import Doubt
from namro.web.facts.rules import Said
from namro.web.org import actions as org
from namro.web.org.models import Unit
from namro.web.papers import figures
from namro.web.results import reckoning
from tests.web.results.test_discreet import FEW, hidden

pytestmark = pytest.mark.django_db
AT = datetime(2025, 7, 20, 9, 0, tzinfo=UTC)
JULY, AUGUST = Period.of("202507"), Period.of("202508")
DOSSIERS = """
measure = "own.trained"
title = "Tỷ lệ hồ sơ trực tuyến"
kind = "ratio"
scope = ["COMMUNE", "WARD"]
over = "year_to_date"
frequency = "month"
small_below = 5
numerator = { count = "dossiers", title = "Hồ sơ trực tuyến", where = { channel = "online" } }
denominator = { count = "dossiers", title = "Hồ sơ tiếp nhận" }

[[example]]
says = "Năm trên mười."
period = "202507"
dossiers = \"\"\"
dossier | unit | received_on | channel
ROWS
\"\"\"
expect = { c1 = "5/10", p = "5/10" }
""".replace(
    "ROWS", "\n".join(f"h{i} | c1 | 2025-07-02 | {('online', 'post')[i % 2]}" for i in range(10))
)


@pytest.fixture
def define(world, settings):
    """define(text): target 5 is measured by the installation's own measure, kept for two months."""

    def own(text):
        folder = Path(settings.NAMRO_HOME) / "measures"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "few.toml").write_text(text, encoding="utf-8")
        target = world.targets["5"]
        target.measure = "own.trained"
        target.save()
        for period in (JULY, AUGUST):
            facts.open_period(period_code=period.code, at=AT)
        return library().measures["own.trained"]

    return own


@pytest.fixture
def say(world):
    def enter(code, trained, cadres, *, after, period=JULY):
        pk = world.units[code].pk
        told = {"commune-cadres": cadres, "commune-cadres-trained": trained}
        said = [Said(e, pk, period.code, Decimal(v)) for e, v in told.items()]
        facts.record(said=said, source="demo:1", by=None, at=AT + timedelta(hours=after))

    return enter


def send(tmp_path, month, told):
    """One file of a month: unit → (online, by post)."""
    lines = ["dossier,unit,procedure,received_on,channel,digitised"]
    for unit, counts in told.items():
        for channel, times in zip(("online", "post"), counts, strict=True):
            lines += [
                f"h{month}{unit}{channel}{i},{unit},T1,2025-{month:02d}-05,{channel},yes"
                for i in range(times)
            ]
    path = tmp_path / f"{month}.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    facts.take_batch(
        dataset="dossiers", period_code=f"2025{month:02d}", path=path, file_name=path.name,
        by=None, at=AT + timedelta(days=month),
    )  # fmt: skip


def pages(client, world, **asked):
    """All that a reader is shown of the target at the province: page, lists, charts, exports."""
    query = "?" + "&".join(f"{key.replace('_', '-')}={value}" for key, value in asked.items())
    target = world.targets["5"].pk
    addresses = [reverse("results:target", args=[target]), reverse("results:targets"),
                 reverse("results:board"), reverse("results:origin", args=[target])]  # fmt: skip
    return "".join(client.get(address + query).content.decode() for address in addresses)


def test_late_small_report_is_not_the_difference_of_two_moments(define, say, world, enter):
    """c2 and c3 first: the province has 50. Then c1's 3: it has 53."""
    few = define(FEW)
    say("c2", 30, 60, after=1)
    say("c3", 20, 30, after=1)
    say("c1", 3, 40, after=5)
    now = reckoning.live([few], list(Unit.objects.all()), [JULY])
    then = reckoning.direct([few], [JULY], AT + timedelta(hours=2))
    assert now["own.trained", "12", "202507"].numerator == 53
    assert hidden(now) == {"c1", "c3"}
    assert then["own.trained", "12", "202507"].hidden and then["own.trained", "c3", "202507"].hidden
    assert then["own.trained", "c2", "202507"].numerator == 30
    text = pages(enter("lanhdao"), world, ky="202507", tinh_den="18:30 20/7/2025")
    assert "30/60" in text.replace(" / ", "/") and "không công bố (số ít)" in text
    assert not re.search(r"\b50\s*/\s*90\b|55,6\s*%", text)


def test_same_moment_as_now_shows_what_is_shown_now(define, say):
    few = define(FEW)
    for code, trained in {"c1": 12, "c2": 30, "c3": 20}.items():
        say(code, trained, 60, after=1)
    now = dict(reckoning.live([few], list(Unit.objects.all()), [JULY]))
    then = reckoning.direct([few], [JULY], AT + timedelta(hours=2))
    assert not hidden(then) and {p: r.numerator for p, r in then.items()} == {
        p: r.numerator for p, r in now.items()
    }


def test_paper_tells_what_was_shown_at_its_moment_for_ever(define, say, world):
    define(FEW)
    say("c2", 30, 60, after=1)
    say("c3", 20, 30, after=1)
    view = figures.view_of(world.plan, world.units["12-DU"], JULY, AT + timedelta(hours=2),
                           viewer=world.lanhdao)  # fmt: skip
    before = figures.freeze(world.plan, view)["figures"]
    say("c1", 3, 40, after=5)
    assert figures.freeze(world.plan, view)["figures"] == before
    assert next(f for f in before if f["code"] == "5")["numerator"] == "50"


def test_month_of_a_year_to_date_is_not_the_difference_of_two(define, world, tmp_path, enter):
    """c1 had 2 online in August: August's sum goes with July's to tell it, so it is kept back."""
    # Measured from the same dossiers with nothing kept back: it would tell them all.
    type(world.targets["12"]).objects.filter(code="12").update(measure="")
    online = define(DOSSIERS)
    send(tmp_path, 7, {"c1": (30, 10), "c2": (40, 10), "c3": (50, 20)})
    send(tmp_path, 8, {"c1": (2, 10), "c2": (10, 10), "c3": (20, 10)})
    everywhere = list(Unit.objects.all())
    july = reckoning.live([online], everywhere, [JULY])
    august = reckoning.live([online], everywhere, [AUGUST])
    assert not hidden(july) and hidden(august) == {"c1", "c2"}
    both = reckoning.direct([online], [JULY, AUGUST], None)
    assert {p for p, r in both.items() if r.hidden} == {("own.trained", u, "202508")
                                                        for u in ("c1", "c2")}  # fmt: skip
    quarter = reckoning.direct([online], [Period.of("2025S2")], None)
    assert quarter["own.trained", "12", "2025S2"].numerator == 152
    reader = enter("lanhdao")
    text = pages(reader, world, ky="202508") + pages(reader, world, ky="202508", don_vi="c1")
    assert not re.search(r"\b32\s*/\s*52\b|61,5\s*%", text) and "không công bố (số ít)" in text


def test_later_tree_tells_no_unit_of_the_time(define, say, world):
    """c1 (3) and c2 merge into one: under the new tree its 33 less c2's 30 would tell c1."""
    few = define(FEW)
    for code, trained in {"c1": 3, "c2": 30, "c3": 20}.items():
        say(code, trained, 60, after=1)
    order = org.Order(on=date(2025, 8, 20), at=AT + timedelta(days=31), by=None, basis="NQ 1")
    into = org.NewUnit(code="c12", name="Xã Suối Mới", kind="COMMUNE")
    org.merge_units(units=[world.units["c1"], world.units["c2"]], into=into, order=order)
    upkeep.ensure_current(at=AT + timedelta(days=31))
    then = reckoning.direct([few], [JULY], None)
    now = reckoning.direct([few], [JULY], None, date(2025, 9, 1))
    assert hidden(then) == {"c1", "c3"}
    told = {u for (_, u, _), r in now.items() if r.numerator is not None}
    assert "12" in told and not told & {"c12", "c1", "c3"}


def test_doubt_that_names_such_a_value_is_for_who_sees_the_value(define, world, enter):
    define(FEW)
    for element in ("commune-cadres-trained", "province-population"):
        Doubt.objects.create(
            check_name="JUMP", element=element, unit=world.units["c1"], period="202507",
            value=Decimal(3), why="Từ 12 xuống 3", found_at=AT,
        )  # fmt: skip
    seen = {
        person: len(re.findall("Từ 12 xuống 3", enter(person).get(reverse("results:doubts"))
                               .content.decode()))
        for person in ("lanhdao", "kiemtra", "baocao", "duyet")
    }  # fmt: skip
    assert seen == {"lanhdao": 1, "kiemtra": 2, "baocao": 2, "duyet": 2}
    doubt = Doubt.objects.get(element="commune-cadres-trained")
    address = reverse("results:doubt") + f"?so={doubt.pk}"
    assert enter("lanhdao").get(address).status_code == 404
    assert enter("kiemtra").get(address).status_code == 200


def test_reader_is_told_the_rule(define, world, enter):
    define(FEW)
    text = enter("lanhdao").get(reverse("results:measure", args=["own.trained"])).content.decode()
    assert "Số đếm dưới 5 người không công bố" in text
