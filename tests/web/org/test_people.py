"""Accounts and posts: who may give what to whom, within which reach."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from namro.web.org import actions, queries
from namro.web.org.actions import NotFitting
from namro.web.org.models import JournalEntry, Post, User
from namro.web.org.queries import NotAllowed
from namro.web.org.rules import PERMISSIONS, Role, Verb, account_kind
from tests.world import AT, ON, PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(world):
    """An administrator whose reach is one commune."""
    user = actions.create_user(
        by=None, at=AT, username="quantrixa", full_name="Vàng A Xã", password=PASSWORD,
        must_change_password=False,
    )  # fmt: skip
    actions.appoint(by=None, at=AT, user=user, unit=world.units["c1"], role=Role.ADMIN, from_on=ON)
    world.people["quantrixa"] = user
    return user


def test_who_runs_the_system_touches_no_figures():
    touching = {Verb.REPORT, Verb.APPROVE, Verb.RECEIVE_DOCUMENT, Verb.ASSIGN, Verb.ISSUE_PAPER}
    seeing = {Verb.SEE_FIGURES, Verb.SEE_RECORDS}
    assert not PERMISSIONS[Role.ADMIN] & (touching | seeing)
    managing = {r for r, verbs in PERMISSIONS.items() if Verb.MANAGE_PEOPLE in verbs}
    assert managing == {Role.ADMIN}


def test_who_reports_does_not_see_people_or_journal():
    hidden = {Verb.SEE_PEOPLE, Verb.SEE_JOURNAL, Verb.APPROVE, Verb.SEE_RECORDS}
    assert not PERMISSIONS[Role.REPORTER] & hidden


def test_accounts_of_two_kinds():
    assert account_kind([Role.REPORTER, Role.ADMIN]) == "Quản trị"
    assert account_kind([Role.LEADER]) == account_kind([]) == "Nghiệp vụ"


def test_an_account_is_opened_with_its_post_in_one_step(world):
    user, password = actions.open_account(
        by=world.quantri, at=AT, username="lan.vt", full_name="Vàng Thị Lan",
        unit=world.units["c3"], role=Role.REPORTER, from_on=ON,
    )  # fmt: skip
    assert user.must_change_password and user.check_password(password)
    assert [p.unit.code for p in queries.posts_of(user, ON)] == ["c3"]
    verbs = JournalEntry.objects.order_by("-pk").values_list("verb", flat=True)[:2]
    assert list(verbs) == ["org.appoint", "org.create_user"]
    assert password not in str(list(JournalEntry.objects.values()))


def test_no_account_stays_when_its_post_is_refused(world, clerk):
    with pytest.raises(NotAllowed):
        actions.open_account(
            by=clerk, at=AT, username="lan.vt", full_name="Vàng Thị Lan",
            unit=world.units["c2"], role=Role.REPORTER, from_on=ON,
        )  # fmt: skip
    assert not User.objects.filter(username="lan.vt").exists()


@pytest.mark.parametrize("username", ["quantri", "Có Dấu", "HOA", "a b", "-x", "x\n", "x"])
def test_a_taken_or_unfit_user_name_is_refused(world, username):
    with pytest.raises(ValidationError):
        actions.create_user(
            by=world.quantri, at=AT, username=username, full_name="A", password=PASSWORD
        )


@pytest.mark.parametrize("who", ["dieuphoi", "lanhdao", "duyet", "baocao", "kiemtra"])
def test_only_an_administrator_manages_people(world, who):
    by, whom = world.people[who], world.xakhac
    post = whom.posts.get()
    for attempt in (
        lambda: actions.create_user(by=by, at=AT, username="x1", full_name="X", password=PASSWORD),
        lambda: actions.appoint(
            by=by, at=AT, user=whom, unit=world.units["c2"], role=Role.LEADER, from_on=ON
        ),
        lambda: actions.end_post(post=post, by=by, at=AT, to_on=ON),
        lambda: actions.close_account(user=whom, by=by, at=AT),
        lambda: actions.reset_password(user=whom, by=by, at=AT),
        lambda: actions.unlock(user=whom, by=by, at=AT),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    whom.refresh_from_db()
    assert whom.is_active and whom.check_password(PASSWORD)
    assert Post.objects.filter(user=whom, to_on=None).count() == 1


def test_nobody_gives_a_post_to_themselves(world):
    with pytest.raises(NotAllowed, match="chính mình"):
        actions.appoint(
            by=world.quantri, at=AT, user=world.quantri, unit=world.units["12"],
            role=Role.LEADER, from_on=ON,
        )  # fmt: skip


def test_nobody_gives_a_reach_beyond_their_own(world, clerk):
    with pytest.raises(NotAllowed, match="Tỉnh Mẫu"):
        actions.appoint(
            by=clerk, at=AT, user=world.baocao, unit=world.units["c1"],
            reach=world.units["12"], role=Role.COORDINATOR, from_on=ON,
        )  # fmt: skip


def test_nobody_takes_over_an_account_that_reaches_further(world, clerk):
    actions.appoint(
        by=None, at=AT, user=world.quantri, unit=world.units["c1"], role=Role.ADMIN, from_on=ON
    )
    for whom in (world.xakhac, world.quantri):
        with pytest.raises(NotAllowed):
            actions.reset_password(user=whom, by=clerk, at=AT)
    closed = actions.close_account(user=world.quantri, by=None, at=AT)
    with pytest.raises(NotAllowed):  # its posts have ended, what it was is not forgotten
        actions.reopen_account(user=world.quantri, by=clerk, at=AT)
    assert closed is None


def test_the_same_post_twice_is_refused(world):
    with pytest.raises(NotFitting, match="đang giữ đúng vị trí này"):
        actions.appoint(
            by=world.quantri, at=AT, user=world.baocao, unit=world.units["c1"],
            role=Role.REPORTER, from_on=ON,
        )  # fmt: skip


def test_an_ended_post_gives_nothing_from_that_day_on(world):
    post = world.baocao.posts.get()
    actions.end_post(post=post, by=world.quantri, at=AT, to_on=ON)
    assert not queries.may(world.baocao, Verb.REPORT, world.units["c1"], on=ON)
    day_before = ON - timedelta(days=1)
    assert queries.may(world.baocao, Verb.REPORT, world.units["c1"], on=day_before)
    with pytest.raises(NotFitting, match="đã được kết thúc"):
        actions.end_post(post=post, by=world.quantri, at=AT, to_on=ON)


def test_a_post_does_not_end_before_it_began(world):
    with pytest.raises(NotFitting, match="không được trước"):
        actions.end_post(
            post=world.baocao.posts.get(), by=world.quantri, at=AT, to_on=date(2024, 1, 1)
        )


def test_the_day_is_vietnams_not_greenwichs(world):
    """At 18:00 UTC it is already the next day in Vietnam: a post from that day counts."""
    late = AT.replace(hour=18)
    user, _ = actions.open_account(
        by=None, at=late, username="dem", full_name="Trực đêm", unit=world.units["12"],
        role=Role.ADMIN, from_on=ON + timedelta(days=1),
    )  # fmt: skip
    actions.reset_password(user=world.baocao, by=user, at=late)


def test_a_closed_account_keeps_its_history_and_can_be_opened_again(world):
    actions.close_account(user=world.baocao, by=world.quantri, at=AT, reason="chuyển công tác")
    assert not queries.posts_of(world.baocao, ON)
    assert world.baocao.posts.count() == 1
    line = JournalEntry.objects.latest("pk")
    assert line.unit_code == "c1" and "chuyển công tác" in line.summary
    with pytest.raises(NotFitting):
        actions.close_account(user=world.baocao, by=world.quantri, at=AT)
    with pytest.raises(NotFitting, match="đã ngừng hoạt động"):
        actions.appoint(
            by=world.quantri, at=AT, user=world.baocao, unit=world.units["c1"],
            role=Role.REPORTER, from_on=ON,
        )  # fmt: skip
    password = actions.reopen_account(user=world.baocao, by=world.quantri, at=AT)
    assert world.baocao.is_active and world.baocao.check_password(password)
    assert not queries.posts_of(world.baocao, ON)


# The pages -------------------------------------------------------------------------------------

PAGES = ("/don-vi/", "/don-vi/c1/", "/nguoi-dung/", "/nhat-ky/", "/don-vi/nap/", "/nguoi-dung/moi/")
OPEN_TO = {
    "quantri": (200, 200, 200, 200, 200, 200),
    "dieuphoi": (200, 200, 200, 403, 403, 403),
    "lanhdao": (200, 200, 200, 403, 403, 403),
    "kiemtra": (200, 200, 200, 200, 403, 403),
    "duyet": (403, 403, 403, 403, 403, 403),
    "baocao": (403, 403, 403, 403, 403, 403),
}


@pytest.mark.parametrize("who", OPEN_TO)
def test_pages_open_by_role(enter, who):
    client = enter(who)
    assert tuple(client.get(page).status_code for page in PAGES) == OPEN_TO[who]


def test_units_and_people_out_of_reach_are_not_there(enter, world, clerk):
    client = enter("quantrixa")
    assert client.get("/don-vi/c1/").status_code == 200
    assert client.get("/don-vi/c2/").status_code == 404
    assert client.get(f"/nguoi-dung/{world.baocao.pk}/").status_code == 200
    assert client.get(f"/nguoi-dung/{world.xakhac.pk}/").status_code == 404
    page = client.get("/nguoi-dung/").content.decode()
    assert "Phùng Văn Báo" in page and "Hoàng Văn Khác" not in page


@pytest.mark.parametrize("what", ["ngung", "mo-khoa", "dat-lai-mat-khau", "mo-lai"])
def test_acts_on_people_out_of_reach_are_not_there(enter, world, clerk, what):
    answer = enter("quantrixa").post(f"/nguoi-dung/{world.xakhac.pk}/{what}/")
    assert answer.status_code == 404
    assert User.objects.get(username="xakhac").check_password(PASSWORD)


def test_who_only_sees_people_sees_no_accounts(enter, world):
    page = enter("dieuphoi").get("/nguoi-dung/").content.decode()
    assert "Phùng Văn Báo" in page and "baocao" not in page
    person = enter("dieuphoi").get(f"/nguoi-dung/{world.baocao.pk}/").content.decode()
    assert "baocao@mau.example" not in person and "Đặt lại mật khẩu" not in person


ACCOUNT = {
    "full_name": "Vàng Thị Lan", "username": "lan.vt", "email": "", "phone": "",
    "role": "REPORTER", "title": "Công chức", "reach": "", "from_on": "2025-09-01",
}  # fmt: skip


def test_the_first_password_is_shown_once_and_works(enter, world, client):
    asked = ACCOUNT | {"unit": world.units["c3"].pk}
    page = enter("quantri").post("/nguoi-dung/moi/", asked)
    assert page.status_code == 200 and "chỉ hiện một lần" in page.content.decode()
    user = User.objects.get(username="lan.vt")
    assert user.check_password(page.context["password"])
    again = enter("quantri").get(f"/nguoi-dung/{user.pk}/").content.decode()
    assert page.context["password"] not in again


def test_a_taken_name_is_said_at_its_field_and_nothing_typed_is_lost(enter, world):
    asked = ACCOUNT | {"unit": world.units["c3"].pk, "username": "baocao"}
    page = enter("quantri").post("/nguoi-dung/moi/", asked)
    assert page.status_code == 422
    assert page.context["form"].errors["username"] == ["Đã có tài khoản mang tên đăng nhập này."]
    assert "Vàng Thị Lan" in page.content.decode()


def test_a_unit_out_of_reach_cannot_be_chosen(enter, world, clerk):
    asked = ACCOUNT | {"unit": world.units["c2"].pk}
    page = enter("quantrixa").post("/nguoi-dung/moi/", asked)
    assert page.status_code == 422 and "unit" in page.context["form"].errors


def test_posts_are_given_and_ended_on_the_page(enter, world):
    client, page = enter("quantri"), f"/nguoi-dung/{world.baocao.pk}/"
    asked = {"unit": world.units["c1"].pk, "role": "LEADER", "reach": "", "from_on": "2025-09-01"}
    assert client.post(f"{page}vi-tri/", asked).status_code == 302
    twice = client.post(f"{page}vi-tri/", asked)
    assert twice.status_code == 409 and "đang giữ đúng vị trí này" in twice.content.decode()
    post = Post.objects.get(role="LEADER", user=world.baocao)
    client.post(f"/vi-tri/{post.pk}/ket-thuc/", {"to_on": "2025-10-01"})
    post.refresh_from_db()
    assert post.to_on == date(2025, 10, 1)
    wrong = client.post(f"/vi-tri/{post.pk}/ket-thuc/", {"to_on": "mai"}, follow=True)
    assert "Chưa kết thúc vị trí" in wrong.content.decode()


def test_the_unit_table_is_loaded_on_its_page_or_refused_line_by_line(enter, world):
    from django.core.files.uploadedfile import SimpleUploadedFile

    head = "Mã,Tên,Loại,Cấp trên bên chính quyền,Từ ngày\n"
    client = enter("quantri")

    def send(text):
        file = SimpleUploadedFile("don-vi.csv", text)
        return client.post("/don-vi/nap/", {"tep": file}, follow=True)

    bad = send((head + "c9,Xã Suối Chín,Xã,khong-co,01/7/2025\n").encode())
    assert bad.status_code == 422 and "Dòng 2: cấp trên" in bad.content.decode()
    good = send((head + "c9,Xã Suối Chín,Xã,12-UB,01/7/2025\n").encode("utf-8-sig"))
    assert "Đã nạp 1 đơn vị." in good.content.decode()
    latin = send((head + "c9,Xã Suối Chín,Xã,12-UB,01/7/2025\n").encode("utf-16"))
    assert latin.status_code == 422 and "UTF-8" in latin.content.decode()


def test_the_journal_page_filters_and_shows_its_chain(enter, world):
    actions.close_account(user=world.xakhac, by=world.quantri, at=AT)
    client = enter("kiemtra")
    page = client.get("/nhat-ky/?loai=org.close_account").content.decode()
    assert "Ngừng tài khoản xakhac" in page and "Giao vị trí Điều phối" not in page
    assert f"{JournalEntry.objects.count()} dòng mới nhất liền mạch" in page
    assert "Không có dòng nào khớp" in client.get("/nhat-ky/?tu=2031-01-01").content.decode()
    assert (
        "Ngừng tài khoản"
        in client.get("/nhat-ky/?tu=2025-09-01&den=2025-09-01&q=ngung tai khoan").content.decode()
    )
    assert "Toàn bộ nhật ký liền mạch" in client.get("/nhat-ky/kiem-tra/").content.decode()


def test_a_broken_chain_is_shown_on_the_page(enter, world):
    from django.db import connection

    from namro.web.frame import append_only

    with append_only.suspended(connection):
        entry = JournalEntry.objects.first()
        JournalEntry.objects.filter(pk=entry.pk).update(summary="Khác")
    page = enter("kiemtra").get("/nhat-ky/").content.decode()
    assert f"không khớp từ dòng số {entry.pk}" in page
