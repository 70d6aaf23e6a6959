import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from namro.terms import Comparator, Threshold
from namro.vietnamese import parse_number
from namro.writing.sentences import Outcome, achieved, against, milestone_phrase, sentence

D = Decimal


def percent(comparator: Comparator = Comparator.AT_LEAST, value: str = "80", **more) -> Threshold:
    return Threshold(comparator, D(value), unit_of_measure="%", **more)


def trained(numerator: int = 1035, denominator: int = 1440, **more) -> Outcome:
    return Outcome(
        "cán bộ được bồi dưỡng", percent(), numerator=D(numerator), denominator=D(denominator),
        counted="người", **more,
    )  # fmt: skip


def test_ratio_below_its_target_with_change_and_reporters() -> None:
    outcome = trained(
        heard=36, expected=38, reporters="xã, phường", previous=D("68.7"),
        previous_label="tháng 8/2025",
    )  # fmt: skip
    assert sentence(outcome) == (
        "Cán bộ được bồi dưỡng đạt 71,9% (1.035/1.440 người), thấp hơn chỉ tiêu 8,1 điểm phần "
        "trăm; tăng 3,2 điểm phần trăm so với tháng 8/2025; 36/38 xã, phường đã báo cáo."
    )


def test_note_on_the_reporters_closes_the_sentence() -> None:
    note = "2 đơn vị chưa báo cáo kỳ này, tạm tính theo số kỳ trước còn hiệu lực"
    assert sentence(trained(heard=36, expected=38, note=note)).endswith(
        f"; 36/38 đơn vị đã báo cáo; {note}."
    )


def test_ratio_above_its_target() -> None:
    said = sentence(trained(1200, heard=38, expected=38, reporters="xã, phường"))
    assert said == (
        "Cán bộ được bồi dưỡng đạt 83,3% (1.200/1.440 người), vượt chỉ tiêu 3,3 điểm phần trăm; "
        "toàn bộ 38 xã, phường đã báo cáo."
    )


def test_ratio_just_at_its_target_is_written_whole() -> None:
    assert (
        sentence(trained(8, 10))
        == "Cán bộ được bồi dưỡng đạt 80% (8/10 người), bằng chỉ tiêu đề ra."
    )


def test_near_miss_is_never_rounded_into_a_hit() -> None:
    assert sentence(trained(79_996, 100_000)) == (
        "Cán bộ được bồi dưỡng đạt 79,996% (79.996/100.000 người), thấp hơn chỉ tiêu 0,004 "
        "điểm phần trăm."
    )


def test_no_data_is_said_never_nought() -> None:
    outcome = Outcome("hồ sơ trực tuyến", percent(), heard=0, expected=38, reporters="xã, phường")
    assert sentence(outcome) == (
        "Hồ sơ trực tuyến chưa có số liệu; chưa xã, phường nào trong 38 xã, phường báo cáo."
    )
    assert sentence(trained(0, 0)) == "Cán bộ được bồi dưỡng chưa có số liệu."
    assert "đạt 0% (0/5 người)" in sentence(trained(0, 5))


def test_index_is_compared_in_its_own_unit() -> None:
    bar = Threshold(Comparator.AT_LEAST, D("0.7"), unit_of_measure="điểm")
    outcome = Outcome("chỉ số chuyển đổi số", bar, D("0.65"), digits=2, previous=D("0.65"))
    assert sentence(outcome) == (
        "Chỉ số chuyển đổi số đạt 0,65 điểm, thấp hơn chỉ tiêu 0,05 điểm; không thay đổi so với kỳ "
        "trước."
    )


def test_soft_target_is_said_to_be_judged_apart() -> None:
    outcome = Outcome("kinh tế số", percent(value="20", soft=True), D("18.5"))
    assert sentence(outcome) == (
        "Kinh tế số đạt 18,5%, thấp hơn mức phấn đấu 1,5 điểm phần trăm (mục tiêu phấn đấu, "
        "đánh giá riêng)."
    )


