"""measuring: definitions + tables in → results out. How far has it come?

In: TOML definitions (the library), and tables as `schema.py` promises them. Out: exact results.
Read in this order: kinds.py (the words), definitions.py (TOML → kinds), figures.py (one leaf, live)
and assembly.py (division and combination), schema.py, compile.py and direct.py (all from the
store), standing.py (against a threshold), explain.py (in Vietnamese), records.py (raw records in).

`measuring.explain` is the function; its module's `steps` and `shown` are exported as well.
`measuring.records` is the module of raw records; the query is exported as `read_records`.
"""

from namro.measuring import records
from namro.measuring.definitions import (
    Choice,
    Column,
    Condition,
    Count,
    Dataset,
    Element,
    Example,
    FaultyDefinition,
    Library,
    Measure,
    Part,
    Source,
    Term,
    elements_of,
    load,
    terms_of,
)
from namro.measuring.dense import Columns
from namro.measuring.direct import columns, measure
from namro.measuring.direct import records as read_records
from namro.measuring.engines import StoreFault, Tables, in_memory, open_store
from namro.measuring.explain import explain, shown, steps
from namro.measuring.figures import Parts, Result, assemble, leaf, touched
from namro.measuring.sources import SourceRow, sources
from namro.measuring.standing import describe_threshold, explain_standing, judge, reached

__all__ = [
    "Choice",
    "Column",
    "Columns",
    "Condition",
    "Count",
    "Dataset",
    "Element",
    "Example",
    "FaultyDefinition",
    "Library",
    "Measure",
    "Part",
    "Parts",
    "Result",
    "Source",
    "SourceRow",
    "StoreFault",
    "Tables",
    "Term",
    "assemble",
    "columns",
    "describe_threshold",
    "elements_of",
    "explain",
    "explain_standing",
    "in_memory",
    "judge",
    "leaf",
    "load",
    "measure",
    "open_store",
    "reached",
    "read_records",
    "records",
    "shown",
    "sources",
    "steps",
    "terms_of",
    "touched",
]
