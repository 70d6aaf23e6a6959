"""The Spark dialect behind the same door: Sail in this process, or a cluster through Spark Connect.

The statements are those of DuckDB. Only their spelling is changed, by rule and word for word: the
sign of a parameter, the quotes of a name, the escapes of a text (`spelt`). No statement is written
twice. Imported only when this engine is asked for: it needs the extra packages of `namro[spark]`.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import grpc
import pyarrow as pa
from pysail.spark import SparkConnectServer
from pyspark.errors import PySparkException
from pyspark.sql.connect.session import SparkSession

from namro.measuring.engines import Session, StoreFault, Tables, held_as
from namro.measuring.feeding import FEEDING
from namro.measuring.schema import TABLES, Table, Type
from namro.measuring.store import schema_of

_TYPES: Mapping[Type, str] = {
    "text": "STRING",
    "whole": "BIGINT",
    "exact": "DECIMAL(18,4)",
    "date": "DATE",
    "moment": "TIMESTAMP_NTZ",
    "flag": "BOOLEAN",
}
_ACCEPTED: Mapping[Type, tuple[str, ...]] = {
    "text": ("string",),
    "whole": ("tinyint", "smallint", "int", "bigint"),
    "exact": ("decimal", "int", "bigint"),
    "date": ("date",),
    "moment": ("timestamp",),
    "flag": ("boolean",),
}
_MARKS = re.compile(r"""'((?:[^']|'')*)'|"((?:[^"]|"")*)"|\$([a-z_]+)""")

Frame = Callable[[Any], Any]
"""A session → a table in it."""


def spelt(statement: str, parameters: Mapping[str, Any]) -> str:
    """A statement as Spark spells it: its parameters filled in, names and texts in Spark's quotes.

    >>> spelt("SELECT 'it''s', \\"row\\" FROM t WHERE n = $n", {"n": 3})
    "SELECT 'it\\\\'s', `row` FROM t WHERE n = 3"
    """

    def respelt(found: re.Match[str]) -> str:
        text, name, parameter = found.groups()
        if text is not None:
            return _literal(text.replace("''", "'"))
        if name is not None:
            return _name(name.replace('""', '"'))
        return _literal(parameters[parameter])

    return _MARKS.sub(respelt, statement)


