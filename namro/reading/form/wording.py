"""Deviations that the words alone show: mottos, number, day, authority, recipients, end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from namro.reading.form.forms import Form
from namro.reading.form.lines import Line
from namro.reading.form.page import Say
from namro.reading.head_lines import bare
from namro.reading.letters import regex
from namro.terms import Fault

STATE = re.compile(r"cong\s+hoa\s+xa\s+hoi\s+chu\s+nghia\s+viet\s+nam")
PARTY = re.compile(r"dang\s+cong\s+san\s+viet\s+nam")
CREED = re.compile(r"doc\s+lap\W*tu\s+do\W*hanh\s+phuc")
NUMBER = regex(r"^Số\b\s*:?")
DATE = regex(r"ngày\s*(?P<day>\S*)\s*tháng\s*(?P<month>\S*)\s*năm\s*(?P<year>\d{4})?")


def heading(form: Form, lines: Sequence[Line], say: Say) -> Iterator[Fault]:
    """Quốc hiệu, Tiêu ngữ or the Party's heading, letter by letter."""
    party = form.family == "party"
    want = "ĐẢNG CỘNG SẢN VIỆT NAM" if party else "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    line = next((x for x in lines if (PARTY if party else STATE).search(bare(x.text))), None)
    name = "tiêu đề" if party else "Quốc hiệu"
    if line is None:
        yield say("FORM_HEADING", f"Thiếu {name} “{want}”.", f"Thêm {name} “{want}”.", None)
        return
    old = want.replace("HÒA", "HOÀ")
    if want not in line.text and old not in line.text:
        yield say("FORM_HEADING", f"Viết sai {name}: “{line.text[:60]}”.", f"Viết “{want}”.", line)
    if party:
        return
    creed = next((x for x in lines if CREED.search(bare(x.text))), None)
    motto = "Độc lập - Tự do - Hạnh phúc"
    if creed is None:
        yield say("FORM_MOTTO", f"Thiếu Tiêu ngữ “{motto}”.", f"Thêm Tiêu ngữ “{motto}”.", line)
    elif motto not in creed.text:
        yield say(
            "FORM_MOTTO", f"Viết sai Tiêu ngữ: “{creed.text[-40:]}”.", f"Viết “{motto}”.", creed
        )


def number(form: Form, line: Line, say: Say) -> Iterator[Fault]:
    """ "Số: 05/KH-UBND" for the State, "Số 15-KH/ĐU" for the Party."""
    text = re.sub(r"\s+", " ", line.text.split("|")[0]).strip()
    if form.family == "party":
        good = regex(r"^Số\s?(?:\d+|[.…_\s]*)\s?-\s?[A-ZĐ][\wĐ]*/[A-ZĐ][\wĐ/.-]*")
        if text.startswith("Số:"):
            yield say(
                "FORM_NUMBER", f"“{text}”: có dấu hai chấm sau “Số”.", "Bỏ dấu hai chấm.", line
            )
        elif not good.match(text):
            yield say(
                "FORM_NUMBER",
                f"“{text}” không theo mẫu “Số 15-KH/ĐU”.",
                "Viết số, gạch nối, tên loại, gạch chéo, cơ quan ban hành.",
                line,
            )
        return
    if not text.startswith(("Số:", "Số :")):
        yield say("FORM_NUMBER", f"“{text}”: thiếu dấu hai chấm sau “Số”.", "Viết “Số: …”.", line)
    found = regex(r"^Số\s?:?\s*(?P<n>\d*)[.…_\s]*(?P<rest>\S.*)?$").match(text)
    if found and found["n"] and len(found["n"]) < 2:
        yield say("FORM_NUMBER", f"“{text}”: số dưới 10.", f"Viết “0{found['n']}”.", line)
    rest = (found["rest"] or "") if found else ""
    if not regex(r"^/(?:\d{4}/)?[A-ZĐ][\wĐ]*(?:-[A-ZĐ][\w&Đ,]*)*").match(rest):
        yield say(
            "FORM_NUMBER",
            f"“{text}” không theo mẫu “Số: 05/KH-UBND”.",
            "Giữa số và ký hiệu là gạch chéo, trong ký hiệu là gạch nối.",
            line,
        )


