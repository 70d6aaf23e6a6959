"""A date that is not there yet is said by 0, and stays apart from a cell left blank."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal

import pytest

from namro.workbook.cells import parse_cell
from namro.workbook.layout import Row

ASKED = Row("security-centre-since", "Ngày hoạt động", "ngày", kind="date")


@pytest.mark.parametrize("raw", [0, 0.0, "0", datetime(1899, 12, 31), time(0, 0)])
def test_zero_in_a_date_cell_says_not_yet(raw):
    assert parse_cell(raw, ASKED) == (Decimal(0), [])


def test_blank_in_a_date_cell_says_nothing():
    assert parse_cell(None, ASKED) == (None, [])


def test_another_number_in_a_date_cell_is_refused():
    value, remarks = parse_cell(5, ASKED)
    assert value is None and remarks[0].code == "NOT_A_DATE"
