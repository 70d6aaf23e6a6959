"""What a reader did with a file that a person must know: never silent, never a reason to refuse."""

from __future__ import annotations

from collections.abc import Sequence

from namro.terms import Fault


def tracked_changes(file: str, inserted: int, deleted: int) -> Fault:
    """Changes were taken as accepted."""
    return Fault(
        "TRACKED_CHANGES",
        f"Tệp “{file}” còn theo dõi sửa đổi chưa chốt: đã đọc như bản chấp nhận tất cả "
        f"({inserted} chỗ thêm, {deleted} chỗ xóa).",
        "Đối chiếu với bản chính thức; chấp nhận hoặc bỏ các sửa đổi trong tệp rồi đọc lại.",
    )


def hidden_text(file: str, hidden: Sequence[str]) -> Fault:
    """Text set as hidden was not read."""
    words = " ".join(hidden)
    return Fault(
        "HIDDEN_TEXT",
        f"Tệp “{file}” có {len(hidden)} đoạn chữ ẩn, không hiện khi in; chữ ẩn không được đọc.",
        "Mở tệp, bật hiển thị chữ ẩn để kiểm tra; bỏ thuộc tính ẩn nếu là nội dung của văn bản.",
        quote=words[:300],
    )


def comments(file: str, count: int) -> Fault:
    """Comments in the margin were not read."""
    return Fault(
        "COMMENTS_LEFT_OUT",
        f"Tệp “{file}” có {count} ghi chú bên lề; ghi chú không thuộc văn bản nên không được đọc.",
        "Kiểm tra xem tệp có phải bản đã ban hành hay còn là bản góp ý.",
    )


def macros(file: str) -> Fault:
    """Macros were not run."""
    return Fault(
        "MACROS_IGNORED",
        f"Tệp “{file}” có chứa lệnh tự động (macro); lệnh không được chạy, chỉ đọc phần chữ.",
        "Cẩn thận khi mở tệp này bằng phần mềm soạn thảo; nên lưu lại thành .docx không có lệnh.",
    )


def embedded(file: str, count: int) -> Fault:
    """Parts made by other programs were not read."""
    return Fault(
        "EMBEDDED_LEFT_OUT",
        f"Tệp “{file}” có {count} phần nhúng từ tệp khác không đọc được chữ bên trong.",
        "Mở tệp bằng phần mềm soạn thảo, lưu lại thành .docx (hoặc PDF) rồi gửi.",
    )


_ENCODINGS = {"TCVN3": "TCVN3 (ABC)", "VNI": "VNI", "CP1258": "Windows-1258"}


def old_encoding(file: str, name: str) -> Fault:
    """Text of an old encoding was turned into Unicode."""
    return Fault(
        "OLD_ENCODING",
        f"Tệp “{file}” dùng bảng mã cũ {_ENCODINGS[name]}; chữ đã được chuyển sang Unicode để đọc.",
        "Kiểm tra kỹ dấu và chữ hoa khi rà soát.",
    )


def left_out(file: str, member: str, why: str) -> Fault:
    """A file of a package was not read."""
    return Fault(
        "FILE_LEFT_OUT",
        f"Trong gói “{file}” có tệp “{member}” không được đọc: {why}",
        "Nếu tệp ấy thuộc văn bản, hãy gửi lại dưới dạng .docx, .pdf hoặc .xlsx.",
    )


def shown_as_pictures(file: str, count: int) -> Fault:
    """A Word file held only pictures of pages."""
    return Fault(
        "PICTURES_READ",
        f"Tệp “{file}” chỉ chứa ảnh chụp trang; {count} ảnh đã được nhận dạng chữ.",
        "Kiểm tra kỹ số liệu khi rà soát; tốt nhất là gửi bản có chữ.",
    )


def sheet_hidden(file: str, names: Sequence[str]) -> Fault:
    """Hidden sheets, rows or columns were not read."""
    return Fault(
        "HIDDEN_SHEET",
        f"Tệp “{file}” có phần bị ẩn không được đọc: {', '.join(names)}.",
        "Mở bảng tính, bỏ ẩn nếu phần ấy thuộc văn bản rồi gửi lại.",
    )
