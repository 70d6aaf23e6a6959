"""A measure that an installation adds to the package's."""

BY_POST = """
measure = "own.by-post"
title = "Tỷ lệ hồ sơ nộp qua bưu chính"
kind = "ratio"
scope = ["COMMUNE"]
over = "%s"
frequency = "month"
numerator = { count = "dossiers", title = "Hồ sơ bưu chính", where = { channel = "post" } }
denominator = { count = "dossiers", title = "Hồ sơ tiếp nhận" }

[[example]]
says = "Một trên hai."
period = "202507"
dossiers = \"\"\"
dossier | unit | received_on | channel
h1      | c1   | 2025-07-02  | post
h2      | c1   | 2025-07-03  | online
\"\"\"
expect = { c1 = "1/2", p = "1/2" }
"""
"""Its rule of combining, as `over` says it, is put in."""
