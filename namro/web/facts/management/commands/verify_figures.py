"""Figures kept live against the direct computation; for the nightly run."""

from django.core.management.base import BaseCommand, CommandError

from namro.web.facts import actions, feed, queries
from namro.web.frame import clock


class Command(BaseCommand):
    help = "Đối chiếu số liệu tổng hợp với cách tính trực tiếp từ sổ số liệu gốc."

    def handle(self, **options):
        actions.refresh_expected(at=clock.now())
        found = [*feed.check(), *(str(d) for d in queries.verify())]
        if found:
            for line in found[:200]:
                self.stderr.write(line)
            raise CommandError(
                f"Có {len(found)} chỗ chênh lệch. "
                "Chạy rebuild_figures để dựng lại, rồi tìm nguyên nhân."
            )
        self.stdout.write("Khớp hoàn toàn: không có chênh lệch.")
