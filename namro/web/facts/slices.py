"""Raw records on their way in: checked and stripped by measuring, kept as one Parquet file."""

from __future__ import annotations

import hashlib
import hmac
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePath

from django.conf import settings
from django.utils import timezone

from namro.measuring import records
from namro.measuring.definitions import Dataset, Library
from namro.measuring.doubles import HINT, Slice, doubles
from namro.measuring.records import KnownUnits, RecordsRead
from namro.measuring.records.door import Progress
from namro.measuring.records.faults import CellFault, Faults
from namro.terms import Fault, Period
from namro.vietnamese import format_date
from namro.web.facts.cells import newest_slices
from namro.web.facts.models import Batch, BatchSlice, Tally
from namro.web.facts.remains import left_of, records_of
from namro.web.frame import files
from namro.web.org import queries as org
from namro.web.org.models import Unit

_CHUNK = 1024 * 1024


class FaultyRecords(ValueError):
    """A file of records cannot be taken; `faults` say where, why and how to mend (Vietnamese).

    `read`: what came of reading it, with the list of all faults while the caller's room is there.
    """

    def __init__(self, faults: tuple[Fault, ...], read: RecordsRead | None = None) -> None:
        super().__init__(faults[0].message if faults else "Tệp không nạp được.")
        self.faults, self.read = faults, read


class AlreadyTaken(ValueError):
    """The very same file was taken in before and still counts; the message is Vietnamese."""


@dataclass(frozen=True)
class Received:
    """A file that passed: what was kept of it, by SHA-256, and how many records per unit code."""

    code: str
    sha256: str
    records_sha256: str
    read: RecordsRead
    room: Path | None = None


def chunks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    for chunk in chunks_of(path):
        digest.update(chunk)
    return digest.hexdigest()


def hash_key() -> bytes:
    """The key of personal hashes: derived once from the secret key, then kept beside the data.

    It outlives a change of the secret key: a person must stay the same person. Removing the file
    cuts all ties between old records and new ones.
    """
    kept = Path(settings.NAMRO_HOME) / "records.key"
    if not kept.exists():
        made = hmac.digest(settings.SECRET_KEY.encode(), b"namro records", "sha256")
        beside = kept.with_suffix(".part")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(made.hex().encode())
        os.replace(beside, kept)
    return bytes.fromhex(kept.read_text().strip())


def receive(
    path: Path,
    dataset: Dataset,
    period: Period,
    units: KnownUnits,
    at: datetime,
    name: str,
    *,
    room: Path | None = None,
    progress: Progress | None = None,
) -> Received:
    """Check a file and keep what may be kept of it. Raises FaultyRecords; then nothing is kept.

    `name`: what the person knows the file by. `room`: where the list of all faults is left.
    """
    digest = sha256_of(path)
    code = f"{at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{digest[:8]}"
    Path(settings.NAMRO_HOME).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=room or settings.NAMRO_HOME) as folder:
        read = records.receive(
            path, dataset, units=units, period=period, batch=code,
            out=Path(folder) / "slice.parquet", hash_key=hash_key(), room=room or Path(folder),
            suffix=PurePath(name).suffix, progress=progress,
        )  # fmt: skip
        if read.faults:
            raise FaultyRecords(_renamed(read.faults, path.name, name), read)
        assert read.path is not None
        kept, _ = files.keep(chunks_of(read.path))
    return Received(code, digest, kept, read, room)


def _renamed(faults: tuple[Fault, ...], was: str, name: str) -> tuple[Fault, ...]:
    """The faults under the name that the person knows the file by."""
    return tuple(
        replace(f, place=replace(f.place, file=name)) if f.place and f.place.file == was else f
        for f in faults
    )


def refuse_twice(dataset: str, period: str, sha256: str) -> None:
    """Raises AlreadyTaken when this very file was taken in and still counts for all its units."""
    for batch in Batch.objects.filter(dataset=dataset, period=period, sha256=sha256):
        if not batch.slices.exclude(pk__in=newest_slices().values("pk")).exists():
            moment = timezone.localtime(batch.recorded_at)
            raise AlreadyTaken(
                f"Tệp này đã được nạp lúc {moment:%H:%M} ngày {format_date(moment.date())} "
                f"({batch.file_name}); số liệu không thay đổi."
            )


