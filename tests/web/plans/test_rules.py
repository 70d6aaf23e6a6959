"""Decisions as pure functions."""

from __future__ import annotations

import doctest
from datetime import date

import pytest

from namro.web.plans import entry, rules
from tests.web.plans.sample import SEED


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(rules).failed == 0


@pytest.mark.parametrize(
    ("title", "issued", "term"),
    [
        ("… trong tháng 6/2025 và 06 tháng cuối năm 2025", "2025-06", ("2025-06-01", "2025-12-31")),
        ("Kế hoạch chuyển đổi số năm 2026", "", ("2026-01-01", "2026-12-31")),
        ("Kế hoạch năm 2026", "2025-12-20", ("2025-12-20", "2026-12-31")),
        ("… giai đoạn 2025 - 2030", "2025-03-02", ("2025-03-02", "2030-12-31")),
        ("… quý III/2025", "", ("2025-07-01", "2025-09-30")),
        ("… theo Công văn ngày 03/6/2025", "", (None, None)),
        ("Kế hoạch triển khai", "2025-06-20", ("2025-06-20", None)),
        ("… tháng 13/2025", "", (None, None)),
    ],
)
def test_proposed_term_reads_the_period_of_the_title(title, issued, term):
    found = rules.proposed_term(title, issued)

    assert tuple(d.isoformat() if d else None for d in found) == term


def test_proposed_term_of_the_seed():
    title = next(
        p for p in SEED.read_text("utf-8").split("\n") if p.startswith("Thực hiện Kế hoạch")
    )

    assert rules.proposed_term(title, "2025-06") == (date(2025, 6, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Các đảng ủy trực thuộc Đảng ủy UBND tỉnh", "dang-uy-truc-thuoc"),
        ("các sở, ban, ngành", "so-nganh"),
        ("Các sở, ngành, địa phương", "so-nganh-xa-phuong"),
        ("UBND các xã, phường", "xa-phuong"),
        ("Ủy ban nhân dân cấp xã", "xa-phuong"),
        ("đảng ủy các xã, phường", "dang-uy-xa"),
        ("Sở Nội vụ", None),
        ("Ban Tổ chức Tỉnh ủy", None),
        ("Đảng ủy UBND tỉnh", None),
    ],
)
def test_collective_of_tells_groups_from_single_units(text, group):
    found = rules.collective_of(text)

    assert (found and found.key) == group


def test_numbered_codes_stay_unique_whatever_the_document_numbers():
    codes = rules.numbered_codes(["2", "", "", "2", "5", "5", ""])

    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("45", "45"), ("3,0", "3"), ("8.500", "8500"), ("", None), (0.65, "0.65"), (None, None)],
)
def test_number_is_exact(typed, value):
    assert entry.number(typed) == value


@pytest.mark.parametrize("typed", ["bốn", "1e9", "0,12345", "9" * 16, "9" * 5000])
def test_number_refuses(typed):
    with pytest.raises(ValueError, match=r"số|Số"):
        entry.number(typed)


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("30/6/2025", "2025-06-30"),
        ("2025-06-30", "2025-06-30"),
        ("6/2025", "2025-06"),
        ("tháng 6/2025", "2025-06"),
        ("năm 2025", "2025"),
        ("thường xuyên", "ongoing"),
        ("", None),
    ],
)
def test_moment_of_plan_reads_days_as_written(typed, iso):
    assert entry.moment_of_plan(typed) == iso
