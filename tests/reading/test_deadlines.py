"""Deadlines as officials write them, as ISO."""

from __future__ import annotations

import pytest

from namro.reading import deadlines


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("Quí IV-2025", "2025-12"),
        ("Quý I/2026", "2026-03"),
        ("Q3/2026", "2026-09"),
        ("II/2026", "2026-06"),
        ("Quý III, IV năm 2026", "2026-12"),
        ("Quý II và quý III/2026", "2026-09"),
        ("Quý I - Quý II/2026", "2026-06"),
        ("6/2025", "2025-06"),
        ("Tháng 9-10/2026", "2026-10"),
        ("Tháng 01, 02/2026", "2026-02"),
        ("Tháng Tư năm 2026", "2026-04"),
        ("6 tháng đầu năm 2026", "2026-06"),
        ("30 tháng 6", "2025-06-30"),
        ("trước 30 tháng 6 năm 2026", "2026-06-30"),
        ("31.12.2026", "2026-12-31"),
        ("trước ngày 30/06/26", "2026-06-30"),
        ("chậm nhất ngày 16/12", "2025-12-16"),
        ("Ngày 26, 27/12/2011", "2011-12-27"),
        ("8h00-10h00 ngày 28/12/2011", "2011-12-28"),
        ("20/11-30/11/2025", "2025-11-30"),
        ("Từ 01/01/2026 đến 30/6/2026", "2026-06-30"),
        ("từ tháng 3 đến tháng 5/2026", "2026-05"),
        ("từ nay đến hết năm 2025", "2025"),
        ("Trong năm", "2025"),
        ("cuối năm", "2025"),
        ("2026 - 2030", "2030"),
        ("giai đoạn 2026-2028", "2028"),
        ("Năm học 2025 - 2026", "2026"),
        ("Năm 2026 và các năm tiếp theo", "ongoing"),
        ("05 năm tiếp theo", "ongoing"),
        ("trước ngày 01/6 và 15/11 hằng năm", "ongoing"),
        ("Trước ngày 15 hằng tháng", "ongoing"),
        ("Định kỳ 6 tháng", "ongoing"),
        ("Thường xuyên", "ongoing"),
        ("Từ năm 2026", "ongoing"),
        ("từ Quý I/2026", "ongoing"),
        ("Sau khi Nghị định được ban hành", None),
        ("trong 30 ngày kể từ ngày ký", None),
        ("sau 15 ngày làm việc kể từ ngày 01/3/2026", None),
        ("Theo tiến độ của Trung ương", None),
        ("giữa kỳ", None),
    ],
)
def test_written_deadline_as_iso(written, iso):
    assert deadlines.iso_of(written, 2025) == iso


@pytest.mark.parametrize(
    ("sentence", "written", "iso"),
    [
        ("Lập kế hoạch, hoàn thành trước ngày 30/6/2026.", "trước ngày 30/6/2026", "2026-06-30"),
        ("Gửi báo cáo về Sở Nội vụ trước quý IV/2026.", "trước quý IV/2026", "2026-12"),
        ("Hoàn thành xong không muộn hơn 25/11.", "không muộn hơn 25/11", "2025-11-25"),
        (
            "Trình đề án, hoàn thành trong tháng 11 năm 2026, triển khai trong năm 2027.",
            "trong tháng 11 năm 2026",
            "2026-11",
        ),
        ("Tổ chức sơ kết vào quý II/2026.", "vào quý II/2026", "2026-06"),
        ("Định kỳ 06 tháng báo cáo Ủy ban nhân dân tỉnh.", "Định kỳ 06 tháng", "ongoing"),
        ("Kiểm tra các chợ mỗi năm 02 lần.", "mỗi năm 02 lần", "ongoing"),
        ("Tổng hợp, đánh giá kết quả hằng năm.", "hằng năm", "ongoing"),
        ("hàng năm hai ngành cùng kiểm tra.", "hàng năm", "ongoing"),
        # a duty of two stages is due when its last one is
        (
            "Đôn đốc các xã; sơ kết năm 2027, tổng kết năm 2029.",
            "năm 2027, tổng kết năm 2029",
            "2029",
        ),
        (
            "Tổ chức sơ kết việc trồng rừng vào giữa năm 2027 và tổng kết vào quý III/2029.",
            "vào giữa năm 2027 và tổng kết vào quý III/2029",
            "2029-09",
        ),
        (
            "Lập kế hoạch trước ngày 30/6/2026; sơ kết năm 2027, tổng kết năm 2029.",
            "trước ngày 30/6/2026",
            "2026-06-30",
        ),
        (
            "Nạo vét các kênh, hoàn thành trong giai đoạn 2026 - 2028.",
            "trong giai đoạn 2026 - 2028",
            "2028",
        ),
        ("Ban hành mức phí, thời hạn hoàn thành: tháng 6/2028.", "tháng 6/2028", "2028-06"),
    ],
)
def test_deadline_in_a_sentence(sentence, written, iso):
    assert deadlines.in_sentence(sentence, 2025) == (written, iso)


@pytest.mark.parametrize(
    "sentence",
    [
        "Bố trí kinh phí chi thường xuyên trong dự toán ngân sách nhà nước hằng năm theo quy định.",
        "Thực hiện Nghị quyết số 12-NQ/TU ngày 05/02/2024 của Tỉnh ủy.",
        "Đưa chỉ tiêu vào kế hoạch công tác hằng năm của cơ quan.",
        "Triển khai Chiến lược phát triển nhà ở đến năm 2030.",
        "Làm phim tổng kết năm 2025 của ngành.",
        "Căn cứ kết quả sơ kết năm 2027 và bài học khi tổng kết năm 2020, điều chỉnh cách làm.",
        "Tuyên truyền về nhà ở trong giai đoạn 2026 - 2030.",
    ],
)
def test_date_or_cadence_of_something_else_is_no_deadline(sentence):
    assert deadlines.in_sentence(sentence, 2025) is None
