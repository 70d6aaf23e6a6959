"""How the names of units begin, and the fields that departments and ministries are named after."""

from __future__ import annotations

from namro.reading.letters import regex

# How names of organisations begin, in Party and State papers.
COLLECTIVE = (
    r"(?:(?:Thủ trưởng|Giám đốc|Chủ tịch|Lãnh đạo|lãnh đạo|Người đứng đầu|người đứng "
    r"đầu|Bí thư|Trưởng|đồng chí|Đồng chí) )?(?:[Cc]ác|[Nn]hững|[Tt]oàn thể|[Hh]ai"
    r"|[Mm]ỗi|[Tt]ừng)\s+(?:sở|Sở|ban|Ban|bộ|Bộ|ngành|Ngành|cơ quan|Cơ quan|đơn vị"
    r"|Đơn vị|địa phương|Địa phương"
    r"|tỉnh|thành phố|huyện|xã|phường|thôn|tổ chức|đoàn thể|cấp|cấp ủy|cấp uỷ|đảng ủy"
    r"|đảng uỷ|Đảng ủy|chi bộ|chi, đảng bộ|đảng bộ|hội(?! viên| nghị| thảo)"
    r"|hiệp hội|Hiệp hội|Hội|doanh nghiệp|Doanh nghiệp|DNVT|DN"
    r"|trường|Trường|phòng|Phòng|trung tâm|Trung tâm|bệnh viện|báo|đồng chí|thành "
    r"viên|Ủy ban|Uỷ ban|ủy ban|UBND|Đoàn thể|Đoàn|đoàn(?! viên)|đại biểu"
    r"|viện|Viện|Vụ|Học viện|Bệnh viện|Tập đoàn|Tổng công ty|Công ty|Ngân hàng|Chi cục|chi cục"
    r"|Đảng bộ|Chi bộ|Trạm|trạm|bản|ngân hàng|nhà mạng|nhà đầu tư|chủ đầu tư"
    r"|tập đoàn|tổng công ty|công ty|cơ sở|hợp tác xã|hộ|chủ thể|khoa|phòng ban|lực "
    r"lượng|Sở|tổ|Tổ|quận|Cục|cục|nhà trường|chủ|cá nhân|xã, phường"
    r"|đại học|học viện|chi ủy|chi hội|chi đoàn|TT[A-ZĐ&]{1,6}|TYT|văn phòng|Văn "
    r"phòng)(?![a-zà-ỹ])"
)
SINGLE = (
    r"(?:(?:[Ôô]ng |[Bb]à |[Đđ]ồng chí )?(?:Phó )?(?:Thường trực |Lãnh đạo |lãnh đạo "
    r"|Thủ trưởng |thủ trưởng |Giám đốc |giám đốc |Chủ tịch |Trưởng |Chánh |Chủ nhiệm "
    r"|Người đứng đầu |người đứng đầu |Tổ trưởng ))?"
    r"(?:Sở|UBND|Trung ương (?:Mặt trận|Hội|Đoàn)|Ủy ban|Uỷ ban|Ủy Ban|Uỷ Ban"
    r"|Ban(?! hành| đầu| đêm| ngày)"
    r"|Bộ(?! tiêu chí| chỉ số| luật| thủ tục| câu hỏi| tài liệu| máy)|Văn phòng|VP|HĐND|Hội đồng"
    r"|Đảng ủy|Đảng uỷ|Đảng đoàn|Đảng bộ|Tỉnh ủy|Tỉnh uỷ|Thành ủy|Huyện ủy|Công an"
    r"|Phòng(?!, chống| ngừa| chống| cháy| bệnh| dịch| tránh| trị)"
    r"|Trung tâm|Mặt trận|MTTQ|UBMTTQ|UBKT|BCĐ|BCHQS|BĐBP"
    r"|Hội(?! nghị| thảo| thi| thao| diễn| trại| chợ| đàm| nhập| họp)|Hiệp hội"
    r"|Liên đoàn|Liên minh|Liên hiệp|Đoàn(?! kết)|Tỉnh đoàn|Thành đoàn|Thanh tra(?!,)"
    r"|Cục|Chi cục|Kho bạc|Kiểm toán|Cổng [Tt]hông tin"
    r"|Bảo hiểm xã hội|BHXH|Ngân hàng|Đài|Báo(?! cáo| ngay| kịp| hiệu| giá)"
    r"|(?:Thống kê|Thuế)(?=$|[,;:]| (?:tỉnh|thành phố|cơ sở|khu vực|nhà nước|huyện|và |[A-ZĐ]))"
    r"|Trường(?! hợp)|Viện(?! trợ| dẫn)|Tòa án|Viện kiểm sát|Công ty|Tổng công ty|Tổng Công ty"
    r"|Tổng cục|Tổng Liên đoàn|Tập đoàn|Quỹ(?! đất)|Bệnh viện|Doanh nghiệp|Nhà đầu tư|Tổ(?! "
    r"chức)|Khối|Chi nhánh|Điện lực|Bưu điện|Thông tấn xã|Vụ(?! việc| mùa| đông| xuân| hè| án)"
    r"|Bộ Chỉ huy|Các "
    r"DNVT|DNVT|Chính phủ|Quốc hội|Y tế (?:các )?bộ, ngành"
    r"|Trạm|Hạt Kiểm lâm|Đội(?! ngũ)|Công đoàn|Huyện đoàn|Xã đoàn|Cảng vụ|Thư viện|Bảo tàng"
    r"|Nhà (?:văn h(?:óa|oá)|máy|hát|xuất bản|khách)|Hợp tác xã|HTX|Xí nghiệp|Ban Giám hiệu"
    r"|(?:Hiệu|Cục|Vụ|Viện|Chi cục|Trạm) trưởng|Trưởng (?:thôn|bản|ấp|khu|xóm|tổ dân phố)"
    r"|Cơ quan|Đơn vị(?! tính)|Cấp ủy|Cấp uỷ|TTXVN|VTV|VOV|LĐLĐ|Ngành|Lực lượng|Nhà "
    r"trường|Học viện|Đại học|Hải quan|Toà án|Ủy viên|Chính quyền(?! điện tử| số)|Bí "
    r"thư|Tiểu ban|Công chức|Chi ủy|Chi uỷ|Chi bộ|Chi hội"
    r"|Chi đoàn|Thành viên|Thủ tướng|Phó Thủ tướng)(?![a-zà-ỹ])"
)
HEAD = regex(rf"(?:{COLLECTIVE}|{SINGLE})")

# What departments and ministries are of, today and before 2025, longest first.
FIELDS = (
    r"(?:Văn h(?:óa|oá), Thể thao và Du lịch|Lao động\s*[-–,]\s*Thương binh và Xã hội"
    r"|Nông nghiệp và Phát triển nông thôn|Nông nghiệp và Môi trường|Thông tin và Truyền thông"
    r"|Tài nguyên và Môi trường|Khoa học và Công nghệ|Giáo dục và Đào tạo|Kế hoạch và Đầu tư"
    r"|Văn h(?:óa|oá) và Thể thao|Quy hoạch\s*[-–]\s*Kiến trúc|Giao thông [Vv]ận tải"
    r"|Dân tộc và Tôn giáo|An toàn thực phẩm|Công [Tt]hương|Tài chính|Xây dựng|Nội vụ|Tư pháp|Y tế"
    r"|Ngoại vụ|Ngoại giao|Quốc phòng|Công an|Du lịch|NN&MT|KH&CN|GD&ĐT|VHTT&DL|TN&MT|TT&TT|KH&ĐT"
    r"|GTVT)(?![\wà-ỹ])"
)
