"""A document against the official form of its day: `check_form`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from namro.reading.form import lines as shown
from namro.reading.form import page, wording
from namro.reading.form.forms import Form, form_for
from namro.reading.form.lines import Line
from namro.reading.head_lines import bare
from namro.reading.kinds import KINDS
from namro.reading.letters import regex
from namro.reading.plan import ReadPlan
from namro.reading.sources.kinds import kind_of
from namro.terms import Fault
from namro.vietnamese import fold

_BODY_FROM = 80  # characters: a paragraph, no heading


@dataclass(frozen=True)
class FormChecked:
    """What the check says: the form it compared with (None where none is known for the day), the
    deviations, and whether the looks could be seen (only a Word file shows them)."""

    source: str | None
    deviations: tuple[Fault, ...]
    looks_seen: bool


def check_form(file: Path, plan: ReadPlan) -> FormChecked:
    """Compare a document that was read with the official form in force on its date."""
    is_word = kind_of(file.read_bytes(), file.name) == "docx"
    lines, pages = shown.of_word(file) if is_word else (shown.of_blocks(plan.blocks), [])
    form = form_for(_family(lines, plan), plan.document.date)
    if form is None:
        return FormChecked(None, (), is_word)

    def say(code: str, message: str, suggestion: str, line: Line | None) -> Fault:
        clause = form.clause(code)
        place = page.at(file.name, line)
        quote = line.text[:200] if line else None
        return Fault(code, message, f"{suggestion} ({clause})", place, quote)

    found = [*page.read(form, pages, say), *page.fonts(lines, say), *_parts(form, lines, plan, say)]
    return FormChecked(form.source, tuple(found), is_word)


def _family(lines: Sequence[Line], plan: ReadPlan) -> str:
    """Whether the paper is one of the Party or of the State: by its heading; where that is
    missing by the form of its number, its issuer, the sign before the signer's post."""
    for line in lines[:30]:
        if wording.STATE.search(bare(line.text)):
            return "state"
        if wording.PARTY.search(bare(line.text)) and line.text.isupper():
            return "party"
    for line in lines:
        text = line.text.strip()
        if regex(r"^Số\s*:?\s*[\d.…_\s]*-\s*[A-ZĐ]\w*\s*/").match(text) and len(text) < 60:
            return "party"
        if regex(r"^(?:T/M|K/T|T/L)\s+[A-ZĐ]{2}").match(text):
            return "party"
    issuer = fold(plan.document.issuer or "")
    return "party" if regex(r"^(?:dang|tinh uy|thanh uy|huyen uy)\b").match(issuer) else "state"


def _parts(form: Form, lines: Sequence[Line], plan: ReadPlan, say: page.Say) -> Iterator[Fault]:
    head = [x for x in lines[:40] if len(x.text) < 250]
    yield from wording.heading(form, head, say)
    for name, line in _found(form, head, plan):
        if name in form.parts:
            yield from page.part(form.parts[name], line, say)
        if name == "number":
            yield from wording.number(form, line, say)
        if name == "place_date":
            yield from wording.place_date(line, say)
    body, after = _body(lines)
    yield from page.body(form, body, say)
    yield from _closing(form, lines, after, say)
    if form.family == "party" and not any(x.text.strip() == "*" for x in head):
        yield say("FORM_STAR", "Thiếu dấu “*” dưới tên cơ quan ban hành.", "Thêm dấu “*”.", None)


def _found(form: Form, head: Sequence[Line], plan: ReadPlan) -> Iterator[tuple[str, Line]]:
    """The parts of the head, each with the line that shows it."""
    seen: set[str] = set()
    title = fold(plan.document.title or "")[:40]
    for line in head:
        name = _part(line, title, "kind" in seen)
        if name and (name not in seen or name == "bases"):
            seen.add(name)
            yield name, line


def _part(line: Line, title: str, after_kind: bool) -> str | None:
    text, plain = line.text.strip(), bare(line.text)
    if wording.STATE.search(plain) or (wording.PARTY.search(plain) and text.isupper()):
        return None if wording.CREED.search(plain) else "heading"  # both run together: no look
    if wording.CREED.search(plain):
        return "motto"
    if wording.NUMBER.match(text) and len(text) < 60:
        return "number"
    if wording.DATE.search(text) and len(text) < 80 and not after_kind:
        return "place_date"
    if fold(text).strip(" :") in {fold(kind) for kind in KINDS} and not after_kind:
        return "kind"
    if after_kind and title and fold(text)[:40] == title[: len(fold(text)[:40])]:
        return "title"
    return "bases" if regex(r"^[-\s]*Căn cứ\s").match(text) else None


def _body(lines: Sequence[Line]) -> tuple[list[Line], int]:
    """The paragraphs of the body, and the line that follows it."""
    end = next(
        (i for i, x in enumerate(lines) if regex(r"^(?:Nơi\s+nhận|T/?M\b|KT\.|K/T)").match(x.text)),
        len(lines),
    )
    first = next((i for i, x in enumerate(lines) if _opens(x)), 0)
    own = [x for x in lines[first:end] if not x.in_table and len(x.text) >= _BODY_FROM]
    return own, end


def _opens(line: Line) -> bool:
    return bool(regex(r"^(?:I|1|A)\s*[.\-]\s*\S|^Điều\s+1\b").match(line.text))


def _closing(form: Form, lines: Sequence[Line], after: int, say: page.Say) -> Iterator[Fault]:
    last = next((x for x in reversed(lines[:after]) if not x.in_table and len(x.text) > 20), None)
    yield from wording.end(form, last if after < len(lines) else None, say)
    foot = lines[after:] if after < len(lines) else lines[-15:]
    yield from wording.authority(form, foot, say)
    yield from wording.recipients(form, foot, say)
    head = next((x for x in foot if regex(r"^Nơi\s+nhận").match(x.text)), None)
    if head is not None and len(head.text) < 14:
        yield from page.part(form.parts["recipients_head"], head, say)
    listed = next((x for x in foot if regex(r"^[-–]\s").match(x.text)), None)
    if listed is not None:
        yield from page.part(form.parts["recipients"], listed, say)
