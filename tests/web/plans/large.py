"""A plan of three hundred tasks, made up: sections of prose and one long table."""

from __future__ import annotations

_VERBS = ("Rà soát", "Xây dựng", "Hoàn thiện", "Triển khai", "Tổ chức", "Ban hành", "Cập nhật")
_THINGS = (
    "quy chế khai thác dữ liệu dùng chung", "nền tảng số phục vụ người dân",
    "danh mục dịch vụ công trực tuyến toàn trình", "hạ tầng số ở các bản vùng cao",
    "chương trình bồi dưỡng kỹ năng số", "hệ thống thông tin giải quyết thủ tục hành chính",
)  # fmt: skip
_LEADS = ("Sở Khoa học và Công nghệ", "Sở Nội vụ", "Văn phòng Đảng ủy UBND tỉnh", "UBND các xã")


def _task(number: int) -> tuple[str, str, str, str]:
    what = f"{_VERBS[number % 7]} {_THINGS[number % 6]} đợt {number}"
    return what, _LEADS[number % 4], _LEADS[(number + 1) % 4], f"Tháng {number % 12 + 1}/2026"


def large_plan(tasks: int = 300) -> str:
    """The text of a plan with that many tasks, the last two thirds of them in a table."""
    prose, lines = tasks // 3, [
        "# KẾ HOẠCH", "Chuyển đổi số năm 2026", "", "## I. MỤC TIÊU", "",
        "1. Có ≥ 80% cán bộ, công chức cấp xã được bồi dưỡng kỹ năng số.", "",
        "2. Tỷ lệ hồ sơ xử lý trực tuyến đạt trên 70%.", "", "## II. NHIỆM VỤ", "",
    ]  # fmt: skip
    for n in range(prose):
        what, lead, helps, when = _task(n)
        if n % 20 == 0:
            lines += [f"### {n // 20 + 1}. Nhóm nhiệm vụ {n // 20 + 1}", ""]
        lines += [f"- {lead} chủ trì, phối hợp với {helps} {what.lower()}; hoàn thành trước "
                  f"ngày 30/{n % 9 + 3}/2026.", ""]  # fmt: skip
    lines += ["## PHỤ LỤC", "", "| TT | Nhiệm vụ | Chủ trì | Phối hợp | Thời gian |",
              "|---|---|---|---|---|"]  # fmt: skip
    for n in range(prose, tasks):
        what, lead, helps, when = _task(n)
        lines.append(f"| {n - prose + 1} | {what} | {lead} | {helps} | {when} |")
    return "\n".join(lines) + "\n"