def place_date(line: Line, say: Say) -> Iterator[Fault]:
    """ "Lai Châu, ngày 03 tháng 9 năm 2026": comma, days below 10 and months 1, 2 with a nought."""
    found = DATE.search(line.text)
    if found is None:
        return
    before = line.text[: found.start()].rstrip()
    if not before.endswith(","):
        yield say(
            "FORM_PLACE_DATE",
            f"“{line.text[:60]}”: thiếu dấu phẩy sau địa danh."
            if before
            else "Thiếu địa danh trước ngày, tháng, năm.",
            "Viết “Địa danh, ngày … tháng … năm …”.",
            line,
        )
    for name, said, short in (("ngày", found["day"], 10), ("tháng", found["month"], 3)):
        if said.isdigit() and int(said) < short and len(said) < 2:
            yield say("FORM_PLACE_DATE", f"Viết “{name} {said}”.", f"Viết “{name} 0{said}”.", line)


_STATE_MARK = regex(r"^(?:TM|KT|TL|TUQ)\s*\.")
_PARTY_MARK = regex(r"^(?:T/M|K/T|T/L)\b")
_BARE_MARK = regex(r"^(?:TM|KT|TL|TUQ)\s+[A-ZĐ]{2}")


def authority(form: Form, lines: Sequence[Line], say: Say) -> Iterator[Fault]:
    """TM., KT. with a dot in State papers, T/M, K/T with a slash in Party papers."""
    for line in lines:
        text = line.text.strip()
        mixed = _STATE_MARK if form.family == "party" else _PARTY_MARK
        bare_mark = form.family == "state" and _BARE_MARK.match(text)
        if len(text) < 120 and text.isupper() and (mixed.match(text) or bare_mark):
            want = "T/M, K/T, T/L" if form.family == "party" else "TM., KT., TL., TUQ."
            shown = text[:40]
            yield say("FORM_AUTHORITY", f"Viết “{shown}”.", f"Viết theo mẫu “{want}”.", line)


def recipients(form: Form, lines: Sequence[Line], say: Say) -> Iterator[Fault]:
    """Each recipient with a dash and its mark; the last one is the archive."""
    at = next((i for i, x in enumerate(lines) if regex(r"^Nơi\s+nhận").match(x.text)), None)
    if at is None:
        yield say("FORM_RECIPIENTS", "Thiếu phần “Nơi nhận”.", "Thêm “Nơi nhận:”.", None)
        return
    if not lines[at].text.rstrip().endswith(":") and len(lines[at].text) < 14:
        yield say(
            "FORM_RECIPIENTS", "Thiếu dấu hai chấm sau “Nơi nhận”.", "Viết “Nơi nhận:”.", lines[at]
        )
    named = []
    for line in lines[at + 1 : at + 25]:
        if not re.match(r"[-–]\s*\S", line.text):
            break
        named.append(line)
    if not named:
        return
    for line in named[:-1]:
        if not line.text.rstrip().endswith(form.recipients_mark):
            yield say(
                "FORM_RECIPIENTS",
                f"“{line.text[:50]}” không kết thúc bằng dấu “{form.recipients_mark}”.",
                f"Kết thúc mỗi nơi nhận bằng dấu “{form.recipients_mark}”.",
                line,
            )
            break
    if not regex(r"[-–]\s*Lưu\b").match(named[-1].text):
        yield say(
            "FORM_RECIPIENTS",
            "Dòng cuối của nơi nhận không phải dòng “Lưu”.",
            "Thêm dòng “- Lưu: VT, …” ở cuối."
            if form.family == "state"
            else "Thêm dòng “- Lưu …” ở cuối.",
            named[-1],
        )


def end(form: Form, last: Line | None, say: Say) -> Iterator[Fault]:
    """How the body closes: "./." in State papers, a full stop in Party papers."""
    if last is None:
        return
    text = last.text.rstrip(' ”"')
    if form.family == "party" and text.endswith("./."):
        yield say("FORM_END", "Nội dung kết thúc bằng “./.”.", "Kết thúc bằng dấu chấm.", last)
    if form.family == "state" and not text.endswith("./."):
        yield say("FORM_END", "Nội dung không kết thúc bằng “./.”.", "Kết thúc bằng “./.”.", last)
