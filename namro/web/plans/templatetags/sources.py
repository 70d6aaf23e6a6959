"""The way from a target or task back to its sentence."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from namro import vietnamese
from namro.web.plans import rules

register = template.Library()


@register.filter
def legible(text):
    """Crumbs of a converted file ("$\\geq 45\\%$") as signs; the length is kept."""
    return vietnamese.legible(text or "")


@register.filter
def section_name(section):
    """A section as people call it."""
    return rules.section_name(section or "")


@register.simple_tag
def source_of(thing):
    """The address of the document with the words of this target or task lit."""
    address = reverse("plans:source", args=[thing.plan_id])
    place = thing.place or {}
    asked = {k: place[k] for k in ("block", "start", "end") if place.get(k) is not None}
    return f"{address}?{urlencode(asked)}#doan-{asked['block']}" if len(asked) == 3 else address


@register.filter
def rest(text, start):
    """The text from a character on."""
    return text[int(start) :]


@register.filter
def minutes(seconds):
    """Seconds as whole minutes, rounded up."""
    return -(-int(seconds) // 60)
