"""Another system's Excel template, filled without being harmed (điền biểu mẫu của hệ thống khác).

In: the template, a `Mapping` (which cell, column or block of rows takes what) and `Material` (the
figures). Out: the same file with those cells filled, and no other cell or part changed.
Read in this order: mapping.py (what is asked), catalogue.py (what may be filled in), template.py
(the file as found, with validations.py), checking.py (a mapping against a template), placing.py
(values into cells), looks.py (how a value is written), patching.py (cells into the file).
"""

from namro.workbook.filling.catalogue import FIELDS, Field, fields_for
from namro.workbook.filling.checking import Known, check
from namro.workbook.filling.mapping import (
    Block,
    Column,
    FaultyMapping,
    Look,
    Mapping,
    Spot,
    mapping_of,
)
from namro.workbook.filling.patching import fill
from namro.workbook.filling.placing import Filled, Material, Number, Placed, Row, place
from namro.workbook.filling.template import Template, TemplateSheet, open_template

__all__ = [
    "FIELDS",
    "Block",
    "Column",
    "FaultyMapping",
    "Field",
    "Filled",
    "Known",
    "Look",
    "Mapping",
    "Material",
    "Number",
    "Placed",
    "Row",
    "Spot",
    "Template",
    "TemplateSheet",
    "check",
    "fields_for",
    "fill",
    "mapping_of",
    "open_template",
    "place",
]
