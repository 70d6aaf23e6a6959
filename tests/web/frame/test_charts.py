"""Charts: sound SVG, nothing the content policy forbids, said in words, never a made-up value."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest

from namro.web.frame import charts

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = [("tháng 7", Decimal("41")), ("tháng 8", None), ("tháng 9", Decimal("71.94"))]
TILES = [
    (0, 0, "Bình Lư", "71,9%", "REACHED", "/don-vi/03390/"),
    (1, 0, "P. Đoàn Kết", "–", "NO_DATA", ""),
    (0, 1, "Sin Suối Hồ", "40%", "BEHIND", "/don-vi/03394/"),
]
DRAWN = {
    "sparkline": charts.sparkline([1, None, Decimal("2.5")], 2),
    "sparkline of nothing": charts.sparkline([None, None], 2),
    "sparkline of one": charts.sparkline([0]),
    "trend": charts.trend(MONTHS, 80, "hạn 31/12/2025", unit="%"),
    "trend of nothing": charts.trend([("tháng 7", None)], 80, "hạn 31/12/2025"),
    "trend of one": charts.trend([("tháng 7", 0)]),
    "trend of equals below zero": charts.trend([("tháng 7", -3), ("tháng 8", -3)], -3),
    "bars": charts.bars([("Xã Một", 47.7, "17/36", "/x/"), ("Xã Hai", None, "")], 80, unit="%"),
    "bars of nothing": charts.bars([]),
    "hexmap": charts.hexmap(TILES),
    "hexmap of steps": charts.hexmap([(0, 0, "A", "1", "5", "")], legend=[("5", "từ 80%")]),
    "hexmap of nothing": charts.hexmap([]),
    "progress": charts.progress(214, 300),
    "progress of nothing": charts.progress(0, 0),
}


@pytest.mark.parametrize("name", DRAWN)
def test_drawing_is_sound_said_in_words_and_allowed(name):
    svg = DRAWN[name]
    drawing = ElementTree.fromstring(svg)
    assert drawing.tag == f"{SVG}svg"
    assert drawing[0].tag == f"{SVG}title" and drawing[0].text
    assert drawing[1].tag == f"{SVG}desc" and drawing[1].text
    for element in drawing.iter():
        assert not {k for k in element.attrib if k == "style" or k.startswith("on")}
        assert element.tag not in (f"{SVG}script", f"{SVG}style")
    assert "nan" not in svg and "inf" not in svg.replace("inherit", "")


def test_text_from_outside_cannot_become_markup():
    evil = '"><script>alert(1)</script>'
    for svg in (
        charts.bars([(evil, 1, evil)], title=evil),
        charts.trend([(evil, 1)], 2, evil),
        charts.hexmap([(0, 0, evil, evil, "REACHED", "/?q=%22")], legend=[("REACHED", evil)]),
    ):
        assert "<script" not in svg
        ElementTree.fromstring(svg)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//evil.example", "https://evil.example"]
)
def test_links_stay_on_the_site(address):
    with pytest.raises(ValueError, match="not an address"):
        charts.bars([("Xã Một", 1, "", address)])


def test_a_gap_is_not_bridged():
    drawing = ElementTree.fromstring(charts.sparkline([1, 2, None, 3, 4]))
    assert len(drawing.findall(f"{SVG}polyline")) == 2


def test_trend_says_every_value_threshold_and_deadline():
    about = ElementTree.fromstring(DRAWN["trend"])[1].text
    assert about == (
        "tháng 7: 41%; tháng 8: chưa có số liệu; tháng 9: 71,9%; ngưỡng 80%; hạn 31/12/2025"
    )


def test_what_is_expected_at_the_deadline_is_a_wedge_that_is_told_too():
    drawn = charts.trend(MONTHS, 80, "hạn 31/12/2025", ahead=(74.0, 84.9, 91.0), unit="%")
    drawing = ElementTree.fromstring(drawn)
    assert "dự báo đến hạn khoảng 84,9%, từ 74% đến 91%" in drawing[1].text
    wedge = next(e for e in drawing.iter(f"{SVG}polygon") if len(e.get("points").split()) == 3)
    begin, low, high = ([float(n) for n in p.split(",")] for p in wedge.get("points").split())
    assert begin[0] < low[0] == high[0] and high[1] < low[1]


def test_bars_grow_with_the_value_and_nothing_known_has_none():
    drawing = ElementTree.fromstring(charts.bars([("A", 20, ""), ("B", 40, ""), ("C", None, "")]))
    rects = [r for r in drawing.findall(f"{SVG}rect") if r.get("fill") != "#eef0f3"]
    assert len(rects) == 2
    assert float(rects[1].get("width")) == pytest.approx(2 * float(rects[0].get("width")), abs=0.2)
    assert "chưa có số liệu" in "".join(drawing.itertext())


def test_hexmap_has_a_sign_besides_the_colour_and_counts_in_its_legend():
    svg = DRAWN["hexmap"]
    words = [t.text for t in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    assert {"Đạt: 1", "Chậm: 1", "Chưa có số liệu: 1"} <= set(words)
    assert "stroke-dasharray" in svg and "<pattern" in svg


def test_two_maps_on_a_page_do_not_share_names():
    first, second = charts.hexmap(TILES), charts.hexmap(TILES[:2])
    names = [
        {e.get("id") for e in ElementTree.fromstring(m).iter() if e.get("id")}
        for m in (first, second)
    ]
    assert names[0] and not names[0] & names[1]


def test_an_unknown_shade_is_an_error():
    with pytest.raises(KeyError):
        charts.hexmap([(0, 0, "A", "1", "PURPLE", "")])


def test_progress_never_runs_over():
    full = ElementTree.fromstring(charts.progress(5, 4)).findall(f"{SVG}rect")
    assert full[0].get("width") == full[1].get("width")
