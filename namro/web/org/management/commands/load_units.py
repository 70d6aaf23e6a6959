"""`namro manage load_units FILE.csv`: the table of units of a new installation, or its mending."""

import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from namro.web.frame import clock
from namro.web.org import actions


class Command(BaseCommand):
    help = "Nạp danh mục đơn vị từ tệp CSV (UTF-8); nạp lại không gây hại."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="tệp CSV")

    def handle(self, *, file, **options):
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                rows = list(csv.DictReader(lines))
            count = actions.load_units(by=None, at=clock.now(), rows=rows)
        except (OSError, UnicodeDecodeError) as why:
            raise CommandError(f"Không đọc được {file}: {why}") from why
        except (actions.FaultyUnits, actions.FaultyTree) as why:
            raise CommandError(f"Chưa nạp đơn vị nào.\n{why}") from why
        self.stdout.write(f"Đã nạp {count} đơn vị.")
