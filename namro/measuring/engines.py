"""The one door to an engine: open a store, check it against schema.py, run a statement.

DuckDB 1.5.5 to 2.x. A database file of the engine is never used: Parquet is the record, the engine
only reads. Asked for "dense", the arrays beside a store answer what they can (`dense/`), DuckDB the
rest. Asked for "spark", the same statements run there (`spark.py`, an extra to install).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from namro.measuring import dense
from namro.measuring.compile import quoted
from namro.measuring.feeding import FEEDING
from namro.measuring.kinds import Dataset
from namro.measuring.schema import TABLES, Table, Type, records_table, segments, slice_path
from namro.measuring.store import schema_of, to_arrow

_SQL_TYPES: Mapping[Type, str] = {
    "text": "VARCHAR",
    "whole": "BIGINT",
    "exact": "DECIMAL(18,4)",
    "date": "DATE",
    "moment": "TIMESTAMP",
    "flag": "BOOLEAN",
}
_ACCEPTED: Mapping[Type, tuple[str, ...]] = {
    "text": ("VARCHAR", "ENUM"),
    "whole": ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UINTEGER", "UBIGINT", "USMALLINT"),
    "exact": ("DECIMAL", "INTEGER", "BIGINT"),
    "date": ("DATE",),
    "moment": ("TIMESTAMP",),
    "flag": ("BOOLEAN",),
}


LARGE = 1_200_000
"""Bytes of a file of records: from some hundred thousand rows on."""


class StoreFault(Exception):
    """A store cannot be read as schema.py promises. The message is Vietnamese."""


class Session:
    """One caller's view of the tables: its own feeding rows, closed when the caller is done."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._fed: list[str] = []

    def feed(self, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Give a table of compile.FEEDING its rows; whatever it held before is gone."""
        schema = schema_of(FEEDING[name])
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
        arrays = [pa.array(list(c), type=f.type) for c, f in zip(columns, schema, strict=True)]
        self._connection.register(name, pa.Table.from_arrays(arrays, schema=schema))

    def rows(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Run a statement with named parameters; every row of the answer."""
        found: list[tuple[Any, ...]] = self._connection.execute(statement, parameters).fetchall()
        return found

    def columns(self, statement: str) -> Any:
        """Run a statement without parameters; its answer as a pyarrow Table. DuckDB alone can."""
        return self._connection.sql(statement).to_arrow_table()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()


class Tables:
    """The tables of schema.py in an engine. Close it, or use it in a `with`.

    `book`: the ledger and the tree as arrays, where there are such that hold the very same rows.
    `load` gives the engine rows at hand, `views` are the statements that make a store's tables
    visible. The engine is started when it is asked first: where arrays answer, never.
    """

    def __init__(
        self,
        store: Path | None,
        book: dense.Book | None = None,
        *,
        load: Callable[[Any], None] | None = None,
        views: Sequence[str] = (),
    ) -> None:
        self._connection: Any = None
        self._store = store
        self._load = load
        self._views = views
        self._turn = Lock()
        self.book = book

    def session(self) -> Session:
        """A session of its own: several may run at once, in threads too."""
        session = self.scan()
        with self._turn:
            for view in self._views:
                session.rows(view)
            self._views = ()
        return session

    def scan(self) -> Session:
        """A session that reads records alone."""
        with self._turn:
            if self._connection is None:
                connection = _connect()
                if self._load is not None:
                    self._load(connection)
                self._connection = connection
            return Session(self._connection.cursor())

    def parquet(self, files: Sequence[Path], columns: Sequence[str]) -> str:
        """Parquet files as a table expression with batch, unit, row and the named columns.

        A column that no file holds is empty: older slices may lack what a dataset keeps today.
        """
        source = _source(files)
        with self.scan() as session:
            held = {row[0] for row in session.rows(f"DESCRIBE SELECT * FROM {source}")}
        return _told(source, held, columns)

    def records(
        self, dataset: str, columns: Sequence[str], slices: Iterable[tuple[str, str]]
    ) -> str:
        """The records of a dataset as a table expression. `slices`: (period, batch) that count.

        Raises StoreFault when a slice's file is not in the store.
        """
        if self._store is None:
            return quoted(f"records_{dataset}")
        files = list(self._slices(dataset, slices).values())
        if files:
            return self.parquet(files, columns)
        told = ", ".join(f"NULL AS {quoted(c)}" for c in ("batch", "unit", "row", *columns))
        return f"(SELECT {told} WHERE 1 = 0)"

    def slices(
        self, dataset: str, columns: Sequence[str], slices: Iterable[tuple[str, str]]
    ) -> list[tuple[str | None, str]]:
        """The same as (batch, its records), so that large files need not be grouped by their batch;
        None: of several batches. Raises StoreFault like `records`."""
        if self._store is None:
            return [(None, self.records(dataset, columns, slices))]
        files = self._slices(dataset, slices)
        large = [batch for batch, file in files.items() if file.stat().st_size >= LARGE]
        small = [file for batch, file in files.items() if batch not in set(large)]
        found: list[tuple[str | None, str]] = [
            (batch, _told(_source([file]), set(pq.read_schema(file).names), columns))
            for batch, file in ((batch, files[batch]) for batch in large)
        ]
        return [*found, (None, self.parquet(small, columns))] if small else found

    def _slices(self, dataset: str, slices: Iterable[tuple[str, str]]) -> dict[str, Path]:
        """Batch → its file; a batch holds one period, and a file one batch."""
        assert self._store is not None
        found = {}
        for period, batch in sorted(set(slices)):
            file = slice_path(self._store, dataset, period, batch)
            if not file.is_file():
                raise StoreFault(
                    f"Kho số liệu thiếu lô bản ghi {batch} (kỳ {period}): không có tệp {file}. "
                    "Khôi phục tệp từ bản sao lưu hoặc nạp lại lô này."
                )
            found[batch] = file
        return found

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_store(path: Path | str, engine: str = "dense", *, cluster: str | None = None) -> Tables:
    """Open a store for reading; its layout is in schema.py.

    `engine`: dense (arrays where the store has them and they can, DuckDB for all else), duckdb, or
    spark: then `path` may be an object store's (s3a://…) and `cluster` names a Spark Connect server
    (sc://host:15002), without which Sail computes in this process.

    Raises StoreFault (in Vietnamese) when a table is missing, or a column is missing or of another
    type. Observations and batches may be absent as long as nothing was ever fed. Segments written
    after the store was opened are seen by the next `open_store`.
    """
    if engine == "spark":
        opened: Tables = _spark().spark_store(str(path), cluster)
        return opened
    path = Path(path)
    _check_engine(engine)
    views = _views(path)
    return Tables(path, dense.open_book(path) if engine == "dense" else None, views=views)


def in_memory(
    rows: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
    *,
    records: Iterable[tuple[Dataset, Iterable[Mapping[str, Any]]]] = (),
    engine: str = "duckdb",
    cluster: str | None = None,
) -> Tables:
    """Tables made of plain rows (mappings by column), for tests and for one-off questions.

    `rows`: table name of schema.py → its rows; `records`: a dataset and the rows of its slices.
    """
    given = rows or {}
    made = [(table, given.get(table.name, ())) for table in TABLES.values()]
    made += [(records_table(dataset), told) for dataset, told in records]
    if engine == "spark":
        arrow = {table.name: (table, to_arrow(table, told)) for table, told in made}
        held: Tables = _spark().spark_in_memory(arrow, cluster)
        return held
    _check_engine(engine)
    held_rows = {table.name: to_arrow(table, told) for table, told in made}

    def load(connection: Any) -> None:
        for name, told in held_rows.items():
            connection.register("given", told)
            connection.execute(f"CREATE TABLE {quoted(name)} AS SELECT * FROM given")
            connection.unregister("given")

    return Tables(None, dense.in_memory(held_rows) if engine == "dense" else None, load=load)


def utc(moment: datetime | None) -> datetime:
    """A moment as the tables keep it: UTC without a zone; None is the end of time."""
    if moment is None:
        return datetime(9999, 12, 31)  # noqa: DTZ001
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _source(files: Sequence[Path]) -> str:
    listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"


def _told(source: str, held: Collection[str], columns: Sequence[str]) -> str:
    """The named columns of records as a table expression; empty, where none holds one."""
    wanted = dict.fromkeys(("batch", "unit", "row", *columns))
    told = (quoted(c) if c in held else f"NULL AS {quoted(c)}" for c in wanted)
    return f"(SELECT {', '.join(told)} FROM {source})"


def _check_engine(engine: str) -> None:
    if engine not in ("dense", "duckdb"):
        raise StoreFault(f"Chưa hỗ trợ bộ máy tính “{engine}”; dùng: dense, duckdb, spark.")


def _connect() -> Any:
    # Government networks are closed: nothing may be fetched behind our back.
    settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    connection = duckdb.connect(":memory:", config=settings)
    # The process may live in any zone (Django sets TZ); sessions would shift moments into it.
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    return connection


@contextmanager
def spilling(folder: Path) -> Iterator[Any]:
    """A connection for rows that may not fit into memory: beyond 300 MB they go to `folder`."""
    connection = _connect()
    try:
        connection.execute("SET memory_limit = '300MB'")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"SET temp_directory = '{str(folder).replace(chr(39), chr(39) * 2)}'")
        yield connection
    finally:
        connection.close()


