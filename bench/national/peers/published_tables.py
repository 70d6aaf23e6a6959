"""DHIS2's published query plan on PostgreSQL 15: the tables, and how they are filled.

One row per stored value, a child table a year, a column for every level of the tree and every kind
of period, an index on each. Re-authored from a description of the plan.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv

from bench.national.peers.country import ELEMENTS, Country
from namro.terms import Calendar, Period

ADVISED = {
    "shared_buffers": "3200MB",
    "work_mem": "20MB",
    "maintenance_work_mem": "512MB",
    "effective_cache_size": "8000MB",
    "temp_buffers": "16MB",
    "checkpoint_completion_target": "0.8",
    "synchronous_commit": "off",
    "wal_writer_delay": "10000ms",
    "random_page_cost": "1.1",
    "max_locks_per_transaction": "128",
    "jit": "off",
}
"""The settings that its makers advise for a server of 16 GB."""

FINER = (
    *("daily", "weekly", "weeklywednesday", "weeklythursday", "weeklysaturday", "weeklysunday"),
    "biweekly",
)
COARSER = (
    *("monthly", "bimonthly", "quarterly", "quarterlynov", "sixmonthly", "sixmonthlyapril"),
    *("sixmonthlynov", "yearly", "financialfeb", "financialapril", "financialjuly"),
    *("financialaug", "financialsep", "financialoct", "financialnov", "twoyearly"),
)
PERIODS = (*FINER, *COARSER)
GROUPS = ("degroupset1", "ougroupset1", "category1")
LEVELS = ("uidlevel1", "uidlevel2", "uidlevel3")

_DIMENSIONS = {
    "dx": "char(11) not null", "co": "char(11) not null", "ao": "char(11) not null",
    "pestartdate": "date", "peenddate": "date", "year": "int not null", "pe": "text",
    "ou": "char(11) not null", "oulevel": "int", "id": "text",
    **dict.fromkeys((*GROUPS, *LEVELS), "char(11)"), **dict.fromkeys(PERIODS, "text"),
}  # fmt: skip
_FACTS = {
    "approvallevel": "int", "daysxvalue": "double precision", "daysno": "int not null",
    "value": "double precision", "textvalue": "text",
}  # fmt: skip

_SOURCE = """
CREATE TABLE datavalue (dataelementid bigint, periodid bigint, sourceid bigint,
  categoryoptioncomboid bigint, attributeoptioncomboid bigint, value varchar(50000),
  storedby varchar(255), created timestamp, lastupdated timestamp, comment varchar(50000),
  followup boolean, deleted boolean NOT NULL,
  PRIMARY KEY (dataelementid, periodid, sourceid, categoryoptioncomboid, attributeoptioncomboid));
CREATE INDEX in_datavalue_lastupdated ON datavalue (lastupdated);
CREATE TABLE dataelement (dataelementid bigint PRIMARY KEY, uid char(11), degroupset1 char(11));
CREATE TABLE analytics_rs_orgunitstructure (organisationunitid bigint PRIMARY KEY,
  organisationunituid char(11), level int, uidlevel1 char(11), uidlevel2 char(11),
  uidlevel3 char(11), ougroupset1 char(11));
CREATE TABLE categoryoptioncombo (categoryoptioncomboid bigint PRIMARY KEY, uid char(11),
  category1 char(11), approvallevel int);
