"""The official form (thể thức): what a document deviates in from the rules of its day.

Party papers follow Hướng dẫn 36-HD/VPTW (2018), from 27 May 2026 Hướng dẫn 05-HD/VPTW; State
papers Decree 30/2020/NĐ-CP, Appendix I. `forms.py` holds the dated rules, `lines.py` what a file
shows (text, and for .docx how it looks), `page.py`, `parts.py` and `wording.py` find deviations.
The only door is `check_form`.
"""

from namro.reading.form.checking import FormChecked, check_form
from namro.reading.form.forms import RULES

__all__ = ["RULES", "FormChecked", "check_form"]
