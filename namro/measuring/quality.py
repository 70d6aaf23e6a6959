"""Doubts about a value (điểm nghi vấn): what a careful reader would ask the unit about.

A doubt changes nothing: the value stands until somebody explains it, corrects it or accepts it.
Each check is a rule with a number, so that a person can check it by hand:

- LIMIT, PART: outside the element's limits; a part larger than its whole;
- JUMP: modified z-score |0.6745 × (value − median) ÷ MAD| over 3.5, of the values of the last 12
  periods, at least five of them (Iglewicz and Hoaglin 1993); where MAD is 0, by the mean absolute
  deviation; a step of less than three of the last digit, or of a fifth of the median, is none;
- COPY: a flow equal to the two periods before, to the last digit, and not nought;
- ROUND: so many multiples of ten that chance would give them less than once in a thousand;
- RECORDS: differs by more than 5% from what the unit's own records count;
- PEERS: a share of the whole that lies far from and apart of those of like units (`peers.py`).

Everything but the words and the shares is reckoned in whole numbers, ten-thousandths, as the ledger
keeps them: exactly, and some millionths of a second a value, since each approval waits for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import comb
from typing import Literal

from namro.measuring.kinds import Element
from namro.measuring.peers import usual_share
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

CHECK_MEANINGS: Mapping[Check, str] = {
    "LIMIT": "Con số nhỏ hơn mức thấp nhất hoặc lớn hơn mức cao nhất mà số liệu này có thể có.",
    "PART": "Con số của một phần (ví dụ số người đã được bồi dưỡng) lớn hơn con số của tổng "
    "(số người có mặt) cùng kỳ.",
    "JUMP": "Con số cách xa mức đơn vị vẫn báo trong 12 kỳ gần nhất, xa hơn hẳn mức dao động "
    "quen thuộc của chính đơn vị. Chỉ hỏi khi đã có ít nhất 5 kỳ và chênh từ một phần năm trở lên.",
    "COPY": "Số phát sinh trong kỳ trùng khít với hai kỳ liền trước. Có thể đúng, nhưng cũng có "
    "thể là chép lại báo cáo cũ.",
    "ROUND": "Trong các số gần đây có quá nhiều số tròn chục; đếm thật thì chỉ khoảng một phần "
    "mười số là tròn chục, nên có thể là số ước lượng.",
    "RECORDS": "Con số báo cáo khác quá 5% so với số hồ sơ mà hệ thống đếm được của chính đơn vị.",
    "PEERS": "Tỷ lệ của đơn vị đứng tách hẳn khỏi mọi đơn vị cùng loại trong cùng kỳ: xa mức "
    "thường gặp, xa hơn cả đơn vị xa nhất còn lại, và lệch từ 10 điểm phần trăm. Cần ít nhất 8 "
    "đơn vị để so.",
}
"""What each check asks about, in plain words, for who must answer."""

HISTORY, ENOUGH = 12, 5
RARE, _FEWEST = 0.001, 3
PLACES = 4
ONE = 10**PLACES
"""A value is kept as so many parts of one: see `frame/exact.py`, `measuring/schema.py`."""
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
    units of the same period. Dates and marks have none. Values have at most four decimals.
    """
    return scaled_doubts(
        element,
        int(value * ONE),
        before=[int(v * ONE) for v in before],
        whole=None if whole is None else int(whole * ONE),
        recorded=None if recorded is None else int(recorded * ONE),
        peers=peers,
    )


def scaled_doubts(
    element: Element,
    value: int,
    *,
    before: Sequence[int] = (),
    whole: int | None = None,
    recorded: int | None = None,
    peers: Sequence[tuple[Decimal, Decimal]] = (),
) -> list[Doubt]:
    """The same of ten-thousandths."""
    if element.kind != "number":
        return []
    past = before[-HISTORY:]
    found = [
        _limits(element, value),
        _part(value, whole),
        _jump(element, value, past),
        _copied(element, value, past),
        _rounded([*past, value]),
        _recorded(value, recorded),
        _unlike(value, whole, peers) if peers else None,
    ]
    return [doubt for doubt in found if doubt]


def _said(scaled: int) -> str:
    return format_number(Decimal(scaled) / ONE)


