"""`manage.py take_records FILE --dataset D --period P`: a long file from the server's own disk."""

import hashlib
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from namro.web.frame import clock
from namro.web.reporting import actions, queries
from namro.web.reporting.models import RecordFile
from namro.web.reporting.rules import FileState

_CHUNK = 1024 * 1024


class Command(BaseCommand):
    help = "Nạp một tệp bản ghi (CSV, Excel, Parquet) đặt trên máy chủ; bị ngắt thì chạy lại."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="TỆP")
        parser.add_argument("--dataset", required=True, metavar="TẬP", help="mã tập dữ liệu")
        parser.add_argument("--period", required=True, metavar="KỲ", help="ví dụ 202507, 2025Q3")

    def handle(self, *args, file, dataset, period, **options):
        if not file.is_file():
            raise CommandError(f"Không có tệp {file}.")
        try:
            kept = _begun(file, dataset, period) or actions.receive_records(
                dataset=dataset, period_code=period, file_name=file.name,
                chunks=_chunks(file), by=None, at=clock.now(),
            )  # fmt: skip
        except actions.FaultyRecordFile as why:
            raise CommandError(str(why)) from why
        done = actions.check_records(record_file=kept, at=clock.now(), progress=self._told)
        if done.state == FileState.CHECKING:
            raise CommandError("Tệp này đang được kiểm tra ở nơi khác; chạy lại sau ít phút.")
        if done.state != FileState.TAKEN:
            for fault in done.faults:
                self.stderr.write(f"{file.name}: {fault['message']} {fault['suggestion'] or ''}")
            copy = queries.copy_of(done)
            where = f" Bản sao có ghi mọi lỗi: {copy}" if copy else ""
            raise CommandError(f"Tệp bị từ chối, chưa nhận bản ghi nào.{where}")
        self.stdout.write(f"Đã nhận {done.batch.rows} bản ghi từ {file.name}.")

    def _told(self, rows, total):
        if sys.stderr.isatty():
            of_all = f"/{total}" if total else ""
            self.stderr.write(f"\rĐã xem {rows}{of_all} dòng", ending="")


def _begun(file, dataset, period):
    """The same file where a check of it was cut off: it is taken up again."""
    digest = hashlib.sha256()
    for chunk in _chunks(file):
        digest.update(chunk)
    open_ = RecordFile.objects.filter(
        dataset=dataset, period=period, sha256=digest.hexdigest(), state__in=[FileState.WAITING,
        FileState.CHECKING],
    )  # fmt: skip
    return open_.first()


def _chunks(file):
    with file.open("rb") as source:
        while chunk := source.read(_CHUNK):
            yield chunk
