"""Figures kept live against the direct computation; for the nightly run."""

from django.core.management.base import BaseCommand, CommandError

from namro.terms import Period
from namro.web.facts import actions, feed, queries
from namro.web.frame import clock


class Command(BaseCommand):
    help = "Đối chiếu số liệu tổng hợp với cách tính trực tiếp từ sổ số liệu gốc."

    def add_arguments(self, parser):
        parser.add_argument(
            "--since",
            metavar="KỲ",
            help="chỉ đối chiếu từ kỳ này trở đi, như khi lần trước bị ngắt",
        )

    def handle(self, **options):
        actions.refresh_expected(at=clock.now())
        periods = queries.known_periods()
        if options["since"]:
            periods = [p for p in periods if p.first >= self.period(options["since"]).first]
        told = queries.verify(periods, self.progress)
        found = [*feed.check(), *(str(d) for d in told)]
        if found:
            for line in found[:200]:
                self.stderr.write(line)
            raise CommandError(
                f"Có {len(found)} chỗ chênh lệch. "
                "Chạy rebuild_figures để dựng lại, rồi tìm nguyên nhân."
            )
        self.stdout.write("Khớp hoàn toàn: không có chênh lệch.")

    def period(self, code):
        try:
            return Period.of(code)
        except ValueError as why:
            raise CommandError(str(why)) from why

    def progress(self, done, whole, label):
        if self.stderr.isatty():
            self.stderr.write(f"\r{done}/{whole} kỳ – {label}   ", ending="")
