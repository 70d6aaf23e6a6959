"""`manage.py remind [--today YYYY-MM-DD] [--dry-run]`: the daily job, run by cron or a timer."""

from django.core.management.base import BaseCommand

from namro import vietnamese
from namro.web.frame import clock
from namro.web.frame.days import asked_day
from namro.web.oversight import reminders
from namro.web.oversight.models import Letter
from namro.web.oversight.queries import open_things


class Command(BaseCommand):
    help = "Rà soát việc đến hạn, quá hạn và gửi thư đôn đốc; chạy lại không gửi trùng."

    def add_arguments(self, parser):
        parser.add_argument("--today", metavar="NĂM-THÁNG-NGÀY", help="coi như hôm nay là ngày này")
        parser.add_argument("--dry-run", action="store_true", help="chỉ xem, không ghi, không gửi")

    def handle(self, *args, today=None, dry_run=False, **options):
        on = asked_day(today) if today else clock.today()
        if dry_run:
            return self._rehearse(on)
        at = clock.now()
        written = reminders.run(today=on, at=at)
        letters = {r.letter_id for r in written if r.letter_id}
        nobody = sum(1 for r in written if not r.letter_id and not r.passed_over)
        unsent = Letter.objects.filter(sent_at=None, withdrawn_at=None)
        failed = unsent.exclude(failure="").count()
        no_address = unsent.filter(pk__in=letters, address="").count()
        self.stdout.write(
            f"Ngày {vietnamese.format_date(on)}: {len(letters)} thư mới, "
            f"{no_address} thư chưa có địa chỉ, {failed} thư chưa gửi được, "
            f"{nobody} việc chưa có người nhận."
        )
        return None

    def _rehearse(self, on):
        planned = reminders.plan_steps(open_things(on), on)
        for step in planned:
            who = step.to.full_name if step.to else "chưa có người nhận"
            what = "không gửi, đã có bước cao hơn" if step.passed_over else f"gửi {who}"
            self.stdout.write(
                f"{step.thing.unit.label} · {step.thing.title} · {step.step.label} · {what}"
            )
        self.stdout.write(f"Xem trước ngày {vietnamese.format_date(on)}: {len(planned)} dòng.")