def _spark() -> Any:
    """The other engine; its packages are an extra, loaded only when it is asked for."""
    try:
        from namro.measuring import spark
    except ImportError as why:
        if (why.name or "").split(".")[0] in ("namro", ""):
            raise
        raise StoreFault(
            f"Chưa cài bộ máy tính Spark (thiếu gói {why.name}). Cài bằng lệnh "
            "“pip install 'namro[spark]'”, hoặc bỏ thiết lập NAMRO_ENGINE để dùng DuckDB."
        ) from why
    return spark


_checked: dict[Path, tuple[Any, tuple[str, ...]]] = {}
"""The views of the store that was opened last, as long as its files are the same. Replaced, never
changed: threads read it without a lock."""


def _views(store: Path) -> tuple[str, ...]:
    """The statements that make a store's tables visible, their columns checked and typed."""
    global _checked
    files = {table.name: _files(store, table) for table in TABLES.values()}
    stamp = [(f, t.st_ino, t.st_size, t.st_mtime_ns) for fs in files.values() for f, t in fs]
    kept = _checked.get(store)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    connection = _connect()
    try:
        made = tuple(
            _view(connection, table, [file for file, _ in files[table.name]])
            for table in TABLES.values()
        )
    finally:
        connection.close()
    _checked = {store: (stamp, made)}
    return made


