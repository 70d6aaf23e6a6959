"""Odd input: signs nobody sees, numbers that are none, days far off. No page breaks on it."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from namro.vietnamese import tidy
from namro.web.frame.entered import keepable, plain, usual, whole
from namro.web.frame.listing import Column, Listing, narrow
from namro.web.reporting import actions as reporting
from namro.web.reporting.models import Holiday
from tests.world import AT


@pytest.mark.parametrize(
    "text",
    ["", None, "²", "²⁰²⁵", "٣", "-1", "+1", "1 ", "9e30", "1,5", "c1", "9" * 19, "9" * 5000],
)
def test_whole_gives_the_other_value_for_what_is_no_plain_number(text):
    assert whole(text, -7) == -7


def test_whole_reads_plain_digits():
    assert (whole("0", 5), whole("12", 5), whole("9" * 18, 5)) == (0, 12, 10**18 - 1)


def test_usual_refuses_years_that_are_slips():
    assert usual(date(2025, 9, 3)) == date(2025, 9, 3)
    for day in (date(1, 1, 1), date(1989, 12, 31), date(2101, 1, 1), date(9999, 12, 31)):
        with pytest.raises(ValueError, match="nằm ngoài khoảng"):
            usual(day)


def test_plain_takes_control_signs_out_and_keeps_lines():
    assert plain("Điều 1\x0bđoạn\x00 hai\tcột\nba\x7f") == "Điều 1\nđoạn hai\tcột\nba"


def test_tidy_takes_control_signs_for_blanks():
    assert tidy("xã\x00 Suối\x01Một\x07") == "xã Suối Một"


def test_keepable_json_has_no_nul_and_keeps_every_length():
    told = {"a\x00": ["b\x00c", 1, None, ("d\x00",)]}
    assert keepable(told) == {"a ": ["b c", 1, None, ["d "]]}


def test_record_file_with_a_nul_is_refused_with_its_line(world):
    bad = "dossier,unit,procedure,received_on,channel,digitised,applicant_name\n"
    bad += "h1,c1,1.001,hôm\x00qua,trực tuyến,có,A\n"
    kept = reporting.receive_records(
        dataset="dossiers", period_code="202509", file_name="a.csv", chunks=[bad.encode()],
        by=world.dieuphoi, at=AT,
    )  # fmt: skip
    kept = reporting.check_records(record_file=kept, at=AT)
    assert (kept.state, kept.faults[0]["line"]) == ("REFUSED", 2)
    assert "\x00" not in str(kept.faults)


@pytest.mark.parametrize("text", ["a\rb,c\r\n", '"a\n', "x" * 200_000])
def test_units_table_that_is_no_csv_is_refused_in_words(enter, text):
    upload = SimpleUploadedFile("don-vi.csv", ("Mã,Tên,Loại,Từ ngày\n" + text).encode())
    answer = enter("quantri").post(reverse("org:load_units"), {"tep": upload})
    assert answer.status_code == 422


def test_form_text_is_kept_without_control_signs(enter):
    client = enter("dieuphoi")
    client.post(
        reverse("reporting:days"), {"on": "1/10/2025", "name": "Nghỉ\x00 bù\x08", "works": "0"}
    )
    assert Holiday.objects.get().name == "Nghỉ bù"


@pytest.mark.parametrize(
    "path", ["don-vi=%00", "q=%00%01", "ky=%0b", "%00=1", "tinh-den=0001-01-01"]
)
def test_address_with_odd_signs_is_answered(enter, path):
    answer = enter("dieuphoi").get(reverse("results:targets") + f"?{path}")
    assert answer.status_code in (200, 422)


def test_path_with_control_signs_is_no_page(enter):
    assert enter("quantri").get(reverse("org:unit", args=["c\x001"])).status_code == 404


@pytest.mark.parametrize(
    ("who", "name", "query"),
    [
        ("quantri", "org:journal", "?den=9999-12-31"),
        ("quantri", "org:journal", "?tu=0001-01-01"),
        ("lanhdao", "results:targets", "?tinh-den=9999-12-31T23:59"),
        ("lanhdao", "results:targets", "?ky=000001"),
        ("lanhdao", "results:targets", "?ky=9999"),
    ],
)
def test_day_far_off_is_answered_in_words(enter, who, name, query):
    answer = enter(who).get(reverse(name) + query)
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize("typed", ["²", "9" * 5000, "abc", "9e30"])
def test_number_that_is_none_is_answered(enter, typed):
    client = enter("dieuphoi")
    many = client.post(reverse("reporting:approve_many"), {"chosen": typed})
    off = client.post(reverse("reporting:days"), {"remove": typed})
    assert (many.status_code, off.status_code) == (302, 404)


@pytest.mark.parametrize("day", ["1/1/0001", "31/12/9999"])
def test_due_far_off_is_refused_on_the_page(enter, world, day):
    data = {"plan": world.plan.pk, "period": "202509", "due_on_COMMUNE": day}
    answer = enter("dieuphoi").post(reverse("reporting:open_round"), data)
    assert answer.status_code == 422
    assert "Hạn nộp ghi chưa đúng" in answer.content.decode()


def test_list_sorts_signs_that_only_look_like_digits(rf):
    listing = Listing("Danh sách", [Column("a", "A", lambda r: r)], sort="a")
    rows, *_ = narrow(rf.get("/"), listing, ["2²", "1"])
    assert rows == ["1", "2²"]


def test_half_a_sign_goes_nowhere_and_json_keeps_its_length():
    assert plain("a\ud83d") == "a" and plain("🙂") == "🙂"
    assert keepable({"k": ["a\udc00b"]}) == {"k": ["a\ufffdb"]}
