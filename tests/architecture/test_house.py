"""The house keeps its shape: sizes, names, languages. Exceptions are named with a reason."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "base", "manager", "service", "misc"}


def python_files(folder: str = "namro") -> list[Path]:
    return [
        p
        for p in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in p.parts and p.exists()
    ]


def functions(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.end_lineno - node.lineno + 1


def test_files_are_short():
    long = {
        str(p.relative_to(ROOT)): n
        for p in python_files()
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert set(long) <= set(LONG_FILES), long


def test_functions_are_short():
    sizes, long = [], {}
    for path in python_files():
        for name, size in functions(path):
            sizes.append(size)
            if size > 40:
                long[f"{path.relative_to(ROOT)}:{name}"] = size
    assert set(long) <= set(LONG_FUNCTIONS), long
    assert sorted(sizes)[int(len(sizes) * 0.9)] <= 30


def test_files_say_what_they_are():
    bad = [
        str(p)
        for p in python_files()
        if p.stem in FORBIDDEN_NAMES or p.parent.name in FORBIDDEN_NAMES
    ]
    assert not bad, bad


def test_rooms_say_what_goes_in_and_out_in_ten_lines():
    for init in (ROOT / "namro").rglob("__init__.py"):
        if {"migrations", "templatetags", "management"} & set(init.parts):
            continue
        doc = ast.get_docstring(ast.parse(init.read_text(encoding="utf-8")))
        assert doc, f"{init.relative_to(ROOT)} has no docstring"
        assert len(doc.splitlines()) <= 14, f"{init.relative_to(ROOT)}: longer than it should be"


def test_public_functions_of_the_core_have_docstrings():
    missing = []
    for room in ("reading", "measuring", "workbook", "writing"):
        for path in python_files(f"namro/{room}"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                public = isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
                if public and not ast.get_docstring(node):
                    missing.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert not missing, missing


def test_the_clock_enters_only_where_it_may():
    allowed = {"namro/web/frame/clock.py"}
    reading_it = re.compile(r"timezone\.(now|localdate)\(\)|\b(date\.today|datetime\.now)\(")
    bad = [
        str(p.relative_to(ROOT))
        for p in python_files()
        if str(p.relative_to(ROOT)) not in allowed
        and reading_it.search(p.read_text(encoding="utf-8"))
    ]
    assert not bad, bad


def test_templates_keep_to_the_content_security_policy():
    inline = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|\sstyle=|\son[a-z]+=\"", re.IGNORECASE)
    bad = [
        f"{p.relative_to(ROOT)}:{n}"
        for p in (ROOT / "namro").rglob("templates/**/*.html")
        for n, line in enumerate(p.read_text(encoding="utf-8").splitlines(), 1)
        if inline.search(line)
    ]
    assert not bad, bad


def test_browser_tests_wait_for_what_they_ask():
    """`wait_for_function` takes a promise for true: what is async is awaited by `laptop.until`."""
    unawaited = re.compile(r"wait_for_function\(\s*f?\"*\s*\(?async\b")
    bad = [
        str(p.relative_to(ROOT))
        for p in (ROOT / "tests").rglob("*.py")
        if unawaited.search(p.read_text(encoding="utf-8"))
    ]
    assert not bad, bad


def test_glossary_names_exist_in_the_code():
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    code = "\n".join(p.read_text(encoding="utf-8") for p in python_files())
    names = set(re.findall(r"`([A-Za-z_.]+)`", glossary))
    missing = sorted(n for n in names if not re.search(rf"\b{re.escape(n.split('.')[-1])}\b", code))
    assert names and not missing, missing


@pytest.mark.parametrize("script", ["demo", "test", "check", "bench"])
def test_scripts_are_sound_shell(script):
    done = subprocess.run(["bash", "-n", ROOT / "script" / script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_nothing_leads_out_of_the_project():
    named = re.compile(r"(?<![\w/.])/(root|home|Users)/\w")  # a path of somebody's machine
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True
    ).stdout.split("\0")
    bad = []
    for name in filter(None, tracked):
        path = ROOT / name
        if (
            path.suffix in {".py", ".md", ".toml", ".html", ".txt", ".css", ".js", ""}
            and path.is_file()
        ):
            if path != Path(__file__) and named.search(
                path.read_text(encoding="utf-8", errors="ignore")
            ):
                bad.append(name)
    assert not bad, bad