def _files(store: Path, table: Table) -> list[tuple[Path, os.stat_result]]:
    """The files of a table of a store, each as it is now."""
    file = store / f"{table.name}.parquet"
    found = segments(store, table.name) if table.growing else [file] if file.is_file() else []
    there = [(f, f.stat()) for f in found]
    if not there and not table.may_be_absent:
        raise StoreFault(
            f"Kho số liệu chưa có bảng {table.name} ({table.why}): không có tệp {file}. "
            "Chạy lệnh “namro manage feed” để nạp số liệu vào kho."
        )
    return there


def _view(connection: Any, table: Table, files: Sequence[Path]) -> str:
    """The statement that makes one table visible."""
    if not files:
        empty = ", ".join(f"CAST(NULL AS {_SQL_TYPES[k]}) AS {c}" for c, k in table.columns.items())
        return f"CREATE VIEW {table.name} AS SELECT {empty} WHERE 1 = 0"
    source = _source(files)
    held = _held(connection, source, table)
    told = ", ".join(_column(table, name, kind, held) for name, kind in table.columns.items())
    return f"CREATE VIEW {table.name} AS SELECT {told} FROM {source}"


def _held(connection: Any, source: str, table: Table) -> dict[str, str]:
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    except duckdb.Error as why:
        raise StoreFault(f"Không đọc được bảng {table.name} ({table.why}) của kho: {why}") from why
    return {row[0]: row[1] for row in described}


def _column(table: Table, name: str, kind: Type, held: Mapping[str, str]) -> str:
    found = held_as(table, name, held.get(name), _ACCEPTED[kind], _SQL_TYPES[kind])
    if not found:
        return f"CAST(NULL AS {_SQL_TYPES[kind]}) AS {name}"
    zoned = f"{name} AT TIME ZONE 'UTC'" if "TIME ZONE" in found else name
    return f"CAST({zoned} AS {_SQL_TYPES[kind]}) AS {name}"


def held_as(
    table: Table, name: str, found: str | None, accepted: tuple[str, ...], wanted: str
) -> str:
    """The type in which a store's file holds a column, "" for one it may lack.

    Raises StoreFault for a column that is missing or of another type.
    """
    if found is None and name in table.may_lack:
        return ""
    if found is None:
        raise StoreFault(f"Bảng {table.name} ({table.why}) của kho số liệu thiếu cột {name}.")
    if not found.startswith(accepted):
        raise StoreFault(
            f"Cột {name} của bảng {table.name} ({table.why}) có kiểu {found}, phải là {wanted}."
        )
    return found
