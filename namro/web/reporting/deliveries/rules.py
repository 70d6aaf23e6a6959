"""How far a delivery is, and what became of each form in it."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID, uuid5

_OURS = UUID("6f1b0c3e-64a5-4c0e-9f7e-5d1f1a0f7b21")


class DeliveryState(StrEnum):
    """How far a delivery is (tình trạng lần nạp)."""

    WAITING = "WAITING"
    CHECKING = "CHECKING"
    DONE = "DONE"


DELIVERY_LABELS = {
    DeliveryState.WAITING: "Chờ kiểm tra",
    DeliveryState.CHECKING: "Đang kiểm tra",
    DeliveryState.DONE: "Đã xong",
}


class FormOutcome(StrEnum):
    """What became of a form in a delivery (kết quả nạp biểu)."""

    TAKEN = "TAKEN"
    CONFLICT = "CONFLICT"
    UNCHANGED = "UNCHANGED"
    REFUSED = "REFUSED"
    WITHHELD = "WITHHELD"
    OTHER = "OTHER"

    @property
    def label(self) -> str:
        return OUTCOME_LABELS[self]


OUTCOME_LABELS = {
    FormOutcome.TAKEN: "Đã nạp",
    FormOutcome.CONFLICT: "Đã nạp, có ô chờ chọn",
    FormOutcome.UNCHANGED: "Không có gì mới",
    FormOutcome.REFUSED: "Bị từ chối",
    FormOutcome.WITHHELD: "Chưa nạp, vì biểu khác trong tệp có lỗi",
    FormOutcome.OTHER: "Không phải biểu Excel, đã bỏ qua",
}
SOUND = (FormOutcome.TAKEN, FormOutcome.CONFLICT, FormOutcome.UNCHANGED)


def sending_id(sha256: str, duty_id: int) -> UUID:
    """The id under which a duty's form in a file is sent: the same file again is no new sending."""
    return uuid5(_OURS, f"{sha256}/{duty_id}")


def tab_name(words: str, taken: set[str], most: int = 31) -> str:
    """A name for a tab that Excel takes and no other tab bears; `taken` is added to."""
    plain = " ".join("".join(" " if c in "[]:*?/\\'!" else c for c in words).split())[:most].strip()
    name, number = plain or "Biểu", 1
    while name.casefold() in taken:
        number += 1
        mark = f" ({number})"
        name = f"{plain[: most - len(mark)].strip()}{mark}"
    taken.add(name.casefold())
    return name
