"""What a definition must keep to, whatever file it comes from. Each breach is a FaultyDefinition.

The rules follow from two sentences: only parts travel upward, and a rate cannot be added up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import combinations, pairwise

from namro.measuring.keys import FaultyDefinition, Keys, meant
from namro.measuring.kinds import (
    Count,
    Dataset,
    Element,
    Library,
    Measure,
    Part,
    Source,
    Term,
    terms_of,
)
from namro.vietnamese import fold

PERSONS = "người"
LOGICAL_UNIT = "mốc"
"""The unit of measure of whatever is either there or not."""

_RATES = (
    *("%", "‰", "phan tram", "phan nghin", "diem", "chi so", "ty le", "ti le", "ty so"),
    *("he so", "binh quan", "trung binh", "muc do", fold(LOGICAL_UNIT)),
)


def is_summable(unit_of_measure: str) -> bool:
    """False for percentages, points, means and indices: adding them up means nothing."""
    plain = fold(unit_of_measure).strip()
    return "%" not in plain and not any(
        plain == rate or plain.startswith(f"{rate} ") for rate in _RATES
    )


def check_elements(elements: Mapping[str, Element], file: str) -> None:
    """Raises FaultyDefinition for a limit or a carry that cannot hold."""
    for slug, element in elements.items():
        _check_whole(element, elements, file)
        if element.at_most and element.at_most not in elements:
            near = meant(element.at_most, elements)
            raise FaultyDefinition(
                file, f"{slug}.at_most", f"không có số liệu “{element.at_most}”; hãy sửa tên.{near}"
            )
        if element.at_most == slug:
            raise FaultyDefinition(file, f"{slug}.at_most", "không thể so với chính nó; hãy bỏ.")
        if element.marked_by and (element.time, element.kind) != ("stock", "number"):
            raise FaultyDefinition(
                file, f"{slug}.marked", "chỉ dùng cho một con số tại thời điểm (time = stock)."
            )
        if element.time == "flow" and element.carry:
            raise FaultyDefinition(
                file, f"{slug}.carry", "số phát sinh trong kỳ (flow) không được mang sang kỳ sau."
            )
        if element.nothing and (element.time, element.kind) != ("flow", "number"):
            raise FaultyDefinition(
                file,
                f"{slug}.nothing",
                "“không phát sinh” chỉ có nghĩa với số phát sinh trong kỳ (time = flow).",
            )
        low, high = element.minimum, element.maximum
        if low is not None and high is not None and low > high:
            raise FaultyDefinition(file, f"{slug}.maximum", "nhỏ hơn minimum; hãy sửa một số.")


def _check_whole(element: Element, elements: Mapping[str, Element], file: str) -> None:
    """What an element is a part of is counted in the same unit of measure, and not in a ring."""
    path, at = [element.slug], element.at_most
    while at and at in elements and at not in path:
        path.append(at)
        at = elements[at].at_most
    if at == element.slug and len(path) > 1:
        ring = " → ".join([*path, at])
        raise FaultyDefinition(
            file, f"{element.slug}.at_most", f"dẫn chiếu vòng quanh: {ring}; hãy bỏ một."
        )
    whole = elements.get(element.at_most or "")
    if whole and (whole.unit_of_measure, whole.time) != (element.unit_of_measure, element.time):
        raise FaultyDefinition(
            file,
            f"{element.slug}.at_most",
            f"“{whole.slug}” khác đơn vị tính hoặc khác loại thời gian (stock, flow).",
        )


def check_calendars(
    measures: Iterable[Measure], datasets: Mapping[str, Dataset], files: Mapping[str, str]
) -> None:
    """Raises FaultyDefinition when one figure would be asked under two calendars.

    The month a unit reports for would mean other days in one measure than in another. `files`:
    measure → its file.
    """
    first: dict[str, tuple[Measure, Term]] = {}
    for measure in measures:
        for term in terms_of(measure):
            for item in term.items:
                if isinstance(item, Count):
                    if datasets[item.dataset].calendar != term.calendar:
                        raise FaultyDefinition(
                            files[measure.slug], "calendar", f"khác lịch của tập “{item.dataset}”."
                        )
                    continue
                other, before = first.setdefault(item.slug, (measure, term))
                if before.calendar != term.calendar:
                    raise FaultyDefinition(
                        files[measure.slug],
                        "calendar",
                        f"số liệu “{item.slug}” theo lịch khác trong cách đo “{other.slug}”; "
                        "một số liệu chỉ báo cáo theo một lịch.",
                    )


def check_persons(dataset: Dataset, keys: Keys) -> None:
    """Raises FaultyDefinition for records of persons that could be counted twice, or be known."""
    if dataset.unit_of_measure != PERSONS:
        return
    if not dataset.once:
        raise keys.fault(
            "once", "tập đếm người phải có once = true, nếu không một người có thể bị đếm hai lần."
        )
    if dataset.key not in dataset.hashed:
        raise keys.fault("hashed", f"phải có “{dataset.key}”: số định danh người chỉ giữ dấu băm.")


def check_version(dataset: Dataset, keys: Keys) -> None:
    """Raises FaultyDefinition for a catalogue whose version could not be told or carried."""
    if dataset.version is None:
        return
    for role, kind in (("number", "text"), ("decided_on", "date")):
        column = dataset.columns.get(getattr(dataset.version, role))
        if column is None or not column.required or column.type != kind:
            raise keys.fault(
                f"version.{role}", f"phải là một cột bắt buộc (required = true) kiểu {kind}."
            )
    if dataset.time != "stock" or not dataset.carry:
        raise keys.fault(
            "version",
            "chỉ dùng cho danh mục còn hiệu lực qua nhiều kỳ: phải có time = stock và carry.",
        )


def check_recorded(library: Library) -> None:
    """Raises FaultyDefinition for an element held against a count that no measure makes."""
    counts = {c.slug for slug in library.datasets for c in library.counts_of(slug)}
    for slug, element in library.elements.items():
        if element.recorded_as and element.recorded_as not in counts:
            known = ", ".join(sorted(counts)) or "không có"
            raise FaultyDefinition(
                "elements.toml",
                f"{slug}.recorded_as",
                f"không cách đo nào đếm “{element.recorded_as}”; đang đếm: {known}.",
            )


def check_measure(measure: Measure, keys: Keys, *, inner: bool) -> None:
    """Raises FaultyDefinition for a measure that would give a wrong or meaningless figure."""
    if not measure.scope:
        raise keys.fault("scope", "phải nêu ít nhất một loại đơn vị báo cáo.")
    if not inner and not measure.examples:
        raise keys.fault("example", "thiếu ví dụ tính mẫu; mỗi cách đo phải có ít nhất một ví dụ.")
    if measure.small_below is not None and (measure.kind != "ratio" or measure.weighted):
        raise keys.fault("small_below", "chỉ dùng cho tỷ lệ của tử số và mẫu số đếm được.")
    if measure.is_logical and measure.unit_of_measure != LOGICAL_UNIT:
        raise keys.fault("unit_of_measure", f"điều kiện có/không phải dùng “{LOGICAL_UNIT}”.")
    if not measure.is_logical and measure.unit_of_measure == LOGICAL_UNIT:
        raise keys.fault("unit_of_measure", f"“{LOGICAL_UNIT}” chỉ dùng cho điều kiện có/không.")
    within = (*(p.measure for p in measure.parts), *measure.beside)
    if any(m.calendar != measure.calendar for m in (*within, measure.of or measure)):
        raise keys.fault("calendar", "mọi thành phần phải theo cùng một lịch kỳ báo cáo.")
    {
        "ratio": _check_ratio,
        "level": _check_level,
        "milestone": _check_milestone,
        "share_of_units": _check_share,
        "combined": _check_combined,
    }[measure.kind](measure, keys)


def _check_times(measure: Measure, keys: Keys, key: str, source: Source) -> None:
    for item in source.items:
        if measure.over == "latest" and item.time == "flow":
            raise keys.fault(
                key, f"“{item.slug}” là số phát sinh trong kỳ (flow), không dùng với over = latest."
            )
        if measure.over != "latest" and item.time == "stock":
            raise keys.fault(
                key, f"“{item.slug}” là số tại thời điểm (stock), chỉ dùng với over = latest."
            )


def _check_numbers(keys: Keys, key: str, source: Source) -> None:
    kinds = {getattr(item, "kind", "number") for item in source.items}
    if "date" in kinds:
        raise keys.fault(key, "số liệu kiểu ngày chỉ dùng cho cột mốc (milestone).")
    if "mark" in kinds:
        raise keys.fault(key, "mức độ chính thức của một số liệu không phải là con số để tính.")
    if len({item.unit_of_measure for item in source.items}) > 1:
        raise keys.fault(key, "không cộng được các số liệu khác đơn vị tính.")


def _check_unmarked(keys: Keys, key: str, source: Source) -> None:
    """A figure pooled from several has no one mark: provisional parts would look official."""
    marked = [item.slug for item in source.items if getattr(item, "marked_by", None)]
    if marked:
        raise keys.fault(
            key,
            f"“{marked[0]}” có mức độ chính thức (marked) nên chỉ dùng cho số công bố (level): con "
            "số gộp của nhiều đơn vị không có một mức độ chung.",
        )


def _check_ratio(measure: Measure, keys: Keys) -> None:
    if measure.weighted:
        return _check_weighted(measure, keys)
    pairs = (("numerator", measure.numerator), ("denominator", measure.denominator))
    for key, source in pairs:
        assert source is not None
        _check_overlaps(keys, key, source)
        _check_times(measure, keys, key, source)
        _check_numbers(keys, key, source)
        for item in source.items:
            if not is_summable(item.unit_of_measure):
                raise keys.fault(
                    key,
                    f"“{item.slug}” tính bằng “{item.unit_of_measure}”, không cộng gộp được; "
                    "phải lấy tử số và mẫu số gốc.",
                )
        _check_unmarked(keys, key, source)
    units = {source.unit_of_measure for _, source in pairs if source}
    if measure.unit_of_measure.startswith("%") and len(units) > 1:
        raise keys.fault("numerator", "tỷ lệ phần trăm phải có tử số và mẫu số cùng đơn vị tính.")


def _check_weighted(measure: Measure, keys: Keys) -> None:
    """A rate by itself is not added up; weighed it is, when the product stays exact."""
    rate, weight = measure.numerator, measure.denominator
    assert rate is not None and weight is not None
    if measure.over != "latest":
        raise keys.fault("over", "tỷ lệ có trọng số lấy giá trị mới nhất: over = latest.")
    for key, source in (("rate", rate), ("weight", weight)):
        _check_times(measure, keys, key, source)
        _check_numbers(keys, key, source)
        if len(source.items) > 1:
            raise keys.fault(key, "chỉ lấy từ một số liệu.")
    if rate.unit_of_measure != "%" or measure.unit_of_measure != "%":
        raise keys.fault("rate", "phải là số liệu tính bằng %, và cách đo cũng tính bằng %.")
    if not is_summable(weight.unit_of_measure):
        raise keys.fault("weight", f"“{weight.slug}” không cộng gộp được nên không làm trọng số.")
    _check_unmarked(keys, "rate", rate)
    _check_unmarked(keys, "weight", weight)
    if rate.digits + weight.digits + 2 > 4:
        raise keys.fault(
            "rate", "tích của tỷ lệ và trọng số quá 4 chữ số thập phân, sẽ không còn chính xác."
        )


def _check_overlaps(keys: Keys, key: str, source: Source) -> None:
    """Nothing stands on one side twice: itself, a part of it, a record in two counts."""
    twice = [s for s, times in Counter(source.slugs).items() if times > 1]
    if twice:
        raise keys.fault(key, f"“{twice[0]}” ghi hai lần nên sẽ bị cộng trùng.")
    for item in source.items:
        whole = getattr(item, "at_most", None)
        if whole in source.slugs:
            raise keys.fault(key, f"“{item.slug}” đã nằm trong “{whole}” nên sẽ bị cộng trùng.")
    counts = [item for item in source.items if isinstance(item, Count)]
    for one, other in combinations(counts, 2):
        if one.dataset == other.dataset and not _are_apart(one, other):
            raise keys.fault(
                key,
                f"một bản ghi của “{one.dataset}” có thể được đếm ở cả hai điều kiện; hãy dùng "
                "các giá trị khác nhau của cùng một cột.",
            )


def _are_apart(one: Count, other: Count) -> bool:
    """Whether no record can meet both counts' conditions: two values of one column."""
    said = [
        {c.column: set(c.values) for c in count.where if c.test in ("is", "one_of")}
        for count in (one, other)
    ]
    return any(
        column in said[1] and not values & said[1][column] for column, values in said[0].items()
    )


