"""TOML files → a Library. Everything that can be wrong with a definition is an error here.

Read `kinds.py` first: it says what the values mean.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from namro.measuring.builder import Builder, Draft
from namro.measuring.checks import (
    check_calendars,
    check_elements,
    check_persons,
    check_recorded,
    check_version,
)
from namro.measuring.keys import FaultyDefinition, Keys
from namro.measuring.kinds import (
    FOREVER,
    Choice,
    Column,
    Condition,
    Count,
    Dataset,
    Element,
    Example,
    Library,
    Measure,
    Part,
    Source,
    Term,
    Time,
    Version,
    elements_of,
    terms_of,
)
from namro.measuring.marks import SUFFIX, Mark
from namro.measuring.places import line_of
from namro.terms import Calendar

__all__ = [
    "FOREVER",
    "Choice",
    "Column",
    "Condition",
    "Count",
    "Dataset",
    "Element",
    "Example",
    "FaultyDefinition",
    "Library",
    "Measure",
    "Part",
    "Source",
    "Term",
    "elements_of",
    "load",
    "terms_of",
]

PACKAGE = Path(__file__).parent / "library"
_CALENDARS = tuple(c.value for c in Calendar)


def load(*folders: Path | None) -> Library:
    """Every definition of the folders, in the order of their file names.

    None (or no folder at all) stands for the library that comes with the package; an installation
    adds its own: `load(None, home / "measures")`. A folder holds `elements.toml`, `datasets.toml`
    (each optional) and any other *.toml, in subfolders too: one measure a file.

    Raises FaultyDefinition on the first thing wrong, in Vietnamese, naming file and key.
    """
    homes = [folder or PACKAGE for folder in folders or (None,)]
    files = [(home, file) for home in homes for file in _files(home)]
    try:
        return _load(files)
    except FaultyDefinition as why:
        if why.line or (line := _line(files, why)) is None:
            raise
        raise why.at(line) from why.__cause__


def _line(files: list[tuple[Path, Path]], why: FaultyDefinition) -> int | None:
    """The line of what is at fault; of two files of a name, the installation's own comes first."""
    for home, file in reversed(files):
        if file.relative_to(home).as_posix() == why.file:
            return line_of(file.read_text(encoding="utf-8", errors="replace"), why.key)
    return None


def _load(files: list[tuple[Path, Path]]) -> Library:
    elements = _elements(files)
    datasets = _datasets(files)
    drafts = _drafts(files)
    builder = Builder(elements, datasets, drafts)
    measures = {slug: builder.measure(slug) for slug in drafts}
    check_calendars(measures.values(), datasets, {slug: d.file for slug, d in drafts.items()})
    library = Library(measures, elements, datasets)
    check_recorded(library)
    return library


def _files(home: Path) -> list[Path]:
    if not home.is_dir():
        raise FaultyDefinition(str(home), "thư mục", "không có thư mục này; hãy sửa đường dẫn.")
    return sorted(home.rglob("*.toml"))


def _read(home: Path, file: Path) -> tuple[str, str, dict[str, Any]]:
    name, text = file.relative_to(home).as_posix(), ""
    try:
        text = file.read_text(encoding="utf-8")
        return name, text, tomllib.loads(text, parse_float=Decimal)
    except UnicodeDecodeError as why:
        line = file.read_bytes()[: why.start].count(b"\n") + 1
        what = "có chữ không theo bảng mã UTF-8; hãy lưu lại tệp theo UTF-8."
        raise FaultyDefinition(name, "toàn tệp", what, line) from why
    except tomllib.TOMLDecodeError as why:
        place = re.search(r"line (\d+), column (\d+)", str(why))
        line, column = (int(place[1]), f" cột {place[2]}") if place else (text.count("\n") + 1, "")
        raise FaultyDefinition(name, "toàn tệp", _broken(str(why), column), line) from why


def _broken(why: str, column: str) -> str:
    """What TOML refuses, in Vietnamese. `column`: " cột 9", or ""."""
    if "overwrite" in why or "twice" in why or "immutable" in why:
        return f"mục hoặc bảng ở{column or ' đây'} đã ghi một lần rồi; hãy bỏ một, theo mẫu TOML."
    if "(at end of document)" in why:
        return "thiếu dấu đóng ngoặc hoặc ngoặc kép; hãy thêm cho đúng mẫu TOML."
    return (
        f"không đúng mẫu TOML ở{column or ' đây'}; hãy xem lại dấu bằng, dấu ngoặc kép của chữ, "
        "dấu chấm (không phải dấu phẩy) của số lẻ."
    )


def _elements(files: list[tuple[Path, Path]]) -> dict[str, Element]:
    found: dict[str, Element] = {}
    for home, file in files:
        if file.name != "elements.toml":
            continue
        name, _, tables = _read(home, file)
        for slug, table in tables.items():
            keys = Keys(table if isinstance(table, dict) else {}, name, slug)
            if slug in found:
                raise keys.fault("", "số liệu này đã được định nghĩa ở chỗ khác.")
            element = _element(slug, keys)
            found[slug] = element
            if element.marked_by:
                if element.marked_by in tables:
                    raise keys.fault("marked", f"đã có số liệu tên “{element.marked_by}”.")
                found[element.marked_by] = _marking(element)
        check_elements(found, name)
    return found


