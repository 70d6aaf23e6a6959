"""What pages write as text at once: in step with units and names, nothing from outside markup."""

import pytest

from namro.web.frame import listing
from namro.web.org.models import Unit, UnitAncestor
from tests.web.results.test_pages import text_of

pytestmark = pytest.mark.django_db
NAMED, WRITTEN = 'Xã <b>"Mới"', "Xã &lt;b&gt;&quot;Mới&quot;"


@pytest.fixture
def page(filled, enter):
    """The page of a target as it is now."""
    client = enter("dieuphoi")
    return lambda: text_of(client.get(f"/chi-tieu/{filled.targets['5'].pk}/"))


def test_units_to_choose_and_rows_follow_names_and_the_tree(page):
    assert '<option value="c2">Xã Suối Hai</option>' in page()
    Unit.objects.filter(code="c2").update(name=NAMED, short_name="")
    shown = page()
    assert f'<option value="c2">{WRITTEN}</option>' in shown
    assert f'title="Xem nguồn số liệu của {WRITTEN}">{WRITTEN}</a>' in shown
    assert NAMED not in shown and "Xã Suối Hai" not in shown
    UnitAncestor.objects.filter(unit__code="c2").delete()
    assert 'value="c2"' not in page()


def test_unit_looked_at_is_the_one_chosen(filled, enter):
    shown = text_of(enter("dieuphoi").get("/chi-tieu/?don-vi=c1"))
    assert shown.count('<option value="c1"') == 1
    assert '<select name="don-vi" data-submit> <option value="c1" selected>' in shown


def test_silent_units_are_named_without_markup(page):
    Unit.objects.filter(code="c3").update(name=NAMED, short_name="")
    silent = page().split('id="chua-bao-cao"')[1]
    assert WRITTEN in silent and NAMED not in silent


def test_cells_of_a_list_are_escaped_with_their_links():
    column = listing.Column("a", 'Cột "a"', str, link=lambda row: '/x/?a="&b', sign=lambda _: '"<')
    shown = listing.ShownList(
        listing.Listing("Bảng", [column]), None, [(1, [listing._cell(column, NAMED)])], "", "", {}
    )
    assert shown.body == (
        '<tr><td class="text &quot;&lt;" data-title="Cột &quot;a&quot;">'
        f'<a href="/x/?a=&quot;&amp;b">{WRITTEN}</a></td></tr>'
    )