"""


def element_uid(number: int) -> str:
    """Eleven signs, as every uid of the plan."""
    return f"de{number:09d}"


def unit_uid(number: int) -> str:
    return f"ou{number:09d}"


def load_source(cursor: Any, country: Country) -> None:
    """The values as they are entered, and the tables that say what their ids mean."""
    cursor.execute(_SOURCE)
    kinds = ", ".join(f"{name} text" for name in PERIODS)
    cursor.execute(
        "CREATE TABLE analytics_rs_periodstructure (periodid bigint PRIMARY KEY, iso text, "
        f"startdate date, enddate date, year int, days int, {kinds})"
    )
    codes = [(p, told, *_codes(told)) for p, told in enumerate(country.periods)]
    _copy(cursor, "analytics_rs_periodstructure", [_period(*row) for row in codes])
    elements = [(e, element_uid(e), f"dg{e % 5:09d}") for e in range(ELEMENTS)]
    _copy(cursor, "dataelement", elements)
    _copy(cursor, "analytics_rs_orgunitstructure", [_unit(country, u) for u in range(country.size)])
    _copy(cursor, "categoryoptioncombo", [(0, "HllvX50cXC0", "ca000000001", 1)])
    _load_values(cursor, country)
    cursor.execute("ANALYZE")


def _period(number: int, period: Period, *codes: str | None) -> tuple[Any, ...]:
    first, last = (f(Calendar.CALENDAR) for f in (period.first_day, period.last_day))
    return number, period.code, first, last, first.year, (last - first).days + 1, *codes


def _codes(period: Period) -> list[str | None]:
    """The code of the period of each kind that holds a month; none of a finer kind."""
    year, month = divmod(period.first, 12)
    coarser = [
        *(period.code, f"{year}0{month // 2 + 1}B", f"{year}Q{month // 3 + 1}"),
        *(f"{year}NovQ{month // 3 + 1}", f"{year}S{month // 6 + 1}"),
        *(f"{year}AprilS{month // 6 + 1}", f"{year}NovS{month // 6 + 1}", f"{year}"),
    ]
    starts = (("Feb", 1), ("April", 3), ("July", 6), ("Aug", 7), ("Sep", 8), ("Oct", 9))
    coarser += [f"{year - (month < start)}{name}" for name, start in (*starts, ("Nov", 10))]
    return [*(None for _ in FINER), *coarser, f"{year // 2 * 2}T"]


def _unit(country: Country, unit: int) -> tuple[Any, ...]:
    line = [unit]
    while line[-1]:
        line.append(int(country.above[line[-1]]))
    uids = [unit_uid(u) for u in reversed(line)]
    group = f"og{unit % 3:09d}"
    return unit, unit_uid(unit), len(line), *uids, *(None for _ in LEVELS[len(uids) :]), group


def _copy(cursor: Any, table: str, rows: list[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _load_values(cursor: Any, country: Country) -> None:
    element, month, commune, value = country.rows
    zero = pa.repeat(0, len(value))
    told = pa.table(
        {
            "de": element, "pe": month, "ou": commune + country.first_commune, "co": zero,
            "ao": zero, "value": np.char.mod("%d", value),
        }
    )  # fmt: skip
    named = "dataelementid, periodid, sourceid, categoryoptioncomboid, attributeoptioncomboid"
    said = "storedby, created, lastupdated, followup, deleted"
    cursor.execute(f"CREATE TEMP TABLE told AS SELECT {named}, value FROM datavalue LIMIT 0")
    sink = pa.BufferOutputStream()
    csv.write_csv(told, sink, csv.WriteOptions(include_header=False))
    with cursor.copy("COPY told FROM STDIN WITH (FORMAT csv)") as copy:
        copy.write(sink.getvalue())
    cursor.execute(
        f"INSERT INTO datavalue ({named}, value, {said}) SELECT {named}, value, 'bench', "
        "now(), now(), false, false FROM told"
    )
    cursor.execute("DROP TABLE told")


def is_built(cursor: Any) -> bool:
    """Whether the tables stand, the last step included."""
    return bool(cursor.execute("SELECT to_regclass('kept_stock_cell') IS NOT NULL").fetchone()[0])


def build(cursor: Any, years: list[int], since: str = "-infinity", name: str = "analytics") -> None:
    """The tables from the values: a child a year, filled, every column indexed, then analysed.

    `since`: only values entered from this moment on; `name`: of the tables that are made.
    """
    columns = ", ".join(f"{n} {kind}" for n, kind in {**_DIMENSIONS, **_FACTS}.items())
    cursor.execute(f"CREATE UNLOGGED TABLE {name} ({columns})")
    for year in years:
        child = f"{name}_{year}"
        cursor.execute(
            f"CREATE UNLOGGED TABLE {child} (CHECK (year = {year}), "
            f"CHECK (pestartdate < '{year + 1}-01-01')) INHERITS ({name})"
        )
        cursor.execute(_populate(child, year), [since])
    for year in years:
        for column in _DIMENSIONS:
            both = f"dx, {column}" if column in ("co", "ao") else column
            cursor.execute(f"CREATE INDEX ON {name}_{year} ({both})")
    for year in years:
        cursor.execute(f"ANALYZE {name}_{year}")


def _populate(child: str, year: int) -> str:
    """The pass over numbers: the elements here are all of that kind, the three others find none."""
    kinds = ", ".join(f"ps.{name}" for name in PERIODS)
    return f"""
INSERT INTO {child} SELECT
  de.uid, co.uid, ao.uid, ps.startdate, ps.enddate, ps.year, ps.iso, ou.organisationunituid,
  ou.level, de.uid || '-' || ps.iso || '-' || ou.organisationunituid || '-' || co.uid || '-'
  || ao.uid, de.degroupset1, ou.ougroupset1, co.category1, ou.uidlevel1, ou.uidlevel2,
  ou.uidlevel3, {kinds}, ao.approvallevel, cast(dv.value AS double precision) * ps.days, ps.days,
  cast(dv.value AS double precision), NULL
FROM datavalue dv
JOIN analytics_rs_periodstructure ps ON dv.periodid = ps.periodid
JOIN dataelement de ON dv.dataelementid = de.dataelementid
JOIN analytics_rs_orgunitstructure ou ON dv.sourceid = ou.organisationunitid
JOIN categoryoptioncombo co ON dv.categoryoptioncomboid = co.categoryoptioncomboid
JOIN categoryoptioncombo ao ON dv.attributeoptioncomboid = ao.categoryoptioncomboid
WHERE ps.year = {year} AND dv.value IS NOT NULL AND dv.deleted = false
  AND dv.value ~ '^(-?[0-9]+)(\\.[0-9]+)?$' AND dv.lastupdated >= %s
"""