def _check_level(measure: Measure, keys: Keys) -> None:
    assert measure.numerator is not None
    _check_times(measure, keys, "value", measure.numerator)
    _check_numbers(keys, "value", measure.numerator)
    if measure.over != "latest":
        raise keys.fault("over", "số công bố luôn lấy giá trị mới nhất: over = latest.")
    if len(measure.numerator.items) > 1:
        raise keys.fault("value", "số công bố chỉ lấy từ một số liệu.")
    if measure.numerator.unit_of_measure != measure.unit_of_measure:
        raise keys.fault("unit_of_measure", "phải trùng đơn vị tính của số liệu được công bố.")
    if any(other.kind != "level" for other in measure.beside):
        raise keys.fault("beside", "chuỗi số đặt cạnh cũng phải là số công bố (level).")


def _check_milestone(measure: Measure, keys: Keys) -> None:
    if measure.over != "latest":
        raise keys.fault("over", "cột mốc luôn lấy giá trị mới nhất: over = latest.")
    for key, source in (("from", measure.numerator), ("until", measure.denominator)):
        for item in source.items if source else ():
            if getattr(item, "kind", "number") != "date":
                raise keys.fault(key, f"“{item.slug}” không phải số liệu kiểu ngày (kind = date).")
        if source and len(source.items) > 1:
            raise keys.fault(key, "chỉ lấy từ một ngày.")


