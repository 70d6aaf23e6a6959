"""What every file sent to the site must pass before anything else looks at it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from namro import vietnamese

_LONGEST = 150
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"|?*]|[\u202a-\u202e\u2066-\u2069]')


class UploadRefused(ValueError):
    """The file cannot be taken; the message is Vietnamese and says how to mend it."""


def check(upload: UploadedFile | None, *, suffixes: Sequence[str] = (), most: int = 0) -> str:
    """Check an uploaded file; give its name, cleaned.

    `suffixes` (".xlsx", lower case): the kinds taken here, all if empty. `most`: bytes, else
    NAMRO_MAX_UPLOAD. Raises UploadRefused: no file, empty, too large, another kind.
    """
    if upload is None:
        raise UploadRefused("Chưa chọn tệp; hãy bấm “Chọn tệp” rồi gửi lại.")
    name = clean_name(upload.name or "")
    limit = most or settings.NAMRO_MAX_UPLOAD
    if not upload.size:
        raise UploadRefused(f"Tệp “{name}” rỗng; hãy mở tệp để kiểm tra rồi gửi lại.")
    if upload.size > limit:
        raise UploadRefused(
            f"Tệp “{name}” nặng {_megabytes(upload.size)}, quá mức {_megabytes(limit)}; "
            "hãy chia nhỏ hoặc giảm độ phân giải rồi gửi lại."
        )
    if suffixes and PurePosixPath(name).suffix.lower() not in suffixes:
        raise UploadRefused(
            f"Tệp “{name}” không thuộc loại nhận ở đây ({', '.join(suffixes)}); hãy chọn tệp khác."
        )
    return name


def clean_name(name: str) -> str:
    """The bare name: no folders, no signs that mislead a person or a system, at most 150 long."""
    bare = re.split(r"[/\\]", name)[-1]
    bare = vietnamese.tidy(_UNFIT.sub("", bare)).strip(". ")
    if not bare:
        return "khong-ten"
    path = PurePosixPath(bare)
    return path.stem[: _LONGEST - len(path.suffix)] + path.suffix


def _megabytes(size: int) -> str:
    """Bytes as "1,5 MB"; a little above a limit still reads as more than the limit."""
    tenths = -(-size * 10 // (1024 * 1024))
    return f"{vietnamese.format_number(Decimal(tenths) / 10)} MB"
