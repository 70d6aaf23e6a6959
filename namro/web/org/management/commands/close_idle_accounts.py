"""`namro manage close_idle_accounts`: for the daily timetable; closes what 45 days nobody used."""

from django.core.management.base import BaseCommand

from namro.web.frame import clock
from namro.web.org import actions


class Command(BaseCommand):
    help = "Ngừng các tài khoản không đăng nhập quá 45 ngày (trừ tài khoản quản trị)."

    def handle(self, **options):
        for user in actions.close_idle_accounts(at=clock.now()):
            self.stdout.write(f"Đã ngừng tài khoản {user.username} ({user.full_name}).")
