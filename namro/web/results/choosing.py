"""What an address asks to be looked at: ?ky=2025Q3&tinh-den=2025-09-20T16:00&don-vi=12."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from html import escape
from urllib.parse import quote_plus, urlencode

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from namro.terms import Period
from namro.web.facts import queries as facts
from namro.web.frame.clock import through_minute
from namro.web.frame.days import read_moment, write_moment
from namro.web.org import queries as org
from namro.web.org.models import Unit, User
from namro.web.org.rules import Kind, Verb
from namro.web.results import rules
from namro.web.results.sight import View, look

TODAYS_UNITS = "hien-nay"
"""In an address: the figures of the units of today, also of a period before they were formed."""


class BadAddress(ValueError):
    """The address asks for what cannot be; the message is Vietnamese, for the page."""


@dataclass(frozen=True)
class Chooser:
    """What `results/chooser.html` draws: the view, and what else might be chosen. `options`: the
    units, the one looked at first."""

    view: View
    periods: list[tuple[str, list[Period]]]
    options: SafeString

    @property
    def as_of_text(self) -> str:
        return write_moment(self.view.as_of)

    @property
    def was_reorganised(self) -> bool:
        """Whether units were reorganised after the period, so that there are two trees to ask."""
        return any(on > self.view.period.last_day() for *_, on in org.successions())

    @property
    def other_tree_query(self) -> str:
        """The same with today's units, or with those of the time."""
        return query_of(replace(self.view, tree_on=None if self.view.tree_on else self.view.on))

    @property
    def now_query(self) -> str:
        """The same unit and period as things are now."""
        return query_of(replace(self.view, as_of=None))


def view_of(viewer: User, query: Mapping[str, str], now: datetime) -> View:
    """The view an address asks for. Raises BadAddress, and NotAllowed for a unit out of reach."""
    on = timezone.localdate(now)
    view = look(
        viewer,
        unit=_unit(query.get("don-vi", "").strip()),
        period=_period(query.get("ky", "").strip()),
        as_of=_moment(query.get("tinh-den", "").strip(), now),
        on=on,
    )
    return replace(view, tree_on=on) if query.get("cay") == TODAYS_UNITS else view


def chooser_of(viewer: User, view: View) -> Chooser:
    """The choices beside a view. One query, unless units and reach are as they were."""
    found = rules.choosable(view.known) or [view.period]
    if view.period not in found:
        found.insert(0, view.period)
    kept = [p for p in found if p in view.known]
    wholes = [p for p in found if p not in view.known]
    named = (("Kỳ báo cáo đã mở", kept), ("Lũy kế, tổng hợp", wholes))
    return Chooser(view, [(label, p) for label, p in named if p], _options_of(viewer, view))


def _options_of(viewer: User, view: View) -> SafeString:
    """The unit looked at, then provinces, then the others by name: a nation's thousands."""
    unit, tops = view.unit, [u.pk for u in org.reaches(viewer, Verb.SEE_FIGURES, view.on)]
    first = f'<option value="{escape(unit.code)}" selected>{escape(unit.label)}</option>'
    told = _options(tuple(sorted(tops)), view.on, view.state)
    rest = (text for pk, text in told if pk != unit.pk)
    return mark_safe(first + "".join(rest))  # each is escaped where it is written


@lru_cache(maxsize=64)
def _options(tops: tuple[int, ...], on: date, state: str) -> list[tuple[int, str]]:
    """(unit id, its option) of all units under some, kept while units stay as they are (`state`):
    provinces first."""
    told = sorted(facts.cards_under(tops, on, state), key=lambda c: c.kind != Kind.PROVINCE)
    return [(c.pk, f'<option value="{escape(c.code)}">{escape(c.label)}</option>') for c in told]


def query_of(view: View, **more: str) -> str:
    """The same view as an address's query; `more` adds to it or replaces."""
    asked = {"ky": view.period.code, "don-vi": view.unit.code}
    if view.as_of:
        asked["tinh-den"] = f"{timezone.localtime(view.as_of):%Y-%m-%dT%H:%M}"
    if view.tree_on:
        asked["cay"] = TODAYS_UNITS
    return "?" + urlencode({**asked, **more})


def queries_of_units(view: View) -> Callable[[str], str]:
    """From a unit's code to the address's query that asks for that unit: for thousands of them."""
    before, after = query_of(view, **{"don-vi": _A_UNIT}).split(_A_UNIT)
    return lambda code: before + quote_plus(code) + after


_A_UNIT = "a_unit"


def _unit(code: str) -> Unit | None:
    if not code:
        return None
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise BadAddress(f"Không có đơn vị mang mã “{code}”.")
    return unit


def _period(code: str) -> Period | None:
    if not code:
        return None
    try:
        return Period.of(code)
    except ValueError as why:
        raise BadAddress(str(why)) from why


def _moment(text: str, now: datetime) -> datetime | None:
    if not text:
        return None
    try:
        moment = read_moment(text)
    except ValueError as why:
        raise BadAddress(
            f"Thời điểm chốt số liệu không đúng: “{text}”. Hãy ghi giờ và ngày theo mẫu "
            "16:00 20/9/2025."
        ) from why
    if moment > now:
        raise BadAddress("Thời điểm chốt số liệu chưa đến. Hãy chọn một thời điểm đã qua.")
    return through_minute(moment, now)
