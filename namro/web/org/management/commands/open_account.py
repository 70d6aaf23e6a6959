"""`namro manage open_account …`: the first administrator of a new installation."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from namro.web.frame import clock
from namro.web.org import actions
from namro.web.org.queries import unit_with
from namro.web.org.rules import Role


class Command(BaseCommand):
    help = "Mở một tài khoản với vị trí đầu tiên; in mật khẩu đầu tiên một lần."

    def add_arguments(self, parser):
        parser.add_argument("username", help="tên đăng nhập")
        parser.add_argument("full_name", help="họ và tên")
        parser.add_argument("unit", help="mã đơn vị")
        parser.add_argument("--role", choices=[r.value for r in Role], default=Role.ADMIN.value)
        parser.add_argument("--reach", help="mã đơn vị là phạm vi, nếu khác đơn vị công tác")

    def handle(self, *, username, full_name, unit, role, reach, **options):
        units = {code: unit_with(code) for code in {unit, reach} - {None}}
        for code, found in units.items():
            if found is None:
                raise CommandError(f"Không có đơn vị mang mã {code}; hãy nạp danh mục trước.")
        now = clock.now()
        try:
            user, password = actions.open_account(
                by=None,
                at=now,
                username=username,
                full_name=full_name,
                unit=units[unit],
                role=Role(role),
                reach=units.get(reach),
                from_on=clock.day_of(now),
            )
        except ValidationError as why:
            raise CommandError("Chưa mở tài khoản: " + " ".join(why.messages)) from why
        self.stdout.write(f"Đã mở tài khoản {user.username}. Mật khẩu đầu tiên: {password}")
