"""The menu: every entry leads somewhere, and each role sees only what opens for it."""

import pytest
from django.urls import reverse

from namro.web.config.menu import MENU, UNDER

pytestmark = pytest.mark.django_db
ENTRIES = [entry for group in MENU for entry in group]


def test_every_entry_has_an_address():
    for _, name, _ in ENTRIES:
        assert reverse(name).startswith("/")


def test_pages_stand_under_entries_that_exist():
    assert set(UNDER.values()) <= {name for _, name, _ in ENTRIES}


@pytest.mark.parametrize("who", ["quantri", "dieuphoi", "lanhdao", "duyet", "baocao", "kiemtra"])
def test_every_entry_shown_opens(enter, who):
    client = enter(who)
    page = client.get(reverse("org:password"))
    shown = [entry for group in page.context["menu"] for entry in group]
    assert shown[0][0] == "Hôm nay"
    for label, address, _ in shown:
        assert client.get(address).status_code == 200, label


def test_the_page_shown_is_marked_in_the_menu(enter):
    client = enter("quantri")
    page = client.get("/don-vi/c1/").content.decode()
    assert '<a href="/don-vi/" aria-current="page">' in page


def test_search_is_offered_to_whoever_sees_plans(enter):
    assert 'id="tim"' in enter("dieuphoi").get("/mat-khau/").content.decode()
    assert 'id="tim"' not in enter("quantri").get("/mat-khau/").content.decode()
