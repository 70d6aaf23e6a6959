"""How sure each field of a target is, by the kind of evidence."""

from __future__ import annotations

import re

from namro.reading import quantities
from namro.reading.quantities import Quantity
from namro.reading.target_fields import Sentence
from namro.terms import Comparator


def confidence(
    whole: Sentence, quantity: Quantity, due: float, *, from_column: bool = False
) -> dict[str, float]:
    """How sure each field is: by the kind of evidence, never above that of the letters."""
    at = whole.start
    base = whole.block.sureness(at + quantity.start, at + quantity.end)
    return scaled(
        base,
        {
            "value": 0.9 if quantity.bracketed or not quantity.known_unit else 0.99,
            "comparator": _sure_of_comparator(whole.text, quantity, scanned=base < 1),
            "unit": 0.95 if from_column else _sure_of_unit(quantity),
            "deadline": due,
        },
    )


def _sure_of_comparator(text: str, quantity: Quantity, *, scanned: bool) -> float:
    """Less where the sign is "khoảng" or a bare "từ", far from its number, or a scanned ">"."""
    words = text[quantity.start : quantity.number_at].strip()
    if quantity.approx or (
        scanned and quantity.comparator in (Comparator.MORE_THAN, Comparator.LESS_THAN)
    ):
        return 0.6
    if quantity.comparator is Comparator.RANGE:
        return 0.8 if re.search(r"nhất|thiểu|trên|dưới", words) else 0.95
    if words.lower() == "từ" or quantity.ranking:
        return 0.75
    return 0.85 if len(words) > 25 else 0.97


def _sure_of_unit(quantity: Quantity) -> float:
    """A sign or a measure is sure; of a counted noun it is open how many words belong to it."""
    if quantity.percent:
        return 0.98 if quantity.unit == "%" else 0.9
    if quantity.unit is None:
        return 0.75
    if not quantity.known_unit:
        return 0.6
    return 0.85 if quantities.counted_at(quantity.unit, 0) else 0.95


def scaled(base: float, fields: dict[str, float]) -> dict[str, float]:
    """The fields of something read from letters that are themselves `base` sure."""
    return {name: round(sure * base, 2) for name, sure in fields.items()}
