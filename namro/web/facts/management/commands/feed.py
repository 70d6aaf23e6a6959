"""Bring the store up to date, or build it from nothing."""

from django.core.management.base import BaseCommand

from namro.web.facts import actions, feed
from namro.web.frame import clock


class Command(BaseCommand):
    help = (
        "Nạp số liệu mới vào kho tính toán; --anew dựng lại kho từ đầu (chạy lại được nếu bị ngắt)."
    )

    def add_arguments(self, parser):
        parser.add_argument("--anew", action="store_true", help="xóa kho và dựng lại từ đầu")

    def handle(self, **options):
        actions.refresh_expected(at=clock.now())
        bring = feed.rebuild if options["anew"] else feed.ensure_fresh
        store = bring(self.progress)
        self.stdout.write(f"Kho số liệu: {store}")

    def progress(self, done, whole, what):
        if self.stderr.isatty():
            self.stderr.write(f"\r{done}/{whole} {what}   ", ending="")
