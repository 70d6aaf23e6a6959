"""From a figure to the records that were counted in two clicks, and none of them slow."""

from __future__ import annotations

import statistics

import pytest

from bench.explain import CLICK_MS, walk

pytestmark = pytest.mark.django_db


def test_figure_leads_to_its_records_in_two_clicks(filled, enter):
    client = enter("dieuphoi")
    walk(client)  # what a worker does once: templates, library, store

    first, second, ends = walk(client)

    assert ends["records"] >= 1 and len(first) >= 3
    assert statistics.median(first) <= CLICK_MS and statistics.median(second) <= CLICK_MS
