"""Exact decimals in every database: a Decimal kept as an integer of ten-thousandths."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models

DIGITS = 4
SCALE = 10**DIGITS


def to_scaled(value: Decimal | int | str) -> int:
    """32.5 → 325000. Raises ValueError where more than four decimals would be lost."""
    scaled = Decimal(value) * SCALE
    if scaled != scaled.to_integral_value():
        raise ValueError(f"Số có quá {DIGITS} chữ số thập phân: {value}")
    return int(scaled)


def from_scaled(scaled: int) -> Decimal:
    return Decimal(scaled) / SCALE


class ExactField(models.BigIntegerField):
    """A Decimal with up to four decimals, stored as BIGINT: SQLite has no exact decimal of its own.

    Sums in SQL come back as Decimals too. Compare and assign Decimals, ints or numeric text.
    """

    description = "Số thập phân chính xác"

    def from_db_value(self, value, expression, connection):
        return None if value is None else from_scaled(value)

    def to_python(self, value):
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(value)
        except (ArithmeticError, TypeError, ValueError) as why:
            raise ValidationError(f"Không phải là số: {value!r}") from why

    def get_prep_value(self, value):
        return None if value is None else to_scaled(value)

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "namro.web.frame.exact.ExactField", args, kwargs
