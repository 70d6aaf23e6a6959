"""The words of a paper a person may write, its head, and the code it is verified with; pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

Form = Literal["party", "state"]
FORM_LABELS: dict[Form, str] = {
    "party": "Văn bản của Đảng",
    "state": "Văn bản hành chính nhà nước",
}

# The words between the figures: key → (title on the page, what to write there).
WORDS: dict[str, tuple[str, str]] = {
    "opening": ("Câu mở đầu", "Căn cứ lập báo cáo và câu dẫn."),
    "situation": (
        "I. Tình hình triển khai",
        "Việc quán triệt, ban hành văn bản chỉ đạo, phân công. Bỏ trống nếu không có.",
    ),
    "targets": ("II. Nhận xét về chỉ tiêu", "Bỏ trống nếu không có."),
    "tasks": ("III. Nhận xét về nhiệm vụ", "Bỏ trống nếu không có."),
    "causes": ("IV. Nguyên nhân", "Nguyên nhân khách quan, chủ quan. Bỏ trống nếu không có."),
    "directions": ("V. Phương hướng", "Nhiệm vụ, giải pháp kỳ tới. Bỏ trống nếu không có."),
}  # fmt: skip
_MOST_WORDS = 6_000  # characters of one editable part


class FaultyPaper(ValueError):
    """Something in the form must be mended; the message is Vietnamese and names the field."""


@dataclass(frozen=True)
class Head:
    """The head, the end and the recipients of a paper (thể thức), as a person may set them."""

    superior_body: str
    issuing_body: str
    symbol: str
    place: str
    title: str
    authority: str
    post: str
    signer: str
    recipients: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "recipients": list(self.recipients)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Head:
        return cls(**{**data, "recipients": tuple(data["recipients"])})


HEAD_LABELS = {
    "superior_body": "Cơ quan cấp trên",
    "issuing_body": "Cơ quan ban hành",
    "symbol": "Ký hiệu",
    "place": "Địa danh",
    "title": "Trích yếu",
    "authority": "Thẩm quyền ký",
    "post": "Chức vụ người ký",
    "signer": "Họ và tên người ký",
    "recipients": "Nơi nhận",
}
_MOST_HEAD = 300  # characters of one line of the head
_MOST_SIGNS = {"symbol": 40, "title": 1_000, "recipients": 4_000}
_REQUIRED = ("issuing_body", "symbol", "place", "title", "post")


def check_head(head: Head) -> None:
    """Raise FaultyPaper where the official form needs something that is not there."""
    for key in _REQUIRED:
        if not getattr(head, key).strip():
            raise FaultyPaper(f"Chưa ghi “{HEAD_LABELS[key]}”. Hãy điền rồi làm lại.")
    for key, label in HEAD_LABELS.items():
        most = _MOST_SIGNS.get(key, _MOST_HEAD)
        if len("\n".join(head.recipients) if key == "recipients" else getattr(head, key)) > most:
            raise FaultyPaper(f"Mục “{label}” dài hơn {most} ký tự. Hãy rút gọn rồi làm lại.")


def check_words(words: Mapping[str, str]) -> dict[str, str]:
    """The editable parts, tidied; raises FaultyPaper for one unknown or too long."""
    for key, text in words.items():
        if key not in WORDS:
            raise FaultyPaper("Báo cáo không có phần lời này; hãy tải lại trang.")
        if len(text) > _MOST_WORDS:
            raise FaultyPaper(
                f"Phần “{WORDS[key][0]}” dài hơn {_MOST_WORDS} ký tự. Hãy rút gọn rồi làm lại."
            )
    return {key: words.get(key, "").replace("\r\n", "\n").strip() for key in WORDS}


def check_days(issued_on: date, as_of: datetime, as_of_on: date, at: datetime, today: date) -> None:
    """A paper is dated on or after the day of its figures, and neither lies ahead."""
    if as_of > at:
        raise FaultyPaper("Thời điểm chốt số liệu chưa đến. Hãy chọn một thời điểm đã qua.")
    if issued_on > today:
        raise FaultyPaper("Ngày ban hành chưa đến. Hãy ghi ngày hôm nay hoặc một ngày đã qua.")
    if issued_on < as_of_on:
        raise FaultyPaper(
            "Ngày ban hành trước ngày chốt số liệu. Hãy sửa một trong hai ngày cho khớp."
        )


def tidy_number(text: str) -> str:
    """A number without leading zeros: "05" and "5" are printed alike, and are one number."""
    return text.strip().lstrip("0") or text.strip()


def check_number(number: str) -> None:
    """Digits, with a letter where two papers share one ("15a"); blank: filled in by hand."""
    if number and not re.fullmatch(r"(?!0+[^0-9]?$)[0-9]{1,6}[a-zA-ZđĐ]?", number):
        raise FaultyPaper(
            f"Số văn bản không đúng: “{number}”. Chỉ ghi số, ví dụ 15; ký hiệu ghi ở ô bên cạnh."
        )


def form_of(text: str) -> Form:
    for form in FORM_LABELS:
        if form == text:
            return form
    raise FaultyPaper("Chưa chọn thể thức văn bản: của Đảng hoặc hành chính nhà nước.")


def canonical(contents: Mapping[str, Any]) -> str:
    """The one way frozen contents are written out, so that their hash can be compared."""
    return json.dumps(contents, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(contents: Mapping[str, Any]) -> str:
    """SHA-256 of frozen contents."""
    return hashlib.sha256(canonical(contents).encode()).hexdigest()


_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O 1 I: the code is read from paper and typed


def code_from(random: bytes) -> str:
    """A verification code "AB3D-7KLM-9XYZ" of 60 bits from at least 12 random bytes."""
    signs = "".join(_SIGNS[b % 32] for b in random[:12])
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def tidy_code(text: str) -> str:
    """A code as typed (spaces, small letters, without hyphens) in the way it is kept."""
    signs = "".join(c for c in text.upper() if c.isalnum())
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:12]}" if len(signs) == 12 else text.strip().upper()