def _name(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _literal(value: Any) -> str:
    if isinstance(value, datetime):
        return f"TIMESTAMP_NTZ '{value.isoformat(' ')}'"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


class SparkSessionView(Session):
    """One caller's Spark session; the tables that a statement names are made when it names them."""

    def __init__(self, url: str, frames: Mapping[str, Frame]) -> None:
        self._frames, self._made = frames, set[str]()
        with _told("kết nối"):
            self._spark = SparkSession.builder.remote(url).create()
            # Moments are UTC without a zone in the tables; the client must not shift them either.
            self._spark.conf.set("spark.sql.session.timeZone", "UTC")

    def feed(self, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(FEEDING[name])
        schema = schema_of(FEEDING[name])
        arrays = [pa.array(list(c), type=f.type) for c, f in zip(columns, schema, strict=True)]
        with _told("nhận dữ liệu"):
            given = frame_of(pa.Table.from_arrays(arrays, schema=schema), FEEDING[name])
            given(self._spark).createOrReplaceTempView(name)

    def rows(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        with _told("tính"):
            for name, frame in self._frames.items():
                if name not in self._made and name in statement:
                    frame(self._spark).createOrReplaceTempView(name)
                    self._made.add(name)
            answer = self._spark.sql(spelt(statement, parameters)).toArrow()
        columns = [column.to_pylist() for column in answer.columns]
        return list(zip(*columns, strict=True))

    def __exit__(self, *_: object) -> None:
        self._spark.stop()


class _told:
    """What the engine cannot do is told in Vietnamese, with its own words behind."""

    def __init__(self, doing: str) -> None:
        self._doing = doing

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, PySparkException | grpc.RpcError):
            said = str(error).strip().splitlines()
            raise StoreFault(
                f"Bộ máy Spark không {self._doing} được: {said[0] if said else type(error)}. "
                "Kiểm tra địa chỉ cụm (NAMRO_SPARK), đường dẫn kho và quyền đọc kho."
            ) from error


class SparkTables(Tables):
    """The tables of schema.py in Spark: rows at hand, or a store that Spark itself reads."""

    def __init__(self, url: str, store: str | None, frames: Mapping[str, Frame]) -> None:
        self._url, self._root, self._frames = url, store, dict(frames)
        self._numbers = count(1)
        self.book = None  # Spark computes all of it: no arrays of this machine

    def session(self) -> Session:
        return SparkSessionView(self._url, self._frames)

    def parquet(self, files: Sequence[Path], columns: Sequence[str]) -> str:
        return self._records([str(file) for file in files], columns)

    def records(self, dataset: str, columns: Sequence[str], slices: Any) -> str:
        if self._root is None:
            return f'"records_{dataset}"'
        files = [
            f"{self._root}/records/{dataset}/{period}/{batch}.parquet"
            for period, batch in sorted(set(slices))
        ]
        for file in files:
            if not _is_remote(file) and not Path(file).is_file():
                raise StoreFault(
                    f"Kho số liệu thiếu lô bản ghi {Path(file).stem}: không có tệp {file}. "
                    "Khôi phục tệp từ bản sao lưu hoặc nạp lại lô này."
                )
        return self._records(files, columns)

    def _records(self, files: Sequence[str], columns: Sequence[str]) -> str:
        wanted = list(dict.fromkeys(("batch", "unit", "row", *columns)))

        def frame(spark: Any) -> Any:
            if not files:
                return spark.createDataFrame([], ", ".join(f"{_name(c)} string" for c in wanted))
            read = _parquet(spark, files)
            held = set(read.columns)
            told = [_name(c) if c in held else f"CAST(NULL AS STRING) {_name(c)}" for c in wanted]
            return read.selectExpr(*told)

        name = f"records_{next(self._numbers)}_read"
        self._frames[name] = frame
        return name

    def close(self) -> None:
        self._frames.clear()


def frame_of(table: Any, columns: Mapping[str, Type]) -> Frame:
    """Rows at hand (a pyarrow Table) as a table of the given column types."""
    types = ", ".join(f"{_name(name)} {_TYPES[kind]}" for name, kind in columns.items())
    cast = [
        f"CAST({_name(name)} AS {_TYPES[kind]}) {_name(name)}" for name, kind in columns.items()
    ]

    def frame(spark: Any) -> Any:
        if not table.num_rows:
            return spark.createDataFrame([], types)
        return spark.createDataFrame(table).selectExpr(*cast)

    return frame


def spark_in_memory(tables: Mapping[str, tuple[Table, Any]], cluster: str | None) -> Tables:
    """Tables made of pyarrow Tables: name → (its layout, its rows)."""
    frames = {name: frame_of(rows, table.columns) for name, (table, rows) in tables.items()}
    return SparkTables(cluster or sail(), None, frames)


def spark_store(store: str, cluster: str | None) -> Tables:
    """The tables of a store: a folder that every node sees at the same path, or s3a://, hdfs://…

    `cluster`: sc://host:15002, a Spark Connect server; None is Sail in this process. Raises
    StoreFault as `open_store` does.
    """
    if cluster is None and _is_remote(store):
        raise StoreFault(
            f"Kho số liệu ở {store} cần một cụm Spark: đặt NAMRO_SPARK=sc://máy-chủ:15002. "
            "Không có cụm thì chỉ đọc được kho trong một thư mục."
        )
    url = _answering(cluster) if cluster else sail()
    with SparkSessionView(url, {}) as session, _told("đọc kho"):
        frames = {t.name: _stored(session._spark, store, t) for t in TABLES.values()}
    return SparkTables(url, store, frames)


def _stored(spark: Any, store: str, table: Table) -> Frame:
    """One table of a store, its columns checked and typed."""
    files = _files(store, table)
    read = _read(spark, files, table) if files else None
    if read is None:
        if not table.may_be_absent:
            raise StoreFault(
                f"Kho số liệu chưa có bảng {table.name} ({table.why}) ở {store}. "
                "Chạy lệnh “namro manage feed” để nạp số liệu vào kho."
            )
        return frame_of(schema_of(table.columns).empty_table(), table.columns)
    held = {field.name: field.dataType.simpleString() for field in read.schema.fields}
    told = [_column(table, name, kind, held) for name, kind in table.columns.items()]
    return lambda s: _parquet(s, files).selectExpr(*told)


def _parquet(spark: Any, files: Sequence[str]) -> Any:
    """Parquet files as one table; comparing the columns of several costs a round of the workers."""
    several = len(files) > 1 or not files[0].endswith(".parquet")
    return spark.read.option("mergeSchema", str(several).lower()).parquet(*files)


def _files(store: str, table: Table) -> list[str]:
    if _is_remote(store):
        return [f"{store}/{table.name}" if table.growing else f"{store}/{table.name}.parquet"]
    if table.growing:
        return sorted(str(file) for file in (Path(store) / table.name).glob("*.parquet"))
    file = Path(store) / f"{table.name}.parquet"
    return [str(file)] if file.is_file() else []


def _read(spark: Any, files: Sequence[str], table: Table) -> Any:
    """The table's files, or None where a remote store has none."""
    try:
        read = _parquet(spark, files)
        read.schema  # noqa: B018 - the files are opened here, and what is broken is told
        return read
    except PySparkException as why:
        if _is_remote(files[0]) and "PATH_NOT_FOUND" in str(why):
            return None
        said = f"Không đọc được bảng {table.name} ({table.why}) của kho: {why}"
        raise StoreFault(said) from why


def _column(table: Table, name: str, kind: Type, held: Mapping[str, str]) -> str:
    found = held_as(table, name, held.get(name), _ACCEPTED[kind], _TYPES[kind])
    return f"CAST({_name(name) if found else 'NULL'} AS {_TYPES[kind]}) {_name(name)}"


def _answering(cluster: str) -> str:
    """The address, once something listens there: the client itself would try for ten minutes."""
    try:
        found = urlsplit(cluster)
        if found.scheme != "sc":
            raise ValueError
        socket.create_connection((found.hostname or "", found.port or 15002), 10).close()
    except (OSError, ValueError) as why:
        raise StoreFault(
            f"Không kết nối được cụm Spark ở “{cluster}”. Địa chỉ có dạng sc://máy-chủ:15002; "
            "kiểm tra NAMRO_SPARK, đường mạng và xem máy chủ Spark Connect đã chạy chưa."
        ) from why
    return cluster


def _is_remote(path: str) -> bool:
    return "://" in path


@cache
def sail() -> str:
    """The address of Sail, started in this process on a free port of the loopback."""
    os.environ.setdefault("RUST_LOG", "off")  # its English diary would run into our answers
    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    _SERVERS.append(server)
    return f"sc://{host}:{port}"


_SERVERS: list[Any] = []
