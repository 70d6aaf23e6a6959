"""The rows of a form written as text, each value escaped where it is written (decision 32): forty
rows by a template took a third of the page's time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from namro.web.reporting.form import entries
from namro.web.reporting.models import Evidence
from namro.web.reporting.rules import Status
from namro.web.reporting.views.form_rows import FormRow


def with_rows(context: dict[str, Any]) -> dict[str, Any]:
    """What a form's page shows, with the rows of its table written ("drawn")."""
    last = context["last"]
    drafted = bool(last and last.status == Status.DRAFT)
    sheet = Sheet(context["open"], drafted, bool(context["proofs"]))
    return context | {"drawn": sheet.rows(context["rows"])}


@dataclass(frozen=True)
class Sheet:
    """How the rows of one form are drawn."""

    open: bool  # to be filled in; else only read
    drafted: bool = False  # what is attached can be taken off again
    proven: bool = False  # evidence stands for the whole return

    def rows(self, rows: Iterable[FormRow]) -> SafeString:
        """The body of the table."""
        return mark_safe("".join(map(self._row, rows)))  # all from outside is escaped below

    def _row(self, row: FormRow) -> str:
        slug = escape(row.element.slug)
        return (
            f'<tr{_striking(row)} data-element="{slug}">\n'
            f'<td class="number order">{row.number}</td>\n'
            f'<td class="what">{self._what(row, slug)}</td>\n'
            f'<td class="measure">{escape(row.element.unit_of_measure)}</td>\n'
            f'<td class="number before">{_before(row)}</td>\n'
            f'<td class="number now">{self._now(row, slug)}\n{self._said(row, slug)}</td>\n'
            f'<td class="note">{self._note(row, slug)}</td>\n'
            f'<td class="proof">{self._proof(row, slug)}</td>\n</tr>'
        )

    def _what(self, row: FormRow, slug: str) -> str:
        element = row.element
        text = f'<label for="v-{slug}">{escape(element.title)}</label>{_help(element.note)}'
        if self.open and element.nothing:
            text += _help("Trong kỳ không có thì ghi “không phát sinh”.")
        if not row.asked.due:
            text += _help("Kỳ này không bắt buộc; có số mới thì báo.")
        return text

    def _now(self, row: FormRow, slug: str) -> str:
        if self.open:
            return _choice(row, slug) if row.choices else _field(row, slug)
        jump = " jump" if row.jumped else ""
        change = row.change_text
        told = f'<div class="help{jump}">{escape(change)}</div>' if change else ""
        return escape(row.text or "để trống") + told

    def _said(self, row: FormRow, slug: str) -> str:
        """What is wrong, to be asked, to be chosen, under the figure."""
        faults = "".join(f'<p class="fault">{escape(e)}</p>' for e in row.errors)
        asked = "".join(f'<p class="query">{escape(q)}</p>' for q in row.questions)
        text = f'<div class="messages" id="m-{slug}" aria-live="polite">{faults}{asked}</div>'
        if row.known:
            text += f'<p class="help known">Điền sẵn: {escape(row.known)}</p>'
        if row.in_place:
            text += f'<p class="help known">Nhập thay: {escape(row.in_place)}</p>'
        if row.fresh:
            text += f'<p class="query remark">Vừa được ghi: {escape(row.fresh)}</p>'
        if self.open:
            drawn = (render_to_string("reporting/conflict.html", {"c": c}) for c in row.conflicts)
            text += f'<div class="choices">{"".join(drawn)}</div>'
        if row.remark:
            asking = "<strong>Nơi nhận yêu cầu:</strong>"
            text += f'<p class="query remark">{asking} {escape(row.remark)}</p>'
        return text

    def _note(self, row: FormRow, slug: str) -> str:
        origin = _help(f"Từ tệp Excel, ô {row.cell}" if row.cell else "")
        if not self.open:
            return escape(row.note) + origin
        why = "Lý do thay đổi" if row.jumped else ""
        return (
            f'<textarea name="n-{slug}" data-base="{row.note_base}" rows="1" '
            f'maxlength="{entries.MOST["note"]}" placeholder="{why}" '
            f'aria-label="Ghi chú dòng {row.number}">{escape(row.note)}</textarea>{origin}'
        )

    def _proof(self, row: FormRow, slug: str) -> str:
        files = "".join(map(self._file, row.evidence))
        if not self.open:
            return files
        pick = "Thêm tệp" if row.evidence else "Chọn tệp"
        return (
            f'{files}<label class="pick plain">{pick}<input type="file" name="f-{slug}" '
            'class="visually-hidden" data-upload multiple></label>'
            f'<input class="link-in" name="l-{slug}" data-link maxlength="500" '
            'placeholder="hoặc dán địa chỉ trang" '
            f'aria-label="Địa chỉ trang làm minh chứng dòng {row.number}" autocomplete="off">'
            f"{self._wanted(row)}"
        )

    def _file(self, proof: Evidence) -> str:
        address = escape(reverse("reporting:evidence", args=[proof.pk]))
        off = f' <button class="link" name="detach" value="{proof.pk}">Gỡ</button>'
        taken_off = off if self.open and self.drafted else ""
        return f'<div><a href="{address}">{escape(proof.file_name)}</a>{taken_off}</div>'

    def _wanted(self, row: FormRow) -> str:
        """What evidence a figure still lacks."""
        if not row.element.evidence or row.evidence:
            return ""
        if row.asked.proven:
            return _help("Số không đổi thì dùng minh chứng kỳ trước.")
        return _help("Dùng minh chứng chung." if self.proven else "Bắt buộc")


def _help(words: str) -> str:
    return f'<div class="help">{escape(words)}</div>' if words else ""


def _striking(row: FormRow) -> str:
    if row.errors or row.conflicts:
        return ' class="wrong"'
    return ' class="asked"' if row.questions or row.remark or row.fresh else ""


def _before(row: FormRow) -> str:
    return escape(row.previous or "–") + _help(row.asked.previous_period)


def _choice(row: FormRow, slug: str) -> str:
    """A list of degrees to choose from."""
    offered = "".join(
        f"<option{' selected' if c == row.text else ''}>{escape(c)}</option>" for c in row.choices
    )
    return (
        f'<select class="figure" id="v-{slug}" name="v-{slug}" data-base="{row.base}" '
        f'title="Chọn mức độ" {_described(row, slug)}>'
        f'<option value="">chọn mức độ</option>{offered}</select>'
    )


def _field(row: FormRow, slug: str) -> str:
    """A field for a number or a day."""
    is_date = row.element.kind == "date"
    shape = 'placeholder="ngày/tháng/năm" ' if is_date else ""
    return (
        f'<input class="figure" id="v-{slug}" name="v-{slug}" data-base="{row.base}" '
        f'value="{escape(row.text)}" maxlength="{entries.MOST["value"]}" '
        f'inputmode="{"text" if is_date else "decimal"}" autocomplete="off" '
        f'title="{escape(row.hint)}" {shape}{_described(row, slug)}>'
    )


def _described(row: FormRow, slug: str) -> str:
    return f'aria-describedby="m-{slug}"' + (' aria-invalid="true"' if row.errors else "")