def refuse_doubles(dataset: Dataset, period: Period, received: Received, file: str) -> None:
    """Raises FaultyRecords where a key stands already in a slice that is counted with the new."""
    if not dataset.once:
        return
    coming = [Slice("", unit, period) for unit in received.read.slices]
    standing = _standing(dataset, period, set(received.read.slices))
    read, new = received.read, files.path_of(received.records_sha256)
    title, place = dataset.columns[dataset.key].title, read.places[dataset.key]
    with tempfile.TemporaryDirectory(dir=settings.NAMRO_HOME) as folder:
        room = received.room or Path(folder)
        with Faults(file, room) as faults:
            faults.sheet = read.sheet
            found = doubles(
                new, coming, standing, dataset, heirs=_heirs(dataset, period), room=Path(folder)
            )
            faults.join(_counted_elsewhere(found, title, place))
        if faults:
            listed = faults.written() if received.room else None
            raise FaultyRecords(faults.shown(), replace(read, all_faults=listed))


def _counted_elsewhere(
    found: Iterable[tuple[int, str, str]], title: str, place: int
) -> Iterator[CellFault]:
    for line, unit, code in found:
        said = f"cột “{title}”: đã có trong dữ liệu {Period.of(code).label} của đơn vị “{unit}”."
        yield CellFault(line, place, "COUNTED_ELSEWHERE", said, HINT)


def _standing(dataset: Dataset, period: Period, units: set[str]) -> dict[Slice, Path]:
    """The slices that count now and may be counted with new ones of a period, with their files;
    not those whose place the new ones take, nor those whose records are deleted."""
    periods = Batch.objects.filter(dataset=dataset.slug).values_list("period", flat=True).distinct()
    near = [code for code in periods if _is_near(dataset, Period.of(code), period)]
    rows = newest_slices().filter(batch__dataset=dataset.slug, batch__period__in=near)
    found, paths = {}, dict[int, Path | None]()
    for row in rows.select_related("batch", "unit"):
        if row.batch.period == period.code and row.unit.code in units:
            continue
        if row.batch_id not in paths:
            paths[row.batch_id] = records_of(row.batch)
        if (path := paths[row.batch_id]) is not None:
            found[Slice(row.batch.code, row.unit.code, Period.of(row.batch.period))] = path
    return found


def _is_near(dataset: Dataset, one: Period, other: Period) -> bool:
    if dataset.time == "flow":
        return one.year == other.year
    # Twice the term: a unit's next slice says until when the one before is in force.
    return abs(one.first + one.length - other.first - other.length) <= 2 * dataset.carry + 1


def _heirs(dataset: Dataset, period: Period) -> dict[str, frozenset[str]]:
    """Unit → all who took it over, one after the other, until a period's last day."""
    last = period.last_day(dataset.calendar)
    codes = dict(Unit.objects.values_list("pk", "code"))
    found: dict[str, set[str]] = defaultdict(set)
    for unit, heir, on in reversed(org.successions()):
        if heir is not None and heir != unit and on <= last:
            found[codes[unit]] |= {codes[heir], *found[codes[heir]]}
    return {unit: frozenset(heirs) for unit, heirs in found.items()}


def tally(batch: Batch, library: Library, sources: set[str] | None = None) -> None:
    """Count what the measures count in a batch's records, for some counts or all."""
    counts = library.counts_of(batch.dataset)
    asked = [c for c in counts if sources is None or c.slug in sources]
    if not asked:
        return
    left = left_of(batch)
    if not left.sha256:
        return  # nothing is counted where records were deleted: what was counted before stays
    found = records.tally(files.path_of(left.sha256), library.datasets[batch.dataset], asked)
    whole = batch.slices.exclude(unit__in=left.units).select_related("unit")
    by_code = {s.unit.code: s for s in whole}
    Tally.objects.bulk_create(
        [
            Tally(slice=by_code[unit], source=slug, value=n)
            for (slug, unit), n in found.items()
            if unit in by_code
        ],
        batch_size=2000,
    )


def tally_missing(library: Library) -> set[str]:
    """Count what new definitions ask of records taken in before; give the counts that were made."""
    made: set[str] = set()
    for batch in Batch.objects.order_by("pk"):
        made |= tally_batch_missing(batch, library)
    return made


def tally_batch_missing(batch: Batch, library: Library) -> set[str]:
    """The same for one batch; the counts that were made."""
    if batch.dataset not in library.datasets:
        return set()
    wanted = {c.slug for c in library.counts_of(batch.dataset)}
    here = Tally.objects.filter(slice__batch=batch)
    missing = wanted - set(here.values_list("source", flat=True).distinct())
    if missing:
        tally(batch, library, missing)
    return missing


def slices_in(batch: Batch, received: Received, units: dict[str, int]) -> list[BatchSlice]:
    """The rows of a batch's slices, one a unit."""
    return [
        BatchSlice(batch=batch, unit_id=units[code], rows=n)
        for code, n in received.read.slices.items()
    ]
