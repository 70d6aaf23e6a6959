"""The peer of `bench.returns`: Frictionless with the same rules, told to name every fault.

Imported only where it is installed (group `bench`).
"""

from __future__ import annotations

from pathlib import Path

from frictionless import Checklist, Detector, Resource, Schema, system

from bench import returns

DAY = {"type": "date", "format": "%Y-%m-%d"}


def schema() -> Schema:
    """What the data set's declaration says, in the peer's words."""
    first, last = (day.isoformat() for day in returns.days_of_period())
    units = [f"x{i:05d}" for i in range(returns.UNITS)]
    within = {"required": True, "minimum": first, "maximum": last}
    rules = {
        "dossier": {"type": "string", "constraints": {"required": True}},
        "unit": {"type": "string", "constraints": {"required": True, "enum": units}},
        "procedure": {"type": "string", "constraints": {"required": True}},
        "field": {"type": "string"},
        "received_on": DAY | {"constraints": within},
        "channel": _choice(returns.CHANNELS, required=True),
        "digitised": _choice(returns.YES, required=True),
        "due_on": DAY,
        "resolved_on": DAY,
        "result_electronic": _choice(returns.YES),
        "paid_online": _choice(returns.PAID),
        "satisfaction": {"type": "number"},
    }
    fields = [{"name": name, **rules[name]} for name in returns.HEAD]
    return Schema.from_descriptor({"fields": fields, "primaryKey": ["dossier"]})


def _choice(words: tuple[str, ...], required: bool = False) -> dict:
    return {"type": "string", "constraints": {"enum": list(words), "required": required}}


def through_frictionless(file: Path, room: Path) -> list[returns.Cell]:
    """The cells in which the peer names a fault, each once."""
    with system.use_context(trusted=True):
        resource = Resource(path=str(file), schema=schema(), detector=Detector(schema_sync=False))
        report = resource.validate(Checklist(), limit_errors=10_000_000)
    told = report.flatten(["rowNumber", "fieldNumber"])
    return sorted({(row, field - 1) for row, field in told if row and field})
