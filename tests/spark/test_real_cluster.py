"""The same statements on a real Apache Spark standalone cluster, from a store of Parquet files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from namro.measuring import measure, open_store
from tests.spark.cluster import cluster, executors, java
from tests.spec.test_store import CADRES, JULY, LIBRARY, ONLINE, SEPTEMBER, store

__all__ = ["store"]  # the fixture


@pytest.mark.slow
@pytest.mark.skipif(
    java() is None and not os.environ.get("CI"),
    reason="needs Java: sudo apt-get install openjdk-17-jre-headless",
)
def test_cluster_of_two_workers_tells_what_duckdb_tells(store: Path, tmp_path: Path) -> None:
    asked = [(CADRES, SEPTEMBER), (ONLINE, JULY)]
    folder = tmp_path / "cluster"
    folder.mkdir()

    def told(engine: str, url: str | None = None) -> list[object]:
        with open_store(store, engine, cluster=url) as tables:
            return [measure([LIBRARY.measures[m]], tables, period=p) for m, p in asked]

    with cluster(folder) as url:
        on_cluster = told("spark", url)
        workers = executors(folder)

    assert on_cluster == told("duckdb") and all(on_cluster)
    assert workers == {"worker-1", "worker-2"}
