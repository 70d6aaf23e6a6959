"""The outbox, a letter and the button: who may see what, and what they say."""

from __future__ import annotations

import pytest
from django.urls import reverse

from namro.web.frame import clock
from namro.web.org.rules import Role
from namro.web.oversight import reminders
from namro.web.oversight.models import Letter, Reminder
from tests.web.oversight.setting import add_person, after, at, open_round

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """The deadline's day: the clock is the one door time enters by."""
    monkeypatch.setattr(clock, "now", lambda: at(after(0)))
    monkeypatch.setattr(clock, "today", lambda: after(0))


@pytest.fixture
def letters(world):
    """Two communes urged on the day, one letter each."""
    open_round(world, communes=("c1", "c2"))
    reminders.run(today=after(0), at=at(after(0)))
    return {letter.to.username: letter for letter in Letter.objects.select_related("to")}


@pytest.mark.parametrize(
    ("username", "status"),
    [("dieuphoi", 200), ("kiemtra", 200), ("lanhdao", 403), ("duyet", 403), ("baocao", 403),
     ("quantri", 403)],
)  # fmt: skip
def test_outbox_opens_to_those_who_urge(enter, username, status):
    assert enter(username).get(reverse("oversight:reminders")).status_code == status


def test_outbox_lists_unit_thing_step_and_outcome(enter, letters):
    page = enter("dieuphoi").get(reverse("oversight:reminders")).content.decode()
    assert "Xã Suối Một" in page
    assert "Báo cáo số liệu tháng 9/2025 gửi Sở Nội vụ" in page
    assert "Đến hạn hôm nay" in page
    assert "Chờ gửi" in page


def test_outbox_shows_only_units_within_reach(client, world, letters):
    own = add_person(world, "dieuphoixa", "c2", Role.COORDINATOR)
    client.force_login(own, backend="namro.web.org.backends.PostsBackend")
    page = client.get(reverse("oversight:reminders")).content.decode()
    assert "Xã Suối Hai" in page
    assert "Xã Suối Một" not in page


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("?buoc=DUE", 2),
        ("?buoc=HEAD", 0),
        ("?thu=WAITING", 2),
        ("?thu=SENT", 0),
        ("?thu=PASSED_OVER", 2),
        ("?viec=task", 0),
        ("?q=suoi hai", 1),
        ("?buoc=khong-co", 2),
        ("?trang=999&sap=-han", 2),
    ],
)
def test_outbox_narrows_by_the_address(enter, letters, query, rows):
    answer = enter("dieuphoi").get(reverse("oversight:reminders") + query)
    assert answer.context["list"].page.paginator.count == rows


def test_outbox_filters_agree_with_what_each_row_says(enter, letters):
    client = enter("dieuphoi")
    for outcome in {r.outcome for r in Reminder.objects.select_related("letter")}:
        answer = client.get(reverse("oversight:reminders") + f"?thu={outcome}")
        assert {row.outcome for row, _ in answer.context["list"].rows} == {outcome}


def test_outbox_exports_to_excel(enter, letters):
    answer = enter("dieuphoi").get(reverse("oversight:reminders") + "?xuat=xlsx")
    assert answer.content[:2] == b"PK"


def test_outbox_reads_a_fixed_number_of_times(enter, letters, django_assert_max_num_queries):
    client = enter("dieuphoi")
    with django_assert_max_num_queries(9):
        client.get(reverse("oversight:reminders"))


def test_letter_is_shown_to_its_reader_and_to_who_urges(enter, letters):
    address = reverse("oversight:reminder", args=[letters["baocao"].pk])
    for username in ("dieuphoi", "baocao"):
        page = enter(username).get(address)
        assert page.status_code == 200
        assert "Kính gửi đồng chí Phùng Văn Báo," in page.content.decode()


def test_letter_to_a_superior_shows_only_what_is_within_reach(client, enter, world):
    open_round(world, communes=("c1", "c2"))
    reminders.run(today=after(40), at=at(after(40)))
    both = Letter.objects.filter(reminders__unit=world.units["c1"])
    letter = both.filter(reminders__unit=world.units["c2"]).first()
    address = reverse("oversight:reminder", args=[letter.pk])
    whole = enter("dieuphoi").get(address).content.decode()
    own = add_person(world, "dieuphoixa", "c2", Role.COORDINATOR)
    client.force_login(own, backend="namro.web.org.backends.PostsBackend")
    part = client.get(address).content.decode()
    assert "Xã Suối Một" in whole and "Xã Suối Hai" in whole
    assert "Xã Suối Hai" in part and "Xã Suối Một" not in part


@pytest.mark.parametrize("username", ["xakhac", "lanhdao", "quantri"])
def test_letter_is_hidden_from_everyone_else(enter, letters, username):
    address = reverse("oversight:reminder", args=[letters["baocao"].pk])
    assert enter(username).get(address).status_code == 404


def test_letter_that_is_not_there_is_not_found(enter):
    assert enter("dieuphoi").get(reverse("oversight:reminder", args=[987])).status_code == 404


def test_button_urges_and_says_what_it_did(enter, world, django_capture_on_commit_callbacks):
    open_round(world)
    client = enter("dieuphoi")
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("oversight:run"), follow=True)
    assert "lập 1 thư" in answer.content.decode()
    again = client.post(reverse("oversight:run"), follow=True)
    assert "không có việc nào đến bước đôn đốc mới" in again.content.decode()
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("username", ["baocao", "lanhdao", "quantri"])
def test_button_is_refused_to_others(enter, world, username):
    open_round(world)
    assert enter(username).post(reverse("oversight:run")).status_code == 403
    assert Letter.objects.count() == 0


def test_button_is_no_link(enter):
    assert enter("dieuphoi").get(reverse("oversight:run")).status_code == 405
