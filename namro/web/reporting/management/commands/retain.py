"""`manage.py retain [--today YYYY-MM-DD] [--dry-run]`: every night, what is kept no longer goes."""

from django.core.management.base import BaseCommand

from namro.terms import Period
from namro.vietnamese import format_date
from namro.web.facts import removals
from namro.web.facts.library import library
from namro.web.frame import clock
from namro.web.frame.days import asked_day
from namro.web.reporting.records import leavings


class Command(BaseCommand):
    help = "Xóa bản ghi hết thời hạn lưu và tệp tạm; tổng đã đếm còn giữ. Chạy lại không hại gì."

    def add_arguments(self, parser):
        parser.add_argument("--today", metavar="NĂM-THÁNG-NGÀY", help="coi như hôm nay là ngày này")
        parser.add_argument("--dry-run", action="store_true", help="chỉ xem, không xóa gì")

    def handle(self, *args, today=None, dry_run=False, **options):
        on, known = asked_day(today) if today else clock.today(), library()
        gone = rows = 0
        for batch, end in list(removals.overdue(on, known)):
            dataset = known.datasets[batch.dataset]
            self.stdout.write(
                f"{dataset.title}, {Period.of(batch.period).label}, tệp {batch.file_name}: "
                f"lưu đến {format_date(end)}."
            )
            gone += 1
            if not dry_run:
                note = f"Thời hạn lưu {dataset.retain} tháng, hết ngày {format_date(end)}"
                removal = removals.remove(
                    batch=batch, reason="TERM", note=note, by=None, at=clock.now()
                )
                rows += removal.rows
        now = clock.now()
        left = leavings.of(now)
        if dry_run:
            self.stdout.write(f"Xem trước: {gone} lô hết hạn, {len(left)} tệp tạm quá hạn.")
            return
        leavings.remove(left)
        leavings.forget_faults(now)
        removals.sweep()
        self.stdout.write(f"Đã xóa {rows} bản ghi của {gone} lô, {len(left)} tệp tạm.")