def _marking(element: Element) -> Element:
    """The companion that says how final a published figure is: told with it, valid as long."""
    assert element.marked_by is not None
    return Element(
        slug=element.marked_by,
        title=f"Mức độ chính thức của số liệu trên: {element.title}",
        unit_of_measure="mức độ",
        time="stock",
        kind="mark",
        minimum=Decimal(0),
        maximum=max(mark.code for mark in Mark),
        carry=element.carry,
        note="Chọn ước tính, sơ bộ hoặc chính thức; ghi số, ngày văn bản công bố ở cột ghi chú.",
    )


def _element(slug: str, keys: Keys) -> Element:
    kind = keys.one_of("kind", ("number", "date"), "number")
    element = Element(
        slug=slug,
        title=keys.text("title"),
        unit_of_measure="ngày" if kind == "date" else keys.text("unit_of_measure"),
        time="stock" if kind == "date" else keys.one_of("time", get_args(Time)),
        kind=kind,
        digits=keys.whole("digits", 0, 4, 0),
        minimum=keys.number("minimum", Decimal(0)),
        maximum=keys.number("maximum", None),
        at_most=keys.text("at_most", None),
        carry=FOREVER if kind == "date" else keys.whole("carry", 0, FOREVER, 0),
        evidence=keys.flag("evidence"),
        note=keys.text("note", None),
        recorded_as=keys.text("recorded_as", None),
        marked_by=f"{slug}{SUFFIX}" if keys.flag("marked") else None,
        nothing=keys.flag("nothing"),
    )
    keys.finish()
    return element


def _datasets(files: list[tuple[Path, Path]]) -> dict[str, Dataset]:
    found: dict[str, Dataset] = {}
    for home, file in files:
        if file.name != "datasets.toml":
            continue
        name, _, tables = _read(home, file)
        for slug, table in tables.items():
            keys = Keys(table if isinstance(table, dict) else {}, name, slug)
            if slug in found:
                raise keys.fault("", "tập bản ghi này đã được định nghĩa ở chỗ khác.")
            found[slug] = _dataset(slug, keys)
    return found


def _dataset(slug: str, keys: Keys) -> Dataset:
    columns = {
        name: _column(Keys(table, keys.file, f"{keys.where}.columns.{name}"))
        for name, table in keys.table("columns").items()
    }
    dataset = Dataset(
        slug=slug,
        title=keys.text("title"),
        key=keys.text("key"),
        unit=keys.text("unit"),
        date=keys.text("date"),
        calendar=Calendar(keys.one_of("calendar", _CALENDARS)),
        columns=columns,
        dropped=keys.texts("dropped", ()),
        hashed=keys.texts("hashed", ()),
        time=keys.one_of("time", get_args(Time), "flow"),
        carry=keys.whole("carry", 0, FOREVER, 0),
        unit_of_measure=keys.text("unit_of_measure"),
        once=keys.flag("once"),
        version=_version(keys) if "version" in keys else None,
        retain=keys.whole("retain", 0, FOREVER, 0),
    )
    for role in ("key", "date"):
        column = columns.get(getattr(dataset, role))
        if column is None or not column.required:
            raise keys.fault(role, "phải là một cột bắt buộc (required = true) trong columns.")
    if columns[dataset.date].type != "date":
        raise keys.fault("date", "cột này phải có kiểu date.")
    if kept := set(dataset.dropped) & set(columns):
        raise keys.fault("dropped", f"cột {', '.join(sorted(kept))} vừa giữ vừa bỏ.")
    if unknown := set(dataset.hashed) - set(columns):
        raise keys.fault("hashed", f"không có cột {', '.join(sorted(unknown))} trong columns.")
    check_persons(dataset, keys)
    check_version(dataset, keys)
    keys.finish()
    return dataset


def _version(keys: Keys) -> Version:
    told = Keys(keys.table("version"), keys.file, keys.path("version"))
    version = Version(told.text("number"), told.text("decided_on"))
    told.finish()
    return version


def _column(keys: Keys) -> Column:
    column = Column(
        title=keys.text("title"),
        type=keys.one_of("type", ("text", "date", "number", "choice")),
        values=dict(keys.table("values", {})),
        required=keys.flag("required"),
    )
    if (column.type == "choice") != bool(column.values):
        raise keys.fault("values", "cột kiểu choice phải có values, cột kiểu khác thì không.")
    keys.finish()
    return column


def _drafts(files: list[tuple[Path, Path]]) -> dict[str, Draft]:
    found: dict[str, Draft] = {}
    for home, file in files:
        if file.name in ("elements.toml", "datasets.toml"):
            continue
        name, text, table = _read(home, file)
        slug = Keys(table, name).text("measure")
        if slug in found:
            raise FaultyDefinition(
                name, "measure", f"“{slug}” đã có trong tệp {found[slug].file}; hãy đổi mã."
            )
        found[slug] = Draft(name, text, table)
    return found
