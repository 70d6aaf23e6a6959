"""The seed plan, read end to end: what it asks, and what is wrong in it."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from namro.reading import KnownUnit, ReadPlan, read_plan
from tests.reading.making import SEED

EXPECTED = Path(__file__).parent / "expected"


@pytest.fixture(scope="module")
def plan() -> ReadPlan:
    return read_plan(SEED)


def lasting(plan: ReadPlan) -> dict[str, Any]:
    """The plan as JSON without what changes from run to run."""
    found = plan.as_json()
    del found["read_with"]
    return found


def check_expected(name: str, plan: ReadPlan) -> None:
    path = EXPECTED / f"{name}.json"
    found = lasting(plan)
    if os.environ.get("MAKE_EXPECTED"):
        text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
        path.write_text(text, encoding="utf-8")
    assert found == json.loads(path.read_text(encoding="utf-8"))


def test_seed_reads_as_expected(plan):
    check_expected("seed", plan)


def test_seed_has_its_twenty_targets(plan):
    levels = [
        (t.comparator.value, float(t.value) if t.value is not None else None, t.unit)
        for t in plan.targets
    ]

    assert levels == [
        (">=", 45, "%"),
        (">=", 45, "%"),
        ("milestone", None, None),
        (">=", 3, "%"),
        (">=", 80, "%"),
        ("=", 100, "%"),
        ("=", 80, "%"),
        ("=", 80, "%"),
        (">=", 0.65, None),
        (">=", 70, "%"),
        (">=", 80, "%"),
        (">=", 70, "%"),
        (">=", 40, "%"),
        (">=", 50, "%"),
        (">=", 60, "%"),
        (">=", 30, "%"),
        (">=", 50, "%"),
        (">=", 60, "%"),
        ("=", 6.5, "% GRDP"),
        (">=", 25, "%"),
    ]
    assert [t.scope for t in plan.targets] == [None] * 19 + ["each unit"]
    assert {t.deadline for t in plan.targets} == {None}
    assert plan.targets[1].inner == "trên 01 Gbps/s"
    assert plan.targets[19].soft


def test_seed_hands_out_its_six_tasks(plan):
    units = [([m.text for m in t.lead], [m.text for m in t.cooperate]) for t in plan.tasks]

    assert units == [
        (
            ["Ban Tuyên giáo và Dân vận Đảng ủy UBND tỉnh"],
            ["Ban Tổ chức", "Ủy ban kiểm tra", "Văn phòng Đảng ủy UBND tỉnh"],
        ),
        (["Ủy Ban kiểm tra Đảng ủy UBND tỉnh"], []),
        (["Các đảng ủy trực thuộc Đảng ủy UBND tỉnh"], []),
        (["UBND tỉnh"], []),
        (["UBND tỉnh"], []),
        (["UBND tỉnh"], []),
    ]
    assert plan.tasks[0].quote.startswith("hướng dẫn các cấp ủy")


def test_seed_short_names_take_the_tail_of_the_last_one():
    known = [
        KnownUnit("p.org", "Ban Tổ chức Đảng ủy UBND tỉnh"),
        KnownUnit("p.check", "Ủy ban Kiểm tra Đảng ủy UBND tỉnh"),
        KnownUnit("p.office", "Văn phòng Đảng ủy UBND tỉnh"),
        KnownUnit("p.prop", "Ban Tuyên giáo và Dân vận Đảng ủy UBND tỉnh"),
        KnownUnit("org", "Ban Tổ chức"),
    ]

    plan = read_plan(SEED, known)

    first = plan.tasks[0]
    assert [m.code for m in first.lead] == ["p.prop"]
    assert [(m.code, m.inherited) for m in first.cooperate] == [
        ("p.org", True),
        ("p.check", True),
        ("p.office", False),
    ]
    assert next(m.text for m in first.cooperate) == "Ban Tổ chức"
    unknown = [f.quote for f in plan.faults if f.code == "UNKNOWN_UNIT"]
    assert unknown == ["UBND tỉnh"]  # the same words give one fault, whatever rests on them


def test_seed_head_is_read_and_blanks_stay_unknown(plan):
    head = plan.document

    assert head.kind == "Kế hoạch"
    assert head.number is None
    assert head.date == "2025-06"
    assert head.issuer == "Đảng ủy UBND tỉnh Lai Châu"
    assert head.signer_role == "T/M BAN THƯỜNG VỤ, PHÓ BÍ THƯ"
    assert [c.number for c in head.cites] == ["351-KH/TU", "57-NQ/TW"]
    assert len(head.recipients) == 6


def test_seed_faults_are_all_marked(plan):
    counts = Counter(f.code for f in plan.faults)

    assert counts == {
        "NUMBER_BLANK": 1,
        "DATE_BLANK": 1,
        "NO_DEADLINE": 1,
        "ITEM_UNNUMBERED": 3,
        "NUMBER_STYLE": 1,
        "APPENDIX_MISSING": 1,
        "UNIT_MISWRITTEN": 1,
        "LEADING_ZERO": 1,
        "DECIMAL_MARK": 1,
        "TYPING_SLIP": 2,
        "LATEX_REMNANT": 12,
        "SPELLING_VARIES": 2,
        "TARGET_HALF_UNMEASURED": 1,
        "SENTENCE_CUT": 1,
    }


def test_seed_faults_say_where_why_and_how_to_mend(plan):
    for fault in plan.faults:
        assert fault.message.strip() and fault.suggestion and fault.place is not None
        block = plan.blocks[fault.place.block]
        assert 0 <= fault.place.start < fault.place.end <= len(block.text)


@pytest.mark.parametrize(
    ("code", "quote", "meant"),
    [
        ("TYPING_SLIP", "Phân đầu", "Phấn đấu"),
        ("TYPING_SLIP", "trực liên thông dữ liệu", "trục liên thông dữ liệu"),
        ("UNIT_MISWRITTEN", "Gbps/s", "Gbps"),
        ("DECIMAL_MARK", "0.65", "0,65"),
        ("NUMBER_STYLE", "15.", "(15)."),
        ("SPELLING_VARIES", "Ủy Ban", "Ủy ban"),
        ("LATEX_REMNANT", "$\\geq 45\\%$", "≥ 45%"),
    ],
)
def test_seed_fault_suggests(plan, code, quote, meant):
    found = [f for f in plan.faults if f.code == code and f.quote == quote]

    assert found and meant in found[0].suggestion
    place = found[0].place
    assert plan.blocks[place.block].text[place.start : place.end] == quote


def test_seed_is_never_mended_silently(plan):
    text = " ".join(block.text for block in plan.blocks)

    for words in ("Phân đầu", "trực liên thông", "Gbps/s", "$\\geq 45\\%$", "0.65"):
        assert words in text


def test_quotes_are_the_words_at_their_place(plan):
    for found in (*plan.targets, *plan.tasks):
        place = found.place
        assert plan.blocks[place.block].text[place.start : place.end] == found.quote


def test_confidence_lies_between_nought_and_one(plan):
    for found in (*plan.targets, *plan.tasks):
        assert found.confidence and all(0 <= c <= 1 for c in found.confidence.values())


def test_seed_is_read_within_a_second():
    command = [sys.executable, "-m", "namro.reading", str(SEED), "--json", "-"]
    spent = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True, cwd=SEED.parents[1])
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    # Time of the processor, not of the wall: what else runs on the machine must not decide.
    assert min(spent) < 1.0
