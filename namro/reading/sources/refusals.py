"""The refusals all readers share, in the words a person gets."""

from __future__ import annotations

from namro.reading.unreadable import UnreadableDocument


def damaged(file: str) -> UnreadableDocument:
    """The refusal of a file that is broken or cut short."""
    return UnreadableDocument(
        "DAMAGED",
        file,
        "tệp bị hỏng hoặc thiếu một phần.",
        "Hãy sao chép hoặc tải lại tệp; nếu vẫn hỏng, mở bằng phần mềm soạn thảo và lưu lại.",
    )


def encrypted(file: str) -> UnreadableDocument:
    """The refusal of a file under a password."""
    return UnreadableDocument(
        "ENCRYPTED",
        file,
        "tệp được đặt mật khẩu.",
        "Hãy bỏ mật khẩu rồi gửi lại; không gửi văn bản chứa bí mật nhà nước vào hệ thống này.",
    )


def not_a_document(file: str) -> UnreadableDocument:
    """The refusal of what is no document at all, judged by its content."""
    return UnreadableDocument(
        "NOT_A_DOCUMENT",
        file,
        "đây không phải là tệp văn bản (xét theo nội dung, không theo tên tệp).",
        "Hãy chọn tệp .docx, .doc, .odt, .rtf, .pdf, .html, .txt, bảng tính .xlsx, .xls, .ods, "
        "ảnh quét của văn bản, hoặc gói .zip các tệp ấy.",
    )


def empty(file: str) -> UnreadableDocument:
    """The refusal of a file with nothing in it."""
    return UnreadableDocument(
        "EMPTY", file, "tệp rỗng.", "Hãy kiểm tra lại tệp đã lưu hoặc chọn tệp khác."
    )


def too_large(file: str, why: str, mend: str) -> UnreadableDocument:
    """The refusal of what would take too much memory or time."""
    return UnreadableDocument("TOO_LARGE", file, why, mend)


def unsafe(file: str, why: str, mend: str) -> UnreadableDocument:
    """The refusal of what no office program makes, and an attacker does."""
    return UnreadableDocument("UNSAFE", file, why, mend)