def _check_share(measure: Measure, keys: Keys) -> None:
    assert measure.of is not None
    if measure.of.kind not in ("ratio", "milestone"):
        raise keys.fault(
            "of.kind",
            "tỷ lệ đơn vị đạt chỉ xét trên một tỷ lệ hoặc một cột mốc, không lấy tỷ lệ của một tỷ "
            "lệ; hãy dùng kind = ratio hoặc milestone.",
        )
    if measure.unit_of_measure != "%":
        raise keys.fault("unit_of_measure", "tỷ lệ đơn vị đạt phải tính bằng %.")
    if (measure.of.kind == "ratio") != (measure.at_least is not None):
        raise keys.fault("at_least", "phải có mức tối thiểu khi xét tỷ lệ, và chỉ khi đó.")


def _check_combined(measure: Measure, keys: Keys) -> None:
    if len(measure.parts) < 2:
        raise keys.fault("part", "kết hợp phải có ít nhất hai thành phần.")
    twice = [n for n, times in Counter(p.name for p in measure.parts).items() if times > 1]
    if twice:
        raise keys.fault("part", f"tên thành phần “{twice[0]}” dùng hai lần.")
    weighted = measure.how == "weighted"
    if any((part.weight is not None) != weighted for part in measure.parts):
        raise keys.fault("part", "mọi thành phần phải có weight khi how = weighted, và chỉ khi đó.")
    if weighted and sum((p.weight or Decimal(0) for p in measure.parts), Decimal(0)) != 1:
        raise keys.fault("part", "tổng các trọng số (weight) phải đúng bằng 1.")
    for part in measure.parts:
        needs = measure.is_logical and not part.measure.is_logical
        if needs != (part.reaches is not None):
            raise keys.fault(
                f"part {part.name}",
                "reaches phải có khi so một con số trong all/any, và chỉ khi đó.",
            )
        _check_score(measure, part, keys)
        alike = part.measure.unit_of_measure == measure.unit_of_measure
        if not measure.is_logical and not part.is_scored and not alike:
            raise keys.fault(f"part {part.name}", "thành phần phải cùng đơn vị tính với cách đo.")


def _check_score(measure: Measure, part: Part, keys: Keys) -> None:
    if not part.is_scored:
        return
    where = f"part {part.name}"
    if measure.how != "weighted":
        raise keys.fault(where, "step và full_at chỉ dùng khi how = weighted.")
    if part.steps and part.full_at is not None:
        raise keys.fault(where, "chỉ dùng step hoặc full_at, không dùng cả hai.")
    if part.full_at is not None and part.full_at <= 0:
        raise keys.fault(where, "full_at phải lớn hơn 0.")
    marks = [(s.reaches, s.gives) for s in part.steps]
    if any(a[0] >= b[0] or a[1] >= b[1] for a, b in pairwise(marks)):
        raise keys.fault(where, "các bậc điểm phải tăng dần, cả mức phải đạt và điểm được tính.")
