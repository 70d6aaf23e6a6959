"""Look at every value of the periods that are kept, beside those of like units."""

from django.core.management.base import BaseCommand

from namro.web.facts import doubts, queries
from namro.web.frame import clock


class Command(BaseCommand):
    help = "Kiểm tra chất lượng mọi số liệu của các kỳ đã mở; chạy hằng đêm."

    def handle(self, **options):
        periods = {month.code for p in queries.known_periods() for month in p.months()}
        periods |= {p.code for p in queries.known_periods()}
        found = doubts.look_at_everything(periods, at=clock.now())
        self.stdout.write(f"{found} điểm nghi vấn mới.")
