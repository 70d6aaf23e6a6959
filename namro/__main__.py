"""`namro`, the one command: each subcommand is a few lines that call the room it belongs to.

Exit codes: 0 done, 1 the input is at fault (the message says what, where, how to mend),
2 wrong usage.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from namro import __version__
from namro.usage import Parser

# subcommand: (module with add_arguments and run, what it does)
COMMANDS = {
    "read": ("namro.reading.command", "đọc một kế hoạch thành chỉ tiêu, nhiệm vụ, sai sót"),
    "compare": ("namro.reading.comparison.command", "so sánh hai bản, đối chiếu với cấp trên"),
    "check": ("namro.reading.form.command", "kiểm tra sai sót và thể thức của một văn bản"),
    "measure": ("namro.measuring.command", "tính chỉ tiêu từ kho số liệu của bản cài đặt"),
    "demo": ("namro.web.config.demo.command", "dựng và chạy một tỉnh trình diễn"),
    "serve": ("namro.web.config.serve", "chạy trang và tiến trình nền"),
    "worker": ("namro.web.config.worker", "chạy tiến trình nền"),
    "doctor": ("namro.web.config.doctor", "kiểm tra máy này có gì, thiếu gì, hệ quả"),
}


def _parser(wanted: str | None) -> argparse.ArgumentParser:
    """The parser; only the wanted command's module is loaded, so that `namro read` starts fast."""
    parser = Parser(prog="namro", description="Năm Rõ")
    said = "in số phiên bản rồi thôi"
    parser.add_argument("--version", action="version", version=f"namro {__version__}", help=said)
    commands = parser.add_subparsers(dest="command", required=True, metavar="LỆNH")
    for name, (module, says) in COMMANDS.items():
        sub = commands.add_parser(name, help=says, description=says)
        if name == wanted:
            loaded = importlib.import_module(module)
            loaded.add_arguments(sub)
            sub.set_defaults(run=loaded.run)
    commands.add_parser("manage", help="lệnh quản trị của Django", add_help=False)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one subcommand; give its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "namro.web.config.settings")
    if arguments[:1] == ["manage"]:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["namro manage", *arguments[1:]])
        return 0
    wanted = next((a for a in arguments if not a.startswith("-")), None)
    args = _parser(wanted).parse_args(arguments)
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        print("\nĐã dừng.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has gone: nothing more to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
