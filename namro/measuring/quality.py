"""Doubts about a value (điểm nghi vấn): what a careful reader would ask the unit about.

A doubt changes nothing: the value stands until somebody explains it, corrects it or accepts it.
Each check is a rule with a number, so that a person can check it by hand:

- LIMIT, PART: outside the element's limits; a part larger than its whole;
- JUMP: modified z-score |0.6745 × (value − median) ÷ MAD| over 3.5, of the last 12 values, at least
  five of them (Iglewicz and Hoaglin 1993); where MAD is 0, by the mean absolute deviation; a step
  of less than three of the last digit, or less than a fifth of the median, is none;
- COPY: a flow equal to the two periods before, to the last digit, and not nought;
- ROUND: so many multiples of ten that chance would give them less than once in a thousand;
- RECORDS: differs by more than 5% from what the unit's own records count;
- PEERS: a share of the whole whose modified z-score among like units is over 3.5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import comb
from statistics import mean, median
from typing import Literal

from namro.measuring.kinds import Element
from namro.vietnamese import format_number

Check = Literal["LIMIT", "PART", "JUMP", "COPY", "ROUND", "RECORDS", "PEERS"]

CHECK_LABELS: Mapping[Check, str] = {
    "LIMIT": "Ngoài giới hạn",
    "PART": "Phần lớn hơn tổng",
    "JUMP": "Tăng, giảm bất thường",
    "COPY": "Lặp lại số kỳ trước",
    "ROUND": "Thường ghi số tròn",
    "RECORDS": "Khác dữ liệu hồ sơ",
    "PEERS": "Khác hẳn đơn vị cùng loại",
}

HISTORY, ENOUGH, FAR = 12, 5, 3.5
TOLERANCE = Decimal("0.05")


@dataclass(frozen=True)
class Doubt:
    """One doubt about a value: which check, and why in one Vietnamese sentence."""

    check: Check
    why: str


def doubts(
    element: Element,
    value: Decimal,
    *,
    before: Sequence[Decimal] = (),
    whole: Decimal | None = None,
    recorded: Decimal | None = None,
    peers: Sequence[tuple[Decimal, Decimal]] = (),
) -> list[Doubt]:
    """The doubts about a value.

    `before`: the unit's earlier values of the element, oldest first. `whole`: what it is a part of,
    of the same period. `recorded`: what the unit's records count. `peers`: (part, whole) of like
    units of the same period. Dates have none.
    """
    if element.kind == "date":
        return []
    past = list(before)[-HISTORY:]
    found = [
        _limits(element, value),
        _part(value, whole),
        _jump(element, value, past),
        _copied(element, value, past),
        _rounded([*past, value]),
        _recorded(value, recorded),
        _unlike(value, whole, peers),
    ]
    return [doubt for doubt in found if doubt]


def z_score(value: Decimal, others: Sequence[Decimal]) -> float | None:
    """The modified z-score of a value against others; None where they are too few or all alike."""
    if len(others) < ENOUGH:
        return None
    middle = median(others)
    away = [abs(other - middle) for other in others]
    spread = float(median(away))
    if spread:
        return 0.6745 * float(value - middle) / spread
    spread = float(mean(away))
    return float(value - middle) / (1.253314 * spread) if spread else None


def _limits(element: Element, value: Decimal) -> Doubt | None:
    if element.minimum is not None and value < element.minimum:
        return Doubt("LIMIT", f"Nhỏ hơn mức thấp nhất {format_number(element.minimum)}.")
    if element.maximum is not None and value > element.maximum:
        return Doubt("LIMIT", f"Lớn hơn mức cao nhất {format_number(element.maximum)}.")
    return None


def _part(value: Decimal, whole: Decimal | None) -> Doubt | None:
    if whole is None or value <= whole:
        return None
    return Doubt("PART", f"{format_number(value)} lớn hơn tổng {format_number(whole)}.")


def _jump(element: Element, value: Decimal, past: Sequence[Decimal]) -> Doubt | None:
    score = z_score(value, past)
    usual = median(past) if past else None
    least = Decimal(3).scaleb(-element.digits)
    if usual is not None and abs(value - usual) < max(least, abs(usual) / 5):
        return None
    if score is None and len(past) >= ENOUGH and usual is not None and value != usual:
        # Always the same until now: there is no spread to measure by.
        if abs(value - usual) * 2 <= abs(usual):
            return None
    elif score is None or abs(score) <= FAR or usual is None:
        return None
    return Doubt(
        "JUMP",
        f"{format_number(value)} lệch nhiều so với mức thường báo {format_number(usual)} "
        f"của {len(past)} kỳ trước.",
    )


def _copied(element: Element, value: Decimal, past: Sequence[Decimal]) -> Doubt | None:
    if element.time != "flow" or not value or len(past) < 2 or set(past[-2:]) != {value}:
        return None
    return Doubt("COPY", f"Ba kỳ liền cùng báo {format_number(value)}; hãy hỏi có phải chép lại.")


def _rounded(values: Sequence[Decimal]) -> Doubt | None:
    large = [v for v in values if abs(v) >= 20 and v == v.to_integral_value()]
    tens = sum(v % 10 == 0 for v in large)
    n = len(large)
    chance = sum(comb(n, k) * 0.1**k * 0.9 ** (n - k) for k in range(tens, n + 1))
    if len(set(large)) < 3 or not tens or chance >= 0.001:
        return None
    return Doubt("ROUND", f"{tens} trong {n} số gần đây là số tròn chục; có thể là số ước lượng.")


def _recorded(value: Decimal, recorded: Decimal | None) -> Doubt | None:
    if recorded is None or abs(value - recorded) <= TOLERANCE * max(abs(value), abs(recorded)):
        return None
    return Doubt(
        "RECORDS",
        f"Báo cáo {format_number(value)}, dữ liệu hồ sơ đếm được {format_number(recorded)}.",
    )


def _unlike(
    value: Decimal, whole: Decimal | None, peers: Sequence[tuple[Decimal, Decimal]]
) -> Doubt | None:
    if not whole:
        return None
    shares = [part / total * 100 for part, total in peers if total]
    share = value / whole * 100
    score = z_score(share, shares)
    if score is None or abs(score) <= FAR:
        return None
    usual = format_number(round(median(shares), 1))
    return Doubt(
        "PEERS",
        f"Bằng {format_number(round(share, 1))}% của tổng, trong khi các đơn vị cùng loại "
        f"thường là {usual}%.",
    )
