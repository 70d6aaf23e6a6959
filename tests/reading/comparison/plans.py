"""Made-up plans for comparing: targets and tasks with every field, as values."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from namro.reading.plan import Mention, ReadDocument, ReadPlan, ReadTarget, ReadTask, ReadWith
from namro.terms import Comparator, Place

SUBJECTS = (
    "hộ gia đình được dùng nước sạch hợp vệ sinh",
    "trường mầm non đạt chuẩn quốc gia mức độ hai",
    "trạm y tế xã có bác sĩ làm việc thường xuyên",
    "diện tích lúa được tưới tiêu chủ động",
    "chất thải rắn sinh hoạt ở đô thị được thu gom, xử lý",
    "lao động nông thôn qua đào tạo có chứng chỉ nghề",
    "doanh nghiệp nộp hồ sơ thuế điện tử",
    "cán bộ, công chức, viên chức được bồi dưỡng kỹ năng số",
    "đường liên thôn được cứng hóa, xe cơ giới đi lại thuận tiện",
    "học sinh tiểu học học hai buổi mỗi ngày",
    "rừng phòng hộ đầu nguồn được khoán bảo vệ",
    "chợ nông thôn có khu bán thực phẩm an toàn",
)
DUTIES = (
    "Rà soát, công bố danh mục thủ tục hành chính cắt giảm giấy tờ",
    "Xây dựng bản đồ số về các điểm sạt lở, ngập úng",
    "Tổ chức tập huấn kỹ năng cứu nạn cho lực lượng xung kích",
    "Lắp đặt hệ thống truyền thanh thông minh tại các bản vùng cao",
    "Kiểm kê, số hóa di tích lịch sử và lễ hội truyền thống",
    "Hỗ trợ hợp tác xã đưa nông sản lên sàn thương mại điện tử",
    "Tham mưu cơ chế thu hút bác sĩ về tuyến cơ sở",
    "Trồng mới cây xanh phân tán dọc các tuyến quốc lộ",
)
UNITS = ("Sở Y tế", "Sở Tài chính", "Sở Nội vụ", "Công an tỉnh", "UBND các xã, phường")
YEARS = ("2026", "2027", "2028", "2030")


def target(
    subject: str,
    value: int = 80,
    comparator: Comparator = Comparator.AT_LEAST,
    deadline: str | None = "2027",
    *,
    soft: bool = False,
    block: int = 0,
) -> ReadTarget:
    sign = {">=": "tối thiểu ", ">": "trên ", "<=": "tối đa ", "<": "dưới "}.get(comparator, "")
    quote = f"{'Phấn đấu ' if soft else ''}{sign}{value}% {subject}."
    return ReadTarget(
        quote=quote, place=Place("a.txt", 1, block, 0, len(quote)), section="II.1",
        subject=subject, comparator=comparator, value=Decimal(value), unit="%",
        deadline=deadline, soft=soft,
    )  # fmt: skip


def task(
    title: str,
    lead: tuple[str, ...] = ("Sở Y tế",),
    deadline_iso: str | None = "2027-06-30",
    *,
    block: int = 100,
) -> ReadTask:
    return ReadTask(
        quote=title, place=Place("a.txt", 2, block, 0, len(title)), section="III", title=title,
        lead=tuple(Mention(u) for u in lead), deadline=deadline_iso, deadline_iso=deadline_iso,
    )  # fmt: skip


def plan(*things: ReadTarget | ReadTask, issuer: str = "UBND tỉnh Sông Mây") -> ReadPlan:
    return ReadPlan(
        "a.txt",
        ReadDocument(kind="Kế hoạch", number="12/KH-UBND", issuer=issuer, title="Thử"),
        (),
        tuple(t for t in things if isinstance(t, ReadTarget)),
        tuple(t for t in things if isinstance(t, ReadTask)),
        (),
        (),
        ReadWith("0", "text", 0.0, 1, 0),
    )


@st.composite
def plans(draw: st.DrawFn, least: int = 1) -> ReadPlan:
    """A plan whose items are about different things."""
    subjects = draw(st.lists(st.sampled_from(SUBJECTS), min_size=least, unique=True))
    duties = draw(st.lists(st.sampled_from(DUTIES), unique=True))
    levels = [Comparator.AT_LEAST, Comparator.MORE_THAN, Comparator.EQUAL]
    targets = [
        target(
            s, draw(st.integers(20, 95)), draw(st.sampled_from(levels)),
            draw(st.sampled_from((*YEARS, None))), soft=draw(st.booleans()), block=n,
        )
        for n, s in enumerate(subjects)
    ]  # fmt: skip
    tasks = [
        task(
            d, tuple(draw(st.lists(st.sampled_from(UNITS), max_size=2, unique=True))),
            draw(st.sampled_from((*YEARS, "ongoing", None))), block=100 + n,
        )
        for n, d in enumerate(duties)
    ]  # fmt: skip
    return plan(*targets, *tasks)
