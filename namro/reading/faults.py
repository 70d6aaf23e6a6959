from __future__ import annotations
from typing import Any
from namro.terms import Fault


def read(*args: Any, **named: Any) -> tuple[Fault, ...]:
    return ()
