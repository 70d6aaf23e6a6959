"""`manage.py remove_records`: delete records on request, of a batch, a unit in it or one person."""

import getpass

from django.core.management.base import BaseCommand, CommandError

from namro.web.facts import removals
from namro.web.facts.library import library
from namro.web.facts.models import Batch
from namro.web.frame import clock


class Command(BaseCommand):
    help = "Xóa bản ghi theo yêu cầu: một lô, một đơn vị trong lô, hoặc một người."

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, metavar="SỐ", help="số của lô (trên trang lô)")
        parser.add_argument("--unit", action="append", metavar="MÃ", help="chỉ đơn vị này của lô")
        parser.add_argument("--dataset", metavar="TẬP", help="xóa một người khỏi tập dữ liệu này")
        parser.add_argument("--column", metavar="CỘT", help="cột định danh người (mặc định: khóa)")
        parser.add_argument("--note", required=True, metavar="CĂN CỨ", help="văn bản yêu cầu")

    def handle(self, *args, batch=None, unit=None, dataset=None, column=None, note="", **options):
        if (batch is None) == (dataset is None):
            raise CommandError("Nêu --batch (xóa theo lô) hoặc --dataset (xóa theo người).")
        try:
            done = self._batch(batch, unit, note) if batch else self._person(dataset, column, note)
        except removals.NothingToRemove as why:
            raise CommandError(str(why)) from why
        rows = sum(removal.rows for removal in done)
        self.stdout.write(f"Đã xóa {rows} bản ghi trong {len(done)} lô; tổng đã đếm còn giữ.")

    def _batch(self, number, units, note):
        found = Batch.objects.filter(pk=number).first()
        if found is None:
            raise CommandError(f"Không có lô số {number}.")
        told = {"batch": found, "units": units, "reason": "REQUEST", "note": note}
        return [removals.remove(**told, by=None, at=clock.now())]

    def _person(self, slug, column, note):
        dataset = library().datasets.get(slug)
        if dataset is None:
            raise CommandError(f"Không có tập dữ liệu “{slug}”.")
        # Asked for, and not an argument: the list of processes and the shell's history keep those.
        number = getpass.getpass("Số định danh của người (không hiện, không lưu): ")
        return removals.remove_person(
            dataset=dataset, column=column or dataset.key, number=number, note=note,
            by=None, at=clock.now(),
        )  # fmt: skip