@pytest.mark.parametrize(
    ("threshold", "value", "said"),
    [
        (percent(Comparator.MORE_THAN), "80", "bằng chỉ tiêu nhưng chưa vượt"),
        (percent(Comparator.EQUAL), "81", "vượt chỉ tiêu 1 điểm phần trăm"),
        (percent(Comparator.EQUAL, "5", falling=True), "4.5", "trong giới hạn chỉ tiêu (5%)"),
        (percent(Comparator.AT_MOST, "5"), "5", "trong giới hạn chỉ tiêu (5%)"),
        (percent(Comparator.AT_MOST, "5"), "6.25", "cao hơn chỉ tiêu 1,3 điểm phần trăm"),
        (percent(Comparator.LESS_THAN, "5"), "5",
         "bằng mức 5%, chưa thấp hơn mức này như chỉ tiêu"),
        (percent(Comparator.RANGE, "10", value_high=D(15)), "12",
         "nằm trong khoảng chỉ tiêu (10 đến 15%)"),
        (percent(Comparator.RANGE, "10", value_high=D(15)), "9",
         "thấp hơn mức dưới của chỉ tiêu 1 điểm phần trăm"),
        (percent(Comparator.RANGE, "10", value_high=D(15)), "15.5",
         "cao hơn mức trên của chỉ tiêu 0,5 điểm phần trăm"),
    ],
)  # fmt: skip
def test_every_comparator_has_its_words(threshold: Threshold, value: str, said: str) -> None:
    assert against(Outcome("chỉ tiêu", threshold, D(value))) == said


@pytest.mark.parametrize(
    ("reached_on", "deadline_on", "as_of", "said"),
    [
        (date(2025, 8, 12), date(2025, 8, 31), None,
         "hoàn thành ngày 12/8/2025, trước thời hạn 19 ngày"),
        (date(2025, 9, 3), date(2025, 8, 31), None, "hoàn thành ngày 03/9/2025, chậm 3 ngày"),
        (date(2025, 8, 31), date(2025, 8, 31), None, "hoàn thành ngày 31/8/2025, đúng thời hạn"),
        (date(2025, 8, 31), None, None, "hoàn thành ngày 31/8/2025"),
        (None, date(2025, 8, 31), date(2025, 9, 8),
         "chưa hoàn thành, quá hạn 8 ngày (thời hạn 31/8/2025)"),
        (None, date(2025, 8, 31), date(2025, 8, 21),
         "chưa hoàn thành, còn 10 ngày (thời hạn 31/8/2025)"),
        (None, None, date(2025, 8, 21), "chưa hoàn thành"),
    ],
)  # fmt: skip
def test_milestone_says_when_and_how_late(reached_on, deadline_on, as_of, said: str) -> None:
    assert milestone_phrase(reached_on, deadline_on, as_of) == said
    outcome = Outcome(
        "trung tâm giám sát", Threshold(Comparator.MILESTONE), reached_on=reached_on,
        deadline_on=deadline_on, as_of=as_of,
    )  # fmt: skip
    assert sentence(outcome) == f"Trung tâm giám sát {said}."


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 10**4))
def test_words_agree_with_exact_arithmetic(numerator: int, denominator: int, bar: int) -> None:
    bar_percent = D(bar) / 100
    outcome = Outcome(
        "tỷ lệ", percent(value=str(bar_percent)), numerator=D(numerator), denominator=D(denominator)
    )
    exact = Fraction(numerator * 100, denominator)
    said = against(outcome)
    assert said.startswith("vượt") == (exact > Fraction(bar_percent))
    assert said.startswith("thấp hơn") == (exact < Fraction(bar_percent))
    assert not re.search(r" 0(,0+)? điểm", said)


@given(st.integers(0, 10**5), st.integers(1, 10**5), st.integers(0, 10**4))
def test_a_reader_who_subtracts_gets_the_same(numerator: int, denominator: int, bar: int) -> None:
    outcome = Outcome("tỷ lệ", percent(value=str(D(bar) / 100)), numerator=D(numerator),
                      denominator=D(denominator))  # fmt: skip
    found = re.search(r"(?:vượt|thấp hơn) chỉ tiêu (\S+) điểm", against(outcome))
    if found:
        shown = parse_number(achieved(outcome).split()[1].rstrip("%"))
        assert abs(shown - D(bar) / 100) == parse_number(found[1])
