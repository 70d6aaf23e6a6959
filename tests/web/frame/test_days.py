"""A day typed in Vietnamese order, whatever the browser speaks."""

from datetime import UTC, date, datetime

import pytest
from django import forms

from namro.web.frame.days import DayField, read_day, read_moment, write_moment


class Form(forms.Form):
    on = DayField(label="Ngày")


@pytest.mark.parametrize(
    "text",
    ["01/7/2025", "1-7-2025", "01.07.2025", " ngày 01 tháng 7 năm 2025", "2025-07-01"],
)
def test_day_is_read_as_officials_write_it(text):
    assert read_day(text) == date(2025, 7, 1)
    form = Form({"on": text})
    assert form.is_valid() and form.cleaned_data["on"] == date(2025, 7, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mai", "mẫu 01/7/2025"),
        ("31/6/2025", "Không có ngày 31/6/2025"),
        ("07/13/2025", "Không có ngày 07/13/2025"),
        ("01/7/25", "mẫu 01/7/2025"),
        ("01/7/3025", "Không có ngày 01/7/3025"),
    ],
)
def test_what_is_no_day_is_said_with_the_mend(text, said):
    form = Form({"on": text})
    assert not form.is_valid() and said in form.errors["on"][0]
    assert f'value="{text}"' in str(form["on"])


def test_day_is_shown_in_vietnamese_order():
    drawn = str(Form(initial={"on": date(2025, 7, 1)})["on"])
    assert 'type="text"' in drawn and 'value="01/7/2025"' in drawn
    assert "ngày/tháng/năm" in drawn


def test_day_must_be_told_where_it_is_asked():
    assert not Form({"on": ""}).is_valid()


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("16:00 20/9/2025", 16, 0),
        ("16:05, 20/9/2025", 16, 5),
        ("20/9/2025 16h00", 16, 0),
        ("20/9/2025 9h", 9, 0),
        ("9 giờ 20/9/2025", 9, 0),
        ("lúc 16 giờ 30 phút, ngày 20 tháng 9 năm 2025", 16, 30),
        ("2025-09-20T16:00", 16, 0),
        ("2025-09-20 16:00:59", 16, 0),
        ("20/9/2025", 23, 59),
    ],
)
def test_moment_is_read_as_officials_write_it_in_vietnams_time(text, hour, minute):
    found = read_moment(text)
    assert found.utcoffset().total_seconds() == 7 * 3600
    assert found.replace(tzinfo=None) == datetime(2025, 9, 20, hour, minute)
    assert read_moment(write_moment(found)) == found


@pytest.mark.parametrize("text", ["", "16:00", "25:00 20/9/2025", "16:00 31/9/2025", "hôm qua"])
def test_what_is_no_moment_is_said_with_the_mend(text):
    with pytest.raises(ValueError, match="mẫu 16:00 20/9/2025"):
        read_moment(text)


def test_moment_is_shown_in_vietnams_time_and_order():
    assert write_moment(datetime(2025, 9, 20, 9, 0, tzinfo=UTC)) == "16:00 20/9/2025"
    assert write_moment(None) == ""
