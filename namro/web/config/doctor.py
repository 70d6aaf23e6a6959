"""`namro doctor`: what this machine has, what it lacks, and what follows."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("Django", "duckdb", "pyarrow", "python-docx", "pypdfium2", "tesserocr", "typst")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dir", help="thư mục bản cài đặt (mặc định NAMRO_HOME)")


def run(args: argparse.Namespace) -> int:
    """Print one line a thing; exit 1 where the site cannot run as it is."""
    if args.dir:
        os.environ["NAMRO_HOME"] = os.path.abspath(args.dir)
    fatal = False
    for good, what, follows, needed in examine():
        sys.stdout.write(
            f"{'có   ' if good else 'THIẾU'}  {what}{'' if good else ': ' + follows}\n"
        )
        fatal |= needed and not good
    return int(fatal)


def examine() -> Iterator[tuple[bool, str, str, bool]]:
    """(present, what, what follows when absent, whether the site needs it)."""
    yield sys.version_info >= (3, 11), f"Python {sys.version.split()[0]}", "cần từ 3.11", True
    for name in PACKAGES:
        try:
            yield True, f"{name} {importlib.metadata.version(name)}", "", True
        except importlib.metadata.PackageNotFoundError:
            yield False, name, "chạy lại script/demo để cài đủ gói", True
    office = shutil.which("soffice") or shutil.which("libreoffice")
    follows = (
        "không đọc được tệp .doc, .rtf, .odt (hãy lưu lại thành .docx); "
        "cài bằng: apt-get install libreoffice-writer-nogui"
    )
    yield bool(office), "LibreOffice", follows, False
    yield from _installation()


def _installation() -> Iterator[tuple[bool, str, str, bool]]:
    home = Path(os.environ.get("NAMRO_HOME", "var")).resolve()
    yield (
        home.is_dir() and os.access(home, os.W_OK),
        f"thư mục {home}",
        "chưa có; sẽ được tạo",
        False,
    )
    place = home if home.exists() else Path.cwd()
    free = shutil.disk_usage(place).free // 2**30
    yield free >= 2, f"đĩa trống {free} GiB", "còn dưới 2 GiB", False
    import django

    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception as why:
        yield False, "cơ sở dữ liệu", f"không mở được ({why})", True
        return
    engine = connection.vendor
    follows = f"{len(waiting)} bước cập nhật chưa chạy; chạy: namro manage migrate"
    yield not waiting, f"cơ sở dữ liệu ({engine})", follows, False
