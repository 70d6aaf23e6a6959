"""Numbers, dates and moments on the page, as officials write them. Loaded in every template."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from namro import vietnamese

register = template.Library()


@register.filter
def number(value, digits=None):
    """1035 → "1.035"; 71.94|number:1 → "71,9"; nothing → "–"."""
    if value is None or value == "":
        return "–"
    return vietnamese.format_number(Decimal(value), None if digits is None else int(digits))


@register.filter
def day(value):
    """A date or moment as 03/6/2025; nothing → ""."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return vietnamese.format_date(value) if isinstance(value, date) else (value or "")


@register.filter
def moment(value):
    """A moment as 16:00, 20/9/2025."""
    if not value:
        return ""
    local = timezone.localtime(value)
    return f"{local:%H:%M}, {vietnamese.format_date(local.date())}"


@register.filter
def cell(value, kind="text"):
    """One cell of a list, by its column's kind."""
    if value is None or value == "":
        return "–" if kind == "number" else ""
    if kind == "number" and isinstance(value, int | Decimal):
        return vietnamese.format_number(Decimal(value))
    if isinstance(value, datetime):
        return moment(value)
    return day(value) if isinstance(value, date) else value


@register.filter
def at(mapping, key):
    """mapping[key], for templates; nothing where it is not there."""
    return mapping.get(key) if mapping else None


@register.simple_tag(takes_context=True)
def address(context, **changes):
    """This page's address with some of its query changed."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query[key] = value
    return "?" + query.urlencode()


@register.simple_tag
@lru_cache(maxsize=16)
def sign(standing: str) -> SafeString:
    """The sign of a standing, drawn once: pages have thousands."""
    return SafeString(render_to_string("frame/sign.html", {"standing": str(standing)}).strip())
