"""The frame of the command line in Vietnamese: argparse's own words, which are English."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any, NoReturn

_WORDS = (
    (r"the following arguments are required: (.*)", r"thiếu: \1"),
    (r"one of the arguments (.*) is required", r"phải có một trong: \1"),
    (r"unrecognized arguments: (.*)", r"không hiểu: \1"),
    (r"argument (\S+): expected one argument", r"\1: thiếu giá trị đi kèm"),
    (r"argument (\S+): expected at least one argument", r"\1: thiếu giá trị đi kèm"),
    (r"argument (\S+): expected (\d+) arguments?", r"\1: cần \2 giá trị đi kèm"),
    (r"argument (\S+): ignored explicit argument (.*)", r"\1: không nhận giá trị \2"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1: không dùng cùng với \2"),
    (
        r"argument (\S+): invalid choice: (.+?) \((?:choose from|maybe you meant:?) (.*)\)",
        r"\1: không có \2; chọn một trong: \3",
    ),
    (r"argument (\S+): invalid int value: (.*)", r"\1: \2 không phải số nguyên"),
    (r"argument (\S+): invalid float value: (.*)", r"\1: \2 không phải số"),
    (r"argument (\S+): invalid \S+ value: (.*)", r"\1: không dùng được giá trị \2"),
    (r"ambiguous option: (\S+) could match (.*)", r"\1 có thể là: \2; hãy ghi đủ"),
    (r"argument (\S+): (.*)", r"\1: \2"),
)


def in_vietnamese(message: str) -> str:
    """One complaint of argparse as Vietnamese; what a command says itself stays as it is.

    >>> in_vietnamese("the following arguments are required: --period")
    'thiếu: --period'
    """
    for english, vietnamese in _WORDS:
        if found := re.fullmatch(english, message, re.DOTALL):
            return found.expand(vietnamese)
    return message


class _Shape(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "Cách dùng: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks Vietnamese; its subcommands do as well."""

    def __init__(self, *args: Any, add_help: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **{"formatter_class": _Shape, **kwargs, "add_help": False})
        self._positionals.title, self._optionals.title = "tham số", "tùy chọn"
        if add_help:
            self.add_argument("-h", "--help", action="help", help="in hướng dẫn này rồi thôi")

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        told = in_vietnamese(message)
        self.exit(2, f"{self.prog}: {told}. Ghi {self.prog} --help để xem hướng dẫn.\n")
