"""Figures from nothing. Interrupted, the next run goes on where this one stopped."""

from django.core.management.base import BaseCommand

from namro.web.facts import actions
from namro.web.frame import clock


class Command(BaseCommand):
    help = "Dựng lại toàn bộ số liệu tổng hợp từ sổ số liệu gốc (chạy lại được nếu bị ngắt)."

    def handle(self, **options):
        def progress(done, all, label):
            if self.stderr.isatty():
                self.stderr.write(f"\r{done}/{all} kỳ – {label}   ", ending="")

        written = actions.rebuild_figures(at=clock.now(), progress=progress)
        self.stdout.write(f"Đã dựng lại {written} dòng số liệu tổng hợp.")
