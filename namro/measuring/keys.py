"""Strict reading of one TOML table: every key is asked for by name and type, none is left over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any


class FaultyDefinition(Exception):
    """A definition cannot be used. The message is Vietnamese and names file, line and key."""

    def __init__(self, file: str, key: str, what: str, line: int | None = None) -> None:
        where = f", dòng {line}" if line else ""
        super().__init__(f"Tệp {file}{where}, mục “{key}”: {what}")
        self.file, self.key, self.what, self.line = file, key, what, line

    def at(self, line: int) -> FaultyDefinition:
        """The same, with its line."""
        return FaultyDefinition(self.file, self.key, self.what, line)


def meant(told: object, known: Iterable[str]) -> str:
    """ " Có thể là “stock”." where something known is spelt nearly so; else ""."""
    near = get_close_matches(str(told), list(known), n=1, cutoff=0.7)
    return f" Có thể là “{near[0]}”." if near else ""


REQUIRED: Any = object()
_NAMES = {
    str: "một đoạn chữ trong ngoặc kép",
    bool: "true hoặc false",
    int: "một số nguyên",
    list: "một danh sách trong ngoặc vuông",
    dict: "một bảng các mục",
}


class Keys:
    """A TOML table whose keys are taken one by one; `finish` refuses those nobody took.

    Every method raises FaultyDefinition when the key is missing (and has no default) or its value
    is of another type.
    """

    def __init__(self, table: Mapping[str, Any], file: str, where: str = "") -> None:
        self._left, self._asked = dict(table), set[str]()
        self.file, self.where = file, where

    def path(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def fault(self, key: str, what: str) -> FaultyDefinition:
        return FaultyDefinition(self.file, self.path(key), what)

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def raw(self, key: str, default: Any = REQUIRED) -> Any:
        self._asked.add(key)
        if key not in self._left:
            if default is REQUIRED:
                raise self.fault(key, "thiếu mục bắt buộc này; hãy thêm vào." + self._slip(key))
            return default
        return self._left.pop(key)

    def _slip(self, key: str) -> str:
        near = get_close_matches(key, list(self._left), n=1, cutoff=0.7)
        return f" Có phải “{near[0]}” là mục này bị gõ sai?" if near else ""

    def _typed(self, key: str, kind: type, default: Any) -> Any:
        value = self.raw(key, default)
        if value is default:
            return value
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.fault(key, f"phải là {_NAMES[kind]}, đang là {value!r}.")
        return value

    def text(self, key: str, default: str | None = REQUIRED) -> Any:
        value = self._typed(key, str, default)
        if isinstance(value, str) and not value.strip():
            raise self.fault(key, "không được để trống.")
        return value

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = REQUIRED) -> Any:
        value = self.text(key, default)
        if value is not None and value not in allowed:
            raise self.fault(
                key, f"“{value}” không dùng được; hãy chọn một trong: {', '.join(allowed)}."
            )
        return value

    def whole(self, key: str, low: int, high: int, default: int = REQUIRED) -> int:
        value: int = self._typed(key, int, default)
        if not low <= value <= high:
            raise self.fault(key, f"phải từ {low} đến {high}, đang là {value}.")
        return value

    def number(self, key: str, default: Decimal | None = REQUIRED) -> Any:
        value = self.raw(key, default)
        if value is default:
            return value
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.fault(key, f"phải là một số, đang là {value!r}.")
        return Decimal(value)

    def flag(self, key: str, default: bool = False) -> bool:
        return bool(self._typed(key, bool, default))

    def texts(self, key: str, default: tuple[str, ...] = REQUIRED) -> tuple[str, ...]:
        value = self._typed(key, list, default)
        if not all(isinstance(v, str) and v.strip() for v in value):
            raise self.fault(key, "phải là danh sách các đoạn chữ không trống.")
        return tuple(value)

    def table(self, key: str, default: Mapping[str, Any] = REQUIRED) -> Mapping[str, Any]:
        value: Mapping[str, Any] = self._typed(key, dict, default)
        return value

    def tables(self, key: str) -> list[Keys]:
        """A TOML array of tables ([[key]]), possibly absent."""
        value = self._typed(key, list, ())
        if not all(isinstance(v, dict) for v in value):
            raise self.fault(key, "phải là danh sách các bảng ([[…]]).")
        return [Keys(v, self.file, f"{self.path(key)} {i}") for i, v in enumerate(value, start=1)]

    def finish(self) -> None:
        """Raises FaultyDefinition when a key is left that no definition knows."""
        if self._left:
            key = next(iter(self._left))
            raise self.fault(
                key,
                f"không có mục nào tên như vậy; hãy bỏ đi hoặc sửa tên.{meant(key, self._asked)}",
            )
