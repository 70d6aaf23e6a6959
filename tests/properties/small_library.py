"""A library made to be hard: every kind, every way to combine, short carries, mixed periods."""

from __future__ import annotations

from pathlib import Path

ELEMENTS = """
[a]
title = "Số a"
unit_of_measure = "người"
time = "stock"
carry = 2

[b]
title = "Số b"
unit_of_measure = "người"
time = "stock"
carry = 4

[u]
title = "Chi u"
unit_of_measure = "triệu đồng"
time = "flow"
digits = 2

[v]
title = "Chi v"
unit_of_measure = "triệu đồng"
time = "flow"

[since]
title = "Ngày bắt đầu"
kind = "date"

[until]
title = "Ngày kết thúc"
kind = "date"

[rate]
title = "Tỷ lệ"
unit_of_measure = "%"
time = "stock"
digits = 2
carry = 2

[w]
title = "Trọng số"
unit_of_measure = "người"
time = "stock"
carry = 3

[m]
title = "Số m"
unit_of_measure = "cái"
time = "flow"

[n]
title = "Số n"
unit_of_measure = "cái"
time = "flow"

[index]
title = "Chỉ số"
unit_of_measure = "điểm"
time = "stock"
digits = 4
carry = 5
marked = true
"""

DATASETS = """
[visits]
title = "Lượt"
unit_of_measure = "lượt"
key = "visit"
unit = "unit"
date = "day"
calendar = "calendar"

[visits.columns.visit]
title = "Mã"
type = "text"
required = true

[visits.columns.day]
title = "Ngày"
type = "date"
required = true

[visits.columns.kind]
title = "Loại"
type = "choice"
values = { x = "loại x", y = "loại y", z = "loại z" }

[visits.columns.size]
title = "Cỡ"
type = "number"

[devices]
title = "Máy"
unit_of_measure = "máy"
key = "device"
unit = "unit"
date = "day"
calendar = "administrative"
time = "stock"
carry = 2

[devices.columns.device]
title = "Mã"
type = "text"
required = true

[devices.columns.day]
title = "Ngày"
type = "date"
required = true

[devices.columns.kind]
title = "Loại"
type = "choice"
values = { x = "loại x", y = "loại y" }
"""

_EXAMPLE = """
[[example]]
says = "Không dùng."
period = "202501"
expect = { p = "-" }
"""

_HEAD = """
measure = "{slug}"
title = "{slug}"
scope = ["COMMUNE"]
frequency = "{frequency}"
"""

MEASURES = {
    "stock": """
kind = "ratio"
over = "latest"
numerator = "a"
denominator = "b"
""",
    "summed": """
kind = "ratio"
over = "latest"
numerator = "a"
denominator = ["a", "b"]
""",
    "flow": """
kind = "ratio"
over = "period"
numerator = "u"
denominator = ["u", "v"]
""",
    "year": """
kind = "ratio"
over = "year_to_date"
numerator = "v"
denominator = "u"
""",
    "level": """
kind = "level"
over = "latest"
unit_of_measure = "điểm"
value = "index"
""",
    "stands": """
kind = "milestone"
over = "latest"
unit_of_measure = "mốc"
from = "since"
until = "until"
""",
    "share": """
kind = "share_of_units"
over = "latest"
at_least = 50
[of]
kind = "ratio"
title = "trong"
numerator = "a"
denominator = "b"
""",
    "standing-share": """
kind = "share_of_units"
over = "latest"
[of]
kind = "milestone"
unit_of_measure = "mốc"
title = "trong"
from = "since"
until = "until"
""",
    "calendar-flow": """
kind = "ratio"
over = "year_to_date"
calendar = "calendar"
numerator = "m"
denominator = "n"
""",
    "weighed": """
kind = "ratio"
over = "latest"
rate = "rate"
weight = "w"
""",
    "scored": """
kind = "combined"
how = "weighted"
unit_of_measure = "điểm"
over = "latest"
[[part]]
name = "one"
measure = "stock"
weight = 0.4
[[part.step]]
reaches = 20
gives = 0.5
[[part.step]]
reaches = 60
gives = 1
[[part]]
name = "two"
measure = "summed"
weight = 0.25
full_at = 50
[[part]]
name = "three"
measure = "stands"
weight = 0.35
[[part.step]]
reaches = 1
gives = 1
""",
    "counted": """
kind = "ratio"
over = "period"
calendar = "calendar"
numerator = { count = "visits", where = { kind = "x", size = { at_least = 2, at_most = 4 } } }
denominator = { count = "visits", where = { kind = { not = "z" } } }
""",
    "least": """
kind = "combined"
how = "min"
over = "year_to_date"
calendar = "calendar"
[[part]]
name = "counts"
kind = "ratio"
title = "đếm"
numerator = { count = "visits", where = { size = { present = true } } }
denominator = { count = "visits" }
[[part]]
name = "money"
kind = "ratio"
title = "chi"
numerator = "m"
denominator = "n"
""",
    "registered": """
kind = "ratio"
over = "latest"
numerator = { count = "devices", where = { kind = "x" } }
denominator = { count = "devices" }
""",
    "per-device": """
kind = "ratio"
over = "latest"
unit_of_measure = "người/máy"
numerator = "a"
denominator = { count = "devices", where = { kind = { present = true } } }
""",
    "mixed": """
kind = "combined"
how = "weighted"
over = "latest"
[[part]]
name = "one"
measure = "stock"
weight = 0.3
[[part]]
name = "two"
measure = "share"
weight = 0.7
""",
    "mean": """
kind = "combined"
how = "mean"
over = "latest"
[[part]]
name = "one"
measure = "stock"
[[part]]
name = "two"
measure = "summed"
""",
    "logic": """
kind = "combined"
how = "all"
unit_of_measure = "mốc"
over = "latest"
[[part]]
name = "there"
kind = "combined"
how = "any"
title = "có"
[[part.part]]
name = "stands"
measure = "stands"
[[part.part]]
name = "big"
measure = "stock"
reaches = 60
[[part]]
name = "wide"
measure = "summed"
reaches = 40
""",
}


FREQUENCIES = {
    "summed": "quarter",
    "flow": "quarter",
    "year": "half",
    "share": "half",
    "level": "year",
    "counted": "quarter",
    "mixed": "quarter",
    "logic": "year",
}
"""How often a measure must be reported where that is not monthly."""


def write_library(folder: Path) -> Path:
    """The definitions as a folder that `load` reads."""
    (folder / "elements.toml").write_text(ELEMENTS, encoding="utf-8")
    (folder / "datasets.toml").write_text(DATASETS, encoding="utf-8")
    for slug, body in MEASURES.items():
        # an array of tables must come after the plain keys
        keys, mark, tables = body.partition("\n[")
        head = _HEAD.format(slug=slug, frequency=FREQUENCIES.get(slug, "month"))
        text = head + keys + "\n" + mark + tables + _EXAMPLE
        (folder / f"{slug}.toml").write_text(text, encoding="utf-8")
    return folder
