"""What went wrong is said in Vietnamese, without a traceback; every page carries the policy."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import path

from namro.web.config import urls as real
from namro.web.frame import refusals
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db


def fail(request):
    raise RuntimeError("mật khẩu của cơ sở dữ liệu là abc")


urlpatterns = [path("hong/", fail), *real.urlpatterns]
handler400, handler403 = refusals.bad_request, refusals.forbidden
handler404, handler500 = refusals.not_found, refusals.broken


@pytest.fixture
def broken_site(settings):
    settings.ROOT_URLCONF = __name__
    settings.LOGGING_CONFIG = None


def words(answer) -> str:
    return answer.content.decode()


def test_a_page_that_is_not_there(enter):
    answer = enter("dieuphoi").get("/khong-co/")
    assert answer.status_code == 404 and "Không có trang này" in words(answer)


def test_a_stranger_also_gets_the_page_in_vietnamese(client):
    answer = client.get("/khong-co/")
    assert answer.status_code == 404 and "Không có trang này" in words(answer)


def test_what_one_may_not_do_is_refused_with_the_reason(enter):
    answer = enter("baocao").get("/don-vi/")
    assert answer.status_code == 403
    assert "không có quyền thực hiện việc này" in words(answer)


def test_a_host_that_is_not_ours(client):
    answer = client.get("/dang-nhap/", headers={"host": "evil.example"})
    assert answer.status_code == 400 and "Yêu cầu không hợp lệ" in words(answer)


def test_a_stale_form(world):
    answer = Client(enforce_csrf_checks=True).post("/dang-nhap/", {"username": "quantri"})
    assert answer.status_code == 403 and "Biểu mẫu đã quá thời gian" in words(answer)


def test_an_error_tells_nothing_of_the_inside(broken_site, enter, caplog):
    client = enter("dieuphoi")
    client.raise_request_exception = False
    answer = client.get("/hong/")
    assert answer.status_code == 500
    assert "Hệ thống gặp lỗi" in words(answer)
    assert not re.search(r"Traceback|RuntimeError|abc", words(answer))


def test_the_error_page_needs_no_database(broken_site, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = refusals.broken(None)
    assert answer.status_code == 500 and "<h1>Không thực hiện được</h1>" in words(answer)


@pytest.mark.parametrize("address", ["/dang-nhap/", "/khong-co/", "/don-vi/", "/nguoi-dung/"])
def test_every_page_carries_a_strict_policy(enter, address):
    answer = enter("dieuphoi").get(address)
    policy = dict(
        part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == policy["form-action"] == "'self'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"


def test_what_a_signed_in_person_saw_is_not_kept_in_the_browser(enter):
    assert "no-store" in enter("dieuphoi").get("/don-vi/")["Cache-Control"]


INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:|\bhx-on|\bjs:",
    re.IGNORECASE,
)
OUTSIDE = re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE)


def templates() -> list[Path]:
    return sorted((ROOT / "namro").rglob("templates/**/*.html"))


@pytest.mark.parametrize("page", templates(), ids=lambda p: p.stem)
def test_no_template_has_anything_inline_or_from_outside(page):
    text = page.read_text(encoding="utf-8")
    for line, words_ in enumerate(text.splitlines(), 1):
        assert not INLINE.search(words_), f"{page.name}:{line}: {words_.strip()}"
        assert not OUTSIDE.search(words_), f"{page.name}:{line}: {words_.strip()}"


def test_no_view_is_exempt_from_the_form_token():
    found = [
        str(p.relative_to(ROOT))
        for p in (ROOT / "namro").rglob("*.py")
        if "csrf_exempt" in p.read_text(encoding="utf-8")
    ]
    assert found == []
