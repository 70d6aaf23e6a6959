"""The commands of a new installation: units, the first administrator, idle accounts."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from namro.web.org.models import Unit, User
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db


def run(*call) -> str:
    out = io.StringIO()
    call_command(*call, stdout=out)
    return out.getvalue()


def test_a_new_installation_gets_its_units_and_first_administrator():
    assert "Đã nạp 110 đơn vị." in run("load_units", str(ROOT / "demo" / "units.csv"))
    said = run("open_account", "quantri", "Lò Văn Quản", "12-VP", "--reach", "12")
    user = User.objects.get()
    assert user.check_password(said.strip().rpartition(" ")[2])
    post = user.posts.get()
    assert (post.unit.code, post.reach.code, post.role) == ("12-VP", "12", "ADMIN")


def test_what_is_wrong_is_said(tmp_path):
    with pytest.raises(CommandError, match="Không đọc được"):
        run("load_units", str(tmp_path / "khong-co.csv"))
    bad = tmp_path / "a.csv"
    bad.write_text("Mã,Tên,Loại,Từ ngày\nx,,Xã,01/7/2025\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Dòng 2: cột “Tên” để trống"):
        run("load_units", str(bad))
    with pytest.raises(CommandError, match="Không có đơn vị mang mã 12"):
        run("open_account", "quantri", "Lò Văn Quản", "12")
    Unit.objects.create(code="12", name="Tỉnh Mẫu", kind="PROVINCE")
    with pytest.raises(CommandError, match="chữ thường không dấu"):
        run("open_account", "Quản Trị", "Lò Văn Quản", "12")
    assert not User.objects.exists()


def test_idle_accounts_are_closed_and_named(world):
    User.objects.update(last_login=timezone.now())
    User.objects.filter(username="baocao").update(last_login=timezone.now() - timedelta(days=46))
    assert run("close_idle_accounts") == "Đã ngừng tài khoản baocao (Phùng Văn Báo).\n"
