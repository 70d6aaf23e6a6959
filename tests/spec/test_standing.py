"""Results against thresholds: exact, on the day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from namro.measuring import Parts, Result, assemble, explain_standing, judge, load, shown, steps
from namro.terms import Comparator, Period, Standing, Threshold

LIBRARY = load()
START, END = date(2025, 7, 1), date(2025, 12, 31)
HALFWAY = date(2025, 9, 30)  # 91 of 183 days


def result(
    above: int | str,
    below: int | str,
    slug: str = "nq57.commune-cadres-trained",
    heard: int = 1,
) -> Result:
    parts = {slug: Parts(Decimal(above), Decimal(below), 1, heard)}
    measure = LIBRARY.measures[slug]
    return assemble(measure, parts, expected=1, unit="p", period=Period.of("202509"))


def least(value: str, comparator: Comparator = Comparator.AT_LEAST, **more: object) -> Threshold:
    return Threshold(comparator, Decimal(value), unit_of_measure="%", **more)  # type: ignore[arg-type]


def standing(told: Result, threshold: Threshold, on: date, **more: Decimal) -> Standing:
    return judge(told, threshold, on=on, deadline=END, started_on=START, **more)


@pytest.mark.parametrize(
    ("above", "below", "threshold", "reached"),
    [
        (70, 100, least("70"), True),
        (69996, 100000, least("70"), False),
        (2, 3, least("66.6667"), False),
        (70, 100, least("70", Comparator.MORE_THAN), False),
        (70, 100, least("70", Comparator.EQUAL), True),
        (71, 100, least("70", Comparator.EQUAL), True),
        (71, 100, least("70", Comparator.EQUAL, falling=True), False),
        (70, 100, least("70", Comparator.AT_MOST), True),
        (70, 100, least("70", Comparator.LESS_THAN), False),
        (65, 100, least("60", Comparator.RANGE, value_high=Decimal(70)), True),
        (71, 100, least("60", Comparator.RANGE, value_high=Decimal(70)), False),
        (59, 100, least("60", Comparator.RANGE, value_high=Decimal(70)), False),
    ],
)
def test_reached_is_judged_on_exact_parts(
    above: int, below: int, threshold: Threshold, reached: bool
) -> None:
    told = standing(result(above, below), threshold, on=date(2026, 1, 1))

    assert told is (Standing.REACHED if reached else Standing.NOT_REACHED)


@pytest.mark.parametrize(
    ("above", "on", "wanted"),
    [
        (80, START, Standing.REACHED),
        (0, START, Standing.ON_COURSE),
        (39, HALFWAY, Standing.BEHIND),
        (40, HALFWAY, Standing.ON_COURSE),
        (79, END, Standing.BEHIND),
        (79, date(2026, 1, 1), Standing.NOT_REACHED),
        (80, date(2026, 1, 1), Standing.REACHED),
    ],
)
def test_course_is_the_straight_line_from_start_to_deadline(
    above: int, on: date, wanted: Standing
) -> None:
    assert standing(result(above, 100), least("80"), on) is wanted


def test_course_starts_at_the_baseline() -> None:
    low, high = result(65, 100), result(70, 100)

    told = [standing(r, least("80"), HALFWAY, baseline=Decimal(60)) for r in (low, high)]

    assert told == [Standing.BEHIND, Standing.ON_COURSE]


def test_falling_threshold_comes_down_from_its_baseline() -> None:
    threshold = least("10", Comparator.AT_MOST)

    assert standing(result(20, 100), threshold, HALFWAY, baseline=Decimal(30)) is Standing.ON_COURSE
    assert standing(result(21, 100), threshold, HALFWAY, baseline=Decimal(30)) is Standing.BEHIND
    assert standing(result(20, 100), threshold, HALFWAY) is Standing.BEHIND


def test_without_a_deadline_there_is_no_course() -> None:
    told = judge(result(79, 100), least("80"), on=HALFWAY, deadline=None, started_on=START)

    assert told is Standing.NOT_REACHED


def test_nothing_heard_is_no_data_and_not_a_failure() -> None:
    empty = assemble(
        LIBRARY.measures["nq57.commune-cadres-trained"],
        {},
        expected=38,
        unit="p",
        period=Period.of("202509"),
    )

    assert standing(empty, least("80"), date(2026, 1, 1)) is Standing.NO_DATA
    assert "0/38" in explain_standing(
        empty, least("80"), on=HALFWAY, deadline=END, started_on=START
    )


def test_milestone_is_on_course_until_its_deadline() -> None:
    slug, threshold = "nq57.security-centre", Threshold(Comparator.MILESTONE)
    measure = LIBRARY.measures[slug]

    def told(watched: int, on: date) -> Standing:
        parts = {
            f"{slug}/watch/centre": Parts(Decimal(1), Decimal(1), 1, 1),
            f"{slug}/coverage": Parts(Decimal(watched), Decimal(20), 1, 1),
        }
        got = assemble(measure, parts, expected=1, unit="p", period=Period.of("202509"))
        return standing(got, threshold, on)

    assert told(20, HALFWAY) is Standing.REACHED
    assert told(19, HALFWAY) is Standing.ON_COURSE
    assert told(19, date(2026, 1, 1)) is Standing.NOT_REACHED


def test_threshold_without_its_value_is_refused() -> None:
    with pytest.raises(ValueError, match="chưa có mức phải đạt"):
        standing(result(1, 2), Threshold(Comparator.AT_LEAST), HALFWAY)


@pytest.mark.parametrize(
    ("above", "below", "text"),
    [
        (1035, 1440, "71,9%"),
        (69996, 100000, "69,996%"),
        (6996, 10000, "69,96%"),
        (700, 1000, "70,0%"),
        (70004, 100000, "70,0%"),
    ],
)
def test_shown_figure_never_seems_to_reach_what_it_misses(
    above: int, below: int, text: str
) -> None:
    assert shown(result(above, below), least("70")) == text


def test_steps_show_the_division() -> None:
    assert steps(result(1035, 1440)) == ["1.035 / 1.440 người = 71,9%", "Đã báo cáo: 1/1 đơn vị"]


def test_steps_say_who_is_only_carried_forward() -> None:
    assert steps(result(1035, 1440, heard=0))[-1] == (
        "Đã báo cáo: 0/1 đơn vị; 1 đơn vị chưa báo cáo kỳ này, "
        "tạm tính theo số kỳ trước còn hiệu lực"
    )


def test_steps_of_a_combined_measure_show_each_part() -> None:
    slug = "nq57.dossiers-digitised"
    parts = {
        f"{slug}/dossiers": Parts(Decimal(4), Decimal(5), 2, 2),
        f"{slug}/results": Parts(Decimal(3), Decimal(4), 2, 2),
    }
    told = assemble(LIBRARY.measures[slug], parts, expected=2, unit="p", period=Period.of("202507"))

    assert steps(told) == [
        "Tỷ lệ hồ sơ được số hóa khi tiếp nhận: 4 / 5 hồ sơ = 80,0%",
        "Tỷ lệ hồ sơ đã giải quyết có kết quả điện tử: 3 / 4 hồ sơ = 75,0%",
        "Lấy số nhỏ nhất trong các mục trên: 75,0%",
        "Lũy kế 7 tháng: từ 15/12/2024 đến 14/7/2025",
        "Đã báo cáo: 2/2 đơn vị",
    ]


@pytest.mark.parametrize(
    ("above", "on", "told"),
    [
        (85, HALFWAY, "Đạt: kết quả bảo đảm mức từ 80% trở lên (hạn 31/12/2025)."),
        (
            39,
            HALFWAY,
            "Chậm: tính tiến độ đều từ 0,0 đến mức từ 80% trở lên (hạn 31/12/2025), "
            "đến 30/9/2025 phải ở mức 39,8%; kết quả chưa theo kịp.",
        ),
        (
            79,
            date(2026, 1, 1),
            "Chưa đạt: đã hết hạn (hạn 31/12/2025) mà kết quả chưa bảo đảm mức từ 80% trở lên.",
        ),
    ],
)
def test_standing_is_explained_in_one_sentence(above: int, on: date, told: str) -> None:
    said = explain_standing(result(above, 100), least("80"), on=on, deadline=END, started_on=START)

    assert said == told


def test_results_are_exact_fractions() -> None:
    assert result(1, 3).value == Fraction(100, 3)
