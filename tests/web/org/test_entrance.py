"""Signing in and out, the password rules, the lock after five failures, the idle session."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from namro.web.org import actions, passwords, rules
from namro.web.org.models import JournalEntry, User
from namro.web.org.rules import Role
from tests.world import AT, ON, PASSWORD

pytestmark = pytest.mark.django_db
GOOD = "Con-duong-moi-57!"


def sign_in(client, username="quantri", password=PASSWORD, **more):
    return client.post("/dang-nhap/", {"username": username, "password": password}, **more)


def words(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_stranger_is_sent_to_sign_in_and_then_where_they_wanted(client, world):
    asked = client.get("/don-vi/")
    assert asked.status_code == 302 and asked.url == "/dang-nhap/?next=/don-vi/"
    answer = client.post(
        asked.url, {"username": "quantri", "password": PASSWORD, "next": "/don-vi/"}
    )
    assert answer.status_code == 302 and answer.url == "/don-vi/"


def test_signing_in_never_leads_to_another_site(client, world):
    answer = sign_in(client, next="https://evil.example/")
    assert "evil" not in answer.url


FORGED = "10.1.2.3, 203.0.113.7"  # the first is what the caller wrote, the last the gateway's


@pytest.mark.parametrize(
    ("gateways", "said", "address"),
    [
        ({"127.0.0.1"}, FORGED, "203.0.113.7"),
        ({"127.0.0.1", "203.0.113.7"}, FORGED, "10.1.2.3"),
        (set(), FORGED, "127.0.0.1"),
        ({"10.9.9.9"}, FORGED, "127.0.0.1"),
        ({"127.0.0.1"}, "không rõ", "127.0.0.1"),
        ({"127.0.0.1"}, "", "127.0.0.1"),
    ],
)
def test_caller_behind_a_gateway_is_journalled_and_counted(
    client, world, settings, gateways, said, address
):
    settings.NAMRO_PROXIES = frozenset(gateways)
    client.defaults["HTTP_X_FORWARDED_FOR"] = said
    sign_in(client, password="sai")
    sign_in(client)
    assert JournalEntry.objects.get(verb="org.sign_in").address == address
    assert list(AccessFailureLog.objects.values_list("ip_address", flat=True)) == [address]


def test_signing_in_and_out_is_in_the_journal(client, world):
    sign_in(client, "QuanTri ")  # capitals and blanks do not matter in the name
    client.post("/dang-xuat/")
    verbs = list(JournalEntry.objects.order_by("-pk").values_list("verb", "address")[:2])
    assert verbs == [("org.sign_out", "127.0.0.1"), ("org.sign_in", "127.0.0.1")]
    assert client.get("/don-vi/").status_code == 302


def test_signing_out_by_a_mere_link_is_not_possible(enter):
    assert enter("quantri").get("/dang-xuat/").status_code == 405


def test_a_wrong_password_is_answered_alike_for_known_and_unknown_names(client, world):
    known, unknown = (words(sign_in(client, u, "sai")) for u in ("quantri", "khongco"))
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in known
    alike = [
        re.sub(r'value="(quantri|khongco|[A-Za-z0-9]{64})"|Token": "\w+"', "", t)
        for t in (known, unknown)
    ]
    assert alike[0] == alike[1]


def fail(client, times, username="quantri"):
    for _ in range(times):
        answer = sign_in(client, username, "sai")
    return answer


def test_five_failures_lock_even_the_right_password(client, world):
    assert fail(client, 4).status_code == 200
    locked = fail(client, 1)
    assert locked.status_code == 429 and "tạm khóa đăng nhập" in words(locked)
    assert sign_in(client).status_code == 429
    assert sign_in(client, "dieuphoi").status_code == 302  # others may go on


def test_the_lock_ends_after_fifteen_minutes(client, world):
    fail(client, 5)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    assert sign_in(client).status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=31))
    assert sign_in(client).status_code == 302


def test_an_administrator_sees_and_lifts_the_lock(world, client):
    fail(Client(), 5, "baocao")
    sign_in(client)
    page = f"/nguoi-dung/{world.baocao.pk}/"
    assert "đang tạm khóa" in words(client.get(page))
    client.post(f"{page}mo-khoa/")
    assert "đang tạm khóa" not in words(client.get(page))
    assert sign_in(Client(), "baocao").status_code == 302
    assert JournalEntry.objects.filter(verb="org.unlock", unit_code="c1").exists()


def test_a_session_ends_after_fifteen_idle_minutes(client, world):
    sign_in(client)
    session = Session.objects.get()
    left = session.expire_date - timezone.now()
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    session.expire_date = timezone.now() - timedelta(seconds=1)
    session.save()
    assert client.get("/don-vi/").url.startswith("/dang-nhap/")


def test_each_page_starts_the_idle_time_anew(client, world):
    sign_in(client)
    client.get("/don-vi/")
    session = client.session  # as it is two minutes after the last page
    session["seen"] -= 120
    session.save()
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=1))
    client.get("/don-vi/")
    assert Session.objects.get().expire_date > timezone.now() + timedelta(minutes=14)


def test_a_new_account_must_choose_its_own_password_first(client, world):
    User.objects.filter(username="quantri").update(must_change_password=True)
    sign_in(client)
    for address in ("/don-vi/", "/nhat-ky/", "/"):
        answer = client.get(address)
        assert answer.status_code == 302 and answer.url == "/mat-khau/"
    answer = client.post("/mat-khau/", {"old": PASSWORD, "new": GOOD, "again": GOOD})
    assert answer.status_code == 302
    assert client.get("/don-vi/").status_code == 200  # the same session goes on
    assert JournalEntry.objects.latest("pk").verb == "org.change_password"


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("sai", GOOD, GOOD, "Mật khẩu đang dùng không đúng"),
        (PASSWORD, GOOD, GOOD + "x", "không giống nhau"),
        (PASSWORD, "Ngan-1", "Ngan-1", "phải có ít nhất 14 ký tự"),
        (PASSWORD, "chithuongthoi-2025", "chithuongthoi-2025", "đủ chữ thường, chữ hoa"),
        (PASSWORD, PASSWORD, PASSWORD, "phải khác mật khẩu đang dùng"),
        (PASSWORD, "Quantri@mau.example1", "Quantri@mau.example1", "quá giống với thư điện tử"),
        (PASSWORD, "", "", "bắt buộc"),
    ],
)
def test_a_bad_new_password_is_refused_in_vietnamese(enter, old, new, again, says):
    answer = enter("quantri").post("/mat-khau/", {"old": old, "new": new, "again": again})
    assert answer.status_code == 422 and says in words(answer)
    assert User.objects.get(username="quantri").check_password(PASSWORD)


def test_the_password_page_has_no_english(enter):
    page = words(enter("quantri").get("/mat-khau/"))
    assert not re.search(r"\b(Your|password|must|characters)\b", re.sub(r"<[^>]*>", "", page))
    assert "nhiều người thường dùng" in page and "của bạn" not in page


def test_first_passwords_pass_the_policy_and_differ(world):
    drawn = {passwords.first_password() for _ in range(200)}
    assert len(drawn) == 200
    for password in drawn:
        passwords.LengthValidator(14).validate(password)
        passwords.FourClassesValidator().validate(password)


def test_a_weak_password_opens_no_account(db):
    with pytest.raises(ValidationError):
        actions.create_user(by=None, at=AT, username="yeu", full_name="A", password="12345678")
    assert not User.objects.exists()


def test_an_administrators_password_lasts_two_months_others_longer():
    late = AT + timedelta(days=61)
    assert rules.password_is_old([Role.ADMIN], AT, late)
    assert not rules.password_is_old([Role.ADMIN], AT, AT + timedelta(days=60))
    assert not rules.password_is_old([Role.LEADER], AT, late)


def test_an_old_administrators_password_must_be_changed(client, world):
    sign_in(client)
    assert client.get("/don-vi/").status_code == 200
    old = timezone.now() - timedelta(days=61)
    User.objects.filter(username="quantri").update(password_set_at=old)
    assert client.get("/don-vi/").url == "/mat-khau/"
    assert "quá hai tháng" in words(client.get("/mat-khau/"))


def test_a_closed_account_is_out_at_once(client, world):
    sign_in(client, "dieuphoi")
    assert client.get("/don-vi/").status_code == 200
    actions.close_account(user=world.dieuphoi, by=world.quantri, at=AT)
    assert client.get("/don-vi/").url.startswith("/dang-nhap/")
    assert sign_in(Client(), "dieuphoi").status_code == 200  # the form again


def test_idle_accounts_are_closed_but_never_an_administrator(world):
    User.objects.update(last_login=AT, joined_at=AT)
    User.objects.filter(username="duyet").update(last_login=AT + timedelta(days=20))
    closed = actions.close_idle_accounts(at=AT + timedelta(days=46))
    assert {u.username for u in closed} == set(world.people) - {"quantri", "duyet"}
    assert actions.close_idle_accounts(at=AT + timedelta(days=46)) == []
    assert world.baocao.posts.get().to_on > ON
