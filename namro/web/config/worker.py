"""`namro worker`: background work, from the queue in the database."""

from __future__ import annotations

import argparse
import os


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dir", help="thư mục bản cài đặt (mặc định NAMRO_HOME)")


def run(args: argparse.Namespace) -> int:
    """Work until stopped."""
    if args.dir:
        os.environ["NAMRO_HOME"] = os.path.abspath(args.dir)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("db_worker", "--interval", "0.5", verbosity=0)
    return 0
