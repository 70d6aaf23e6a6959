"""The ledger of what was said, slices of raw records, and what is derived from both."""

from django.conf import settings
from django.db import models

from namro.web.facts.rules import DOUBT_STATES, REMOVAL_REASONS, REQUEST_STATES
from namro.web.frame.exact import ExactField
from namro.web.org.models import Unit


class Ledger(models.Model):
    """One row. Who writes facts locks it first, so that ids become visible in order.

    `built_from` is a mark of what the figures rest on besides facts (assignments, definitions,
    the tree of units); its token is another whenever something of it was taken in.
    `closed_at`: a paper was issued as of this moment; nothing is recorded as of it or before.
    """

    last_id = models.BigIntegerField(default=0)
    built_from = models.JSONField(default=dict)
    rebuild_began_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)


class Touched(models.Model):
    """Something changed that figures rest on besides facts: a row by triggers (see `watching.py`).

    Taken away by who brought the figures up to date; `by_transaction` tells one writer's own row.
    """

    what = models.CharField(max_length=8)
    by_transaction = models.CharField(max_length=60)


class KnownPeriod(models.Model):
    """A period for which figures are kept (kỳ đã mở); any other period is computed when asked."""

    code = models.CharField(max_length=8, primary_key=True)
    opened_at = models.DateTimeField()
    rebuilt_at = models.DateTimeField(null=True)


class KnownAncestor(models.Model):
    """A line of the tree that figures are kept under (cây đơn vị của số liệu): who stands above
    whom, from when to when; a copy that is renewed when the figures follow (see `lineage.py`).
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    ancestor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "ancestor", "from_on", "to_on"], name="known_ancestor")
        ]


class KnownSuccession(models.Model):
    """Who gave way to whom on which day, as the figures know it: a copy like `KnownAncestor`."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    heir = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()


class Expected(models.Model):
    """A unit that owes a measure, from when to when (đơn vị phải báo): derived from assignments.

    `known_from`: since when this was so in the books; empty: always.
    """

    measure = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="expected")
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    known_from = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "unit", "from_on"], name="one_expectation")
        ]
        indexes = [models.Index(fields=["unit", "measure"])]


class FormerExpected(models.Model):
    """What was expected until assignments changed: answers as of a moment before rest on it."""

    measure = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    known_from = models.DateTimeField(null=True)
    known_until = models.DateTimeField()


class Observation(models.Model):
    """What a unit officially said of an element and a period (giá trị đã báo): append-only.

    A correction is a new row. Each carries the signed change it makes (`delta`) and `dn`:
    +1 a first value, 0 a correction, -1 a withdrawal (value null), so that every as-of question
    is a plain sum. `source` names the paper trail ("submission:12"), `cell` the very cell.
    """

    element = models.CharField(max_length=80)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="observations", db_index=False
    )
    period = models.CharField(max_length=8)
    value = ExactField(null=True)
    delta = ExactField()
    dn = models.SmallIntegerField()
    recorded_at = models.DateTimeField()
    source = models.CharField(max_length=60)
    cell = models.CharField(max_length=60, blank=True)

    class Meta:
        # A form speaks of one unit, one period and hundreds of elements: it is one run of the
        # index, and is read from it alone. The rows themselves lie far from each other.
        indexes = [
            models.Index(
                fields=["unit", "period", "element", "delta", "dn"], name="observation_forms"
            )
        ]


class Batch(models.Model):
    """A file of raw records taken in (lô dữ liệu): one data set, one period, many units.

    `code` names it in the store, in the order of time. `sha256` is that of the file as sent, which
    is not kept (it may name persons); `records_sha256` that of the slice kept from it (Parquet).
    """

    code = models.CharField(max_length=40, unique=True)
    dataset = models.CharField(max_length=60)
    period = models.CharField(max_length=8)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    records_sha256 = models.CharField(max_length=64)
    rows = models.IntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="batches"
    )


class BatchSlice(models.Model):
    """The records of one unit in a batch; the newest slice of (data set, unit, period) counts."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="slices")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="record_slices")
    rows = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "unit"], name="one_slice_a_unit_and_batch")
        ]


class Removal(models.Model):
    """Records of a batch that were deleted (xóa bản ghi): append-only, with what is left of them.

    `units`: ids of those some of whose records went; their counts stay as they were (`Tally`).
    `records_sha256`: the slice that is left, empty where nothing is; `gone_sha256` the one before,
    which is no longer kept. Whose records they were, where one person asked, is not said.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="removals")
    units = models.JSONField()
    rows = models.IntegerField()
    reason = models.CharField(max_length=10, choices=list(REMOVAL_REASONS.items()))
    note = models.CharField(max_length=300, blank=True)
    records_sha256 = models.CharField(max_length=64, blank=True)
    gone_sha256 = models.CharField(max_length=64)
    removed_at = models.DateTimeField()
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )


class RemovalRequest(models.Model):
    """Somebody asked that a person's records be deleted (đề nghị xóa bản ghi): one person enters
    it, another has it carried out.

    Whom it is about is not kept. `mark` tells only whether a number entered again is the same one:
    a keyed hash of its own for each request, which fits no record; emptied when it is decided.
    `unit`: within which it was looked for. `found`: [{batch, column, units: {unit id: rows}}].
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    document = models.CharField("số, ký hiệu văn bản", max_length=80)
    document_on = models.DateField("ngày văn bản")
    reason = models.CharField("lý do", max_length=300)
    found = models.JSONField()
    mark = models.CharField(max_length=96, blank=True)
    state = models.CharField(
        max_length=10, default="WAITING", choices=list(REQUEST_STATES.items()), db_index=True
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)
    removals = models.ManyToManyField(Removal, related_name="requests")

    @property
    def rows(self) -> int:
        """How many records were found."""
        return sum(n for one in self.found for n in one["units"].values())


class Tally(models.Model):
    """How many records of a slice meet a condition ("dossiers?channel=online"): derived."""

    slice = models.ForeignKey(BatchSlice, on_delete=models.CASCADE, related_name="tallies")
    source = models.CharField(max_length=160)
    value = ExactField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slice", "source"], name="one_tally_a_source")
        ]


class Figure(models.Model):
    """The parts of one term, for a period and a unit with all below it: derived, deletable.

    Kept in the same transaction as the facts; compared with the direct computation by `verify`.
    Rows lie in the order of their key (on SQLite the table is its key): a board reads a run of each
    unit, a form writes one.
    """

    pk = models.CompositePrimaryKey("period", "unit", "term")
    term = models.CharField(max_length=100)
    period = models.CharField(max_length=8)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="figures", db_index=False)
    numerator = ExactField()
    denominator = ExactField()
    # Leaves that enter the figure, and those of them that spoke for the last period due.
    counted = models.IntegerField()
    heard = models.IntegerField()
    # What this unit itself put in (a unit may report and have others below it).
    own_numerator = ExactField(default=0)
    own_denominator = ExactField(default=0)
    own_counted = models.SmallIntegerField(default=0)
    own_heard = models.SmallIntegerField(default=0)
    # Units that owe the measure here and below on the period's last day; whether this one does.
    expected = models.IntegerField(default=0)
    own_expected = models.SmallIntegerField(default=0)


class FigureVersion(models.Model):
    """One row: the token of the state that figure rows are in (see `versions.py`).

    Another after every change, by triggers. `before`: the one that the latest step began with.
    """

    token = models.BigIntegerField()
    before = models.BigIntegerField(default=0)


class FigureStep(models.Model):
    """Which figure rows changed from one token to the next; only the last ones are kept.

    `touched`: period code → unit ids, as JSON.
    """

    before = models.BigIntegerField()
    after = models.BigIntegerField()
    touched = models.TextField()


class EstateFigure(models.Model):
    """What a split or dissolved unit left of a term and a period, kept by those above its heirs.

    Derived and deletable like `Figure`; `ended_on`: the day the unit was split or dissolved.
    """

    term = models.CharField(max_length=100)
    period = models.CharField(max_length=8)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    ended_on = models.DateField()
    numerator = ExactField()
    denominator = ExactField()
    counted = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["term", "period", "unit", "ended_on"], name="one_estate_figure"
            )
        ]


class Doubt(models.Model):
    """A doubt about one value, found by a named check (điểm nghi vấn); never changes the value.

    Open until it is explained by the unit, accepted by who approves, or the value is corrected.
    """

    check_name = models.CharField("phép kiểm tra", max_length=12)
    element = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="doubts")
    period = models.CharField(max_length=8)
    value = ExactField()
    why = models.CharField(max_length=300)
    found_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, default="OPEN", choices=list(DOUBT_STATES.items()), db_index=True
    )
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["check_name", "element", "unit", "period", "value"], name="one_doubt"
            )
        ]
        indexes = [models.Index(fields=["element", "unit"])]


class MeasureText(models.Model):
    """A definition's text by its hash, from its first use on: a past report can be recomputed."""

    hash = models.CharField(max_length=64, primary_key=True)
    measure = models.CharField(max_length=80, db_index=True)
    text = models.TextField()
    first_used_at = models.DateTimeField()
