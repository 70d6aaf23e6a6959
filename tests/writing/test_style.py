from datetime import date

import pytest

from namro.writing.style import BLANK, place_date_line, profile_for


@pytest.mark.parametrize(
    ("form", "on", "code"),
    [
        ("party", date(2018, 4, 3), "party-2018"),
        ("party", date(2026, 5, 26), "party-2018"),
        ("party", date(2026, 5, 27), "party-2026"),
        ("party", None, "party-2026"),
        ("state", date(2020, 3, 5), "state-2020"),
        ("state", date(2026, 6, 1), "state-2020"),
    ],
)
def test_form_follows_the_date_of_the_paper(form, on, code: str) -> None:
    assert profile_for(form, on).code == code


@pytest.mark.parametrize(("form", "on"), [("party", date(2018, 4, 2)), ("state", date(2020, 3, 4))])
def test_no_form_is_made_up_for_older_papers(form, on: date) -> None:
    with pytest.raises(ValueError, match="Chưa có thể thức"):
        profile_for(form, on)


@pytest.mark.parametrize("profile", [profile_for("party", None), profile_for("state", None)])
def test_page_is_as_both_rules_ask(profile) -> None:
    m = profile.margins
    assert (m.top, m.bottom, m.left, m.right) == (20, 20, 30, 15)
    assert profile.line >= 18
    assert profile.gap >= 6
    assert profile.body.size == 14
    assert profile.page_number_from_top == 10


@pytest.mark.parametrize(
    ("form", "number", "symbol", "line"),
    [
        ("party", "15", "BC/ĐU", "Số 15-BC/ĐU"),
        ("party", "5", "BC/ĐU", "Số 05-BC/ĐU"),
        ("party", None, "BC/ĐU", f"Số {BLANK * 4}-BC/ĐU"),
        ("state", "5", "BC-UBND", "Số: 05/BC-UBND"),
        ("state", "128", "BC-UBND", "Số: 128/BC-UBND"),
        ("state", " ", "BC-UBND", f"Số: {BLANK * 6}/BC-UBND"),
    ],
)
def test_number_line_of_each_form(form, number, symbol: str, line: str) -> None:
    assert profile_for(form, None).number_line(number, symbol) == line


def test_place_and_date_stay_blank_the_official_way() -> None:
    day = date(2025, 9, 3)
    assert place_date_line("Nam Sơn", day, None) == "Nam Sơn, ngày 03 tháng 9 năm 2025"
    assert (
        place_date_line("Nam Sơn", date(2026, 2, 1), None) == "Nam Sơn, ngày 01 tháng 02 năm 2026"
    )
    drafted = place_date_line("Nam Sơn", None, day)
    assert drafted.replace(BLANK, " ") == "Nam Sơn, ngày    tháng 9 năm 2025"
    blank = place_date_line("Nam Sơn", None, None)
    assert blank.replace(BLANK, " ").split() == ["Nam", "Sơn,", "ngày", "tháng", "năm"]


@pytest.mark.parametrize(
    ("form", "given", "written"),
    [
        ("party", "TM. BAN THƯỜNG VỤ", "T/M BAN THƯỜNG VỤ"),
        ("party", "T/M BAN THƯỜNG VỤ", "T/M BAN THƯỜNG VỤ"),
        ("party", "TL. BAN THƯỜNG VỤ", "T/L BAN THƯỜNG VỤ"),
        ("state", "T/M ỦY BAN NHÂN DÂN", "TM. ỦY BAN NHÂN DÂN"),
        ("state", "KT. CHỦ TỊCH", "KT. CHỦ TỊCH"),
        ("state", "K/T CHỦ TỊCH", "KT. CHỦ TỊCH"),
    ],
)
def test_signing_marks_follow_the_form(form, given: str, written: str) -> None:
    assert profile_for(form, None).authority_line(given) == written