def _limits(element: Element, value: int) -> Doubt | None:
    low, high = element.minimum, element.maximum
    if low is not None and value < low * ONE:
        return Doubt("LIMIT", f"Nhỏ hơn mức thấp nhất {format_number(low)}.")
    if high is not None and value > high * ONE:
        return Doubt("LIMIT", f"Lớn hơn mức cao nhất {format_number(high)}.")
    return None


def _part(value: int, whole: int | None) -> Doubt | None:
    if whole is None or value <= whole:
        return None
    return Doubt("PART", f"{_said(value)} lớn hơn tổng {_said(whole)}.")


def _doubled_median(ordered: Sequence[int]) -> int:
    """Twice the median of ordered numbers, so that it is whole."""
    n = len(ordered)
    return ordered[(n - 1) // 2] + ordered[n // 2]


def _jump(element: Element, value: int, past: Sequence[int]) -> Doubt | None:
    if len(past) < ENOUGH:
        return None
    usual = _doubled_median(sorted(past))
    step = abs(2 * value - usual)
    if step < 6 * 10 ** (PLACES - element.digits) or 5 * step < abs(usual):
        return None
    if not _is_far(step, usual, past):
        return None
    return Doubt(
        "JUMP",
        f"{_said(value)} lệch nhiều so với mức thường báo "
        f"{format_number(Decimal(usual) / (2 * ONE))} của {len(past)} kỳ trước.",
    )


def _is_far(step: int, usual: int, past: Sequence[int]) -> bool:
    """Whether the modified z-score is over 3.5: exact, in whole numbers. `step`: twice the distance
    from the median, `usual`: twice the median."""
    away = sorted([abs(2 * other - usual) for other in past])
    if spread := _doubled_median(away):
        return 6745 * 2 * step > 35_000 * spread
    if away[-1]:
        return 1_000_000 * len(past) * step > 4_386_599 * sum(away)  # 3.5 × 1.253314
    # Always the same until now: there is no spread to measure by.
    return 2 * step > abs(usual)


def _copied(element: Element, value: int, past: Sequence[int]) -> Doubt | None:
    if element.time != "flow" or not value or len(past) < 2:
        return None
    if past[-1] != value or past[-2] != value:
        return None
    return Doubt("COPY", f"Ba kỳ liền cùng báo {_said(value)}; hãy hỏi có phải chép lại.")


def _rounded(values: Sequence[int]) -> Doubt | None:
    tens = [v for v in values if not v % (10 * ONE) and abs(v) >= 20 * ONE]
    if len(tens) < _FEWEST:
        return None
    large = [v for v in values if not v % ONE and abs(v) >= 20 * ONE]
    if len(set(large)) < 3 or _by_chance(len(tens), len(large)) >= RARE:
        return None
    return Doubt(
        "ROUND",
        f"{len(tens)} trong {len(large)} số gần đây là số tròn chục; có thể là số ước lượng.",
    )


@lru_cache
def _by_chance(tens: int, n: int) -> float:
    """How likely it is that of n numbers so many or more end in nought."""
    return sum(comb(n, k) * 0.1**k * 0.9 ** (n - k) for k in range(tens, n + 1))


def _recorded(value: int, recorded: int | None) -> Doubt | None:
    if recorded is None or abs(value - recorded) <= TOLERANCE * max(abs(value), abs(recorded)):
        return None
    return Doubt("RECORDS", f"Báo cáo {_said(value)}, dữ liệu hồ sơ đếm được {_said(recorded)}.")


def _unlike(
    value: int, whole: int | None, peers: Sequence[tuple[Decimal, Decimal]]
) -> Doubt | None:
    if not whole or not 0 <= value <= whole:  # a part above its whole is asked about as such
        return None
    others = [(float(part), float(total)) for part, total in peers]
    usual = usual_share(value / ONE, whole / ONE, others)
    if usual is None:
        return None
    share = format_number(round(Decimal(value) / whole * 100, 1))
    return Doubt(
        "PEERS",
        f"Bằng {share}% của tổng, trong khi {len(others)} đơn vị cùng loại thường khoảng "
        f"{format_number(round(Decimal(usual) * 100, 1))}% và không đơn vị nào xa như vậy.",
    )
