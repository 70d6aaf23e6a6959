"""Regular expressions over Vietnamese letters.

In Unicode the range À–Ỹ holds small letters too, and à–ỹ capitals: `regex` puts the true letters in
their place, so that patterns can be written as one reads them.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SMALL = "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
_CAPITAL = _SMALL.upper()


@lru_cache(maxsize=1000)
def regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern compiled, "À-Ỹ" read as the Vietnamese capitals and "à-ỹ" as the small letters.

    >>> bool(regex("[a-zà-ỹ]").match("Đ")), bool(regex("[A-ZÀ-Ỹ]").match("đ"))
    (False, False)
    """
    return re.compile(pattern.replace("À-Ỹ", _CAPITAL).replace("à-ỹ", _SMALL), flags)
