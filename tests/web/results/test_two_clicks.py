"""From a figure to the records that were counted in two clicks, each of few questions.

The milliseconds are measured by `bench/explain.py`, on a machine that does nothing else.
"""

from __future__ import annotations

import pytest
from django.db import connection

from bench.explain import walk
from tests.effort import effort

pytestmark = pytest.mark.django_db

QUESTIONS, CALLS = 32, 120_000
"""At most, of a click and its share of the page before: to the database; calls of functions."""


def test_figure_leads_to_its_records_in_two_clicks(filled, enter):
    client, asked, walked = enter("dieuphoi"), [], []

    def noted(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    walk(client)  # what a worker does once: templates, library, store
    with connection.execute_wrapper(noted):
        calls = effort(lambda: walked.extend(walk(client)))

    first, second, ends = walked
    clicks = len(first) + len(second)
    assert ends["records"] >= 1 and len(first) >= 3
    assert len(asked) / clicks <= QUESTIONS
    assert calls / clicks <= CALLS
