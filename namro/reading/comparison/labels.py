"""What people call the fields that may differ."""

FIELD_LABELS = {
    "level": "Mức",
    "soft": "Tính bắt buộc",
    "scope": "Phạm vi",
    "deadline": "Thời hạn",
    "lead": "Chủ trì",
    "cooperate": "Phối hợp",
    "product": "Sản phẩm",
    "amount": "Số lượng",
    "words": "Lời văn",
}
