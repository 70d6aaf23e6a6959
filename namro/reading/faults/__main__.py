"""`python -m namro.reading.faults`: the catalogue as a page (docs/faults.md)."""

from __future__ import annotations

from collections.abc import Iterator

from namro.reading import form
from namro.reading.faults.catalogue import FaultKind, catalogue

_OPENING = """# Danh mục sai sót

Tệp này sinh ra từ danh mục trong phần mềm, không sửa bằng tay (lệnh `script/docs`).
Phần mềm chỉ chỉ ra chỗ sai và gợi ý cách sửa; không bao giờ tự sửa chữ, số của văn bản.
Mỗi loại có một mã cố định, dùng trong tệp kết quả và khi trao đổi."""


def page() -> str:
    """The page in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _OPENING
    yield "\n## Sai sót về nội dung"
    for kind in catalogue():
        yield from _entry(kind)
    yield "\n## Sai khác về thể thức"
    yield "\nCác mã dưới đây do lệnh `namro check` đưa ra khi so với thể thức có hiệu lực vào ngày"
    yield "của văn bản."
    for rule in form.RULES:
        yield f"\n### {rule.title}\n"
        yield f"- Mã: `{rule.code}`"
        yield f"- Yêu cầu (văn bản của Đảng): {rule.party or 'không quy định'}"
        yield f"- Yêu cầu (văn bản hành chính nhà nước): {rule.state or 'không quy định'}"


def _entry(kind: FaultKind) -> Iterator[str]:
    yield f"\n### {kind.title}\n"
    yield f"- Mã: `{kind.code}`"
    yield f"- Vì sao: {kind.why}"
    yield f"- Cách sửa: {kind.mend}"
    yield f"- Căn cứ: {kind.rule}"
    if kind.case:
        yield f"- Khi nào: {kind.case}"
    if kind.example:
        lines = kind.example.strip("\n").splitlines()
        yield "\nVí dụ:\n"
        yield from (f"> {line}".rstrip() for line in lines)


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201
