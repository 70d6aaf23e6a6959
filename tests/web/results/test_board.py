"""A board's cells say what the page of each unit says, whichever way they were worked out."""

from datetime import date, timedelta

import pytest
from django.conf import settings as site
from django.urls import reverse

from namro.terms import Period
from namro.web.org.models import Unit
from namro.web.plans.queries import targets_of
from namro.web.results import queries
from namro.web.results.board import board_of
from tests.web.results.conftest import AT
from tests.web.results.test_plan_results import bind_all

pytestmark = pytest.mark.django_db
ON = date(2025, 9, 25)
CODES = ("12", "12-UB", "c1", "c2", "c3", "12-KHCN")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"period": Period.of("202507")},
        {"period": Period.of("2025Q3")},
        {"as_of": AT + timedelta(days=9)},
    ],
    ids=("now", "earlier", "quarter", "as of"),
)
def test_cells_are_those_of_each_unit(filled, asked):
    bind_all(filled)
    viewer = filled.people["dieuphoi"]
    asked = {"period": None, "as_of": None, **asked}
    view = queries.look(viewer, unit=filled.units["12"], on=ON, **asked)
    targets = list(targets_of(filled.plan))
    units = [filled.units[code] for code in CODES]
    board = board_of(targets, units, view)
    assert [row.target.pk for row in board] == [t.pk for t in targets]
    for unit in units:
        one = queries.look(viewer, unit=unit, on=ON, **asked)
        for row, told in zip(board, queries.results_of(targets, one), strict=True):
            cell = row.cells.get(unit.pk)
            if told.expected:
                assert cell == (told.standing, told.value_text)
            else:
                assert cell is None


def test_a_board_asked_again_takes_one_query_more_than_the_look(filled, django_assert_num_queries):
    bind_all(filled)
    view = queries.look(
        filled.people["dieuphoi"], unit=None, period=None, as_of=None, on=ON
    )  # fmt: skip
    targets, units = list(targets_of(filled.plan)), list(Unit.objects.all())
    made = board_of(targets, units, view)
    with django_assert_num_queries(1):
        assert board_of(targets, units, view) == made
    assert len(made) == len(targets) > 20


def test_a_target_nobody_bound_has_no_cells(filled):
    target = filled.targets["5"]
    target.measure = ""
    view = queries.look(filled.people["dieuphoi"], unit=None, period=None, as_of=None, on=ON)
    (row,) = board_of([target], [filled.units["12"]], view)
    assert row.measure is None and row.cells == {}


def test_the_page_shows_communes_side_by_side_and_goes_into_a_workbook(filled, client):
    client.force_login(filled.people["dieuphoi"], backend="namro.web.org.backends.PostsBackend")
    page = client.get("/chi-tieu/theo-don-vi/?ky=202509").content.decode()
    for told in ("Tỉnh Mẫu", "Xã Suối Một", "Phường Suối Ba", " 41,0%", "● 80,0%", "○ –"):
        assert told in page
    sheet = client.get("/chi-tieu/theo-don-vi/?ky=202509&xuat=xlsx")
    assert sheet["Content-Type"].endswith("spreadsheetml.sheet")


def test_a_commune_sees_itself_alone_on_the_board(filled, client):
    client.force_login(filled.people["baocao"], backend="namro.web.org.backends.PostsBackend")
    page = client.get("/chi-tieu/theo-don-vi/").content.decode()
    assert "Xã Suối Một" in page and "Xã Suối Hai" not in page
    refused = client.get("/chi-tieu/theo-don-vi/?don-vi=c2")
    assert refused.status_code == 403


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1280])
def test_a_wide_board_scrolls_in_its_own_box_beside_its_targets(
    live_server, client, filled, browser, width
):
    bind_all(filled)
    client.force_login(filled.people["dieuphoi"])
    cookie = {
        "name": site.SESSION_COOKIE_NAME,
        "value": client.cookies[site.SESSION_COOKIE_NAME].value,
        "url": live_server.url,
    }
    context = browser.new_context(locale="vi-VN", viewport={"width": width, "height": 900})
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(live_server.url + reverse("results:board") + "?ky=202509")
    page.locator(".wide-list").evaluate("box => { box.scrollLeft = 9999; }")
    name = page.locator(".wide-list tbody td.held").nth(1).bounding_box()
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    context.close()
    assert widths[0] <= widths[1] and 0 <= name["x"] < width / 2
