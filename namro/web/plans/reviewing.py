"""Writes of the review: one act, one transaction, one line in the journal. Part of `actions`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.fields.json import KT
from django.utils import timezone

from namro.vietnamese import format_date
from namro.web.org.journal import record
from namro.web.org.models import Unit, User
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.plans import changes, together
from namro.web.plans.changes import Around, BadChange, called
from namro.web.plans.draft import HEAD, Draft, Item, for_the_lot, position
from namro.web.plans.models import Plan, Reading, ReviewChange, Reviewer, ReviewItem
from namro.web.plans.rules import ItemKind, ReadingState
from namro.web.plans.together import Clash, Touched

PAUSE = timedelta(minutes=2)  # longer between two acts: the person was away


class StaleItem(Exception):
    """Somebody changed this item meanwhile: `item` as it is now, `clashes` to be chosen.

    `mine`: the names of the fields this person had changed, so that none of it is lost.
    """

    def __init__(
        self,
        item: Item,
        acts: list[Touched],
        by: User,
        clashes: list[Clash] | None = None,
        mine: Collection[str] = (),
    ) -> None:
        self.item, self.clashes, self.mine = item, clashes or [], set(mine)
        last = acts[-1] if acts else None
        who = "Chính đồng chí" if last and last.by == by.full_name else last.by if last else ""
        said = f"{who} đã sửa mục này lúc {moment_of(last.at)}" if last else "Mục này đã được sửa"
        if clashes:
            ask = "cùng một ô, hai người ghi khác nhau. Hãy chọn ở từng ô rồi bấm “Xác nhận”."
            super().__init__(f"{said}: {ask} Nội dung đồng chí vừa nhập vẫn còn trên trang.")
        else:
            super().__init__(f"{said}. Hãy xem lại rồi quyết định lần nữa.")


class StaleDraft(Exception):
    """The draft changed since the page was shown that would confirm it."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        last = reading.changes.select_related("by").order_by("-pk").first()
        said = "bản đã được đọc lại"
        if last:
            said = f"{last.by.full_name} đã sửa lúc {moment_of(last.at)} ({last.summary.lower()})"
        super().__init__(f"Đã có người sửa bản này: {said}. Hãy xem lại rồi xác nhận lần nữa.")


class NothingToUndo(Exception):
    """There is no change of this person's to take back; the message is Vietnamese."""


class AlreadyConfirmed(Exception):
    """The reading is a plan already: `plan`."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        who, when = plan.confirmed_by.full_name, moment_of(plan.confirmed_at)
        super().__init__(f"Kế hoạch này đã được {who} xác nhận lúc {when}.")


@dataclass(frozen=True)
class Saved:
    """What an act came to: the change (None where nothing was left to change), where to go on.

    `beside`: who changed other fields of the item meanwhile, all of it kept.
    """

    reading: Reading
    change: ReviewChange | None
    focus: str
    beside: str = ""


def moment_of(at: datetime) -> str:
    """A moment as it is said: 14:05 ngày 22/11/2025."""
    local = timezone.localtime(at)
    return f"{local:%H:%M} ngày {format_date(local.date())}"


def keep_draft(reading: Reading, draft: Draft, tables: Mapping[int, int]) -> None:
    """Put what was read under review (see `draft.opened`).

    `tables` says of a block in which table it stands.
    """
    head = {**draft["document"], "id": HEAD}
    rows, last = [_row_of(reading, head, 0)], 0
    for kind in ("targets", "tasks", "faults"):
        for item in draft[kind]:
            place = item.get("place") or {}
            last = position(place) if place.get("block") is not None else last
            if place.get("block") in tables:
                item["table"] = tables[place["block"]]
            rows.append(_row_of(reading, item, last))
    ReviewItem.objects.bulk_create(rows, batch_size=500)


def _row_of(reading: Reading, item: Item, place: int) -> ReviewItem:
    row = ReviewItem(reading=reading, key=item["id"], kind=item["id"].split("-")[0], values={})
    row.position = place
    row.sure = min(map(float, (item.get("confidence") or {}).values()), default=0.0)
    row.take(item)
    return row


@transaction.atomic
def save_draft(
    *,
    reading: Reading,
    change: Mapping[str, Any],
    by: User,
    at: datetime,
    version: int | None = None,
) -> Saved:
    """Make one change to what is under review (rà soát), or take one's own last one back.

    `change` as in `changes.py`; or {"do": "undo", "change": id or None}; or {"do": "accept_many",
    "seen": {item: version}}. `version`: of the item as the person saw it, None for one who has just
    read it. The same act sent twice changes nothing the second time.
    Raises BadChange, StaleItem, NothingToUndo, AlreadyConfirmed, NotAllowed.
    """
    now = held(reading, by, at)
    if change.get("do") == "undo":
        return _undo(now, change.get("change"), by, at)
    if change.get("do") == "accept_many":
        return _accept_many(now, change.get("seen") or {}, by, at)
    row = now.items.filter(key=str(change.get("item") or "")).first()
    around, beside = _around(now), ""
    if row is not None:
        change, beside = _reconciled(now, row, change, version, around, by)
    made = changes.change(row.item if row else None, change, around)
    done = _write(now, made.items, str(change["do"]), made.summary, made.focus, by, at)
    return Saved(now, done, made.focus, beside)


def held(reading: Reading, by: User, at: datetime) -> Reading:
    """The reading's row, held for this transaction, when it may be reviewed."""
    rows = Reading.objects.select_for_update(of=("self",)).select_related("document__unit")
    now = rows.defer("found", "blocks", "boxes").get(pk=reading.pk)
    allow(by, Verb.RECEIVE_DOCUMENT, now.document.unit, on=timezone.localdate(at))
    if now.state == ReadingState.CONFIRMED:
        raise AlreadyConfirmed(now.plan)
    if now.state != ReadingState.READ:
        raise BadChange("Văn bản chưa đọc xong, chưa rà soát được.")
    return now


def _around(now: Reading) -> Around:
    """The rest of the draft, asked of the database only where a change needs it."""
    texts: dict[int, str] = {}

    def text(block: int) -> str:
        if not texts:
            texts.update({b["index"]: b["text"] for b in now.blocks})
        return texts.get(block, "")

    def known(codes: Collection[str]) -> set[str]:
        return set(Unit.objects.filter(code__in=codes).values_list("code", flat=True))

    def codes(kind: str) -> dict[str, str]:
        used = now.items.filter(kind=kind, live=True, kept=True)
        return dict(used.values_list(KT("values__code"), "key"))

    def fresh(kind: str) -> str:
        keys = now.items.filter(kind=kind).values_list("key", flat=True)
        return f"{kind}-{max((int(k.split('-')[1]) for k in keys), default=0) + 1}"

    def after(item: Item) -> Item | None:
        rows = now.items.filter(kind=item["id"].split("-")[0], live=True, kept=True)
        keys = list(rows.order_by("position", "pk").values_list("key", flat=True))
        at = keys.index(item["id"]) + 1 if item["id"] in keys else len(keys)
        return rows.get(key=keys[at]).item if at < len(keys) else None

    def same(kind: str, place: Mapping[str, Any]) -> str:
        rows = now.items.filter(kind=kind, live=True, position=position(place))
        found = (r.key for r in rows if (r.values.get("place") or {}).get("end") == place["end"])
        return next(found, "")

    first = now.items.filter(values__place__file__isnull=False).first()
    return Around(
        text, known, codes, fresh, after, same, first.values["place"]["file"] if first else ""
    )


def _since(now: Reading, key: str, version: int) -> list[Touched]:
    """What was done to an item after a version of it, oldest first."""
    found: list[Touched] = []
    for done in now.changes.select_related("by").order_by("-pk").iterator(chunk_size=100):
        for patch in done.patches:
            if patch["key"] == key:
                if patch["to"] <= version:
                    return found[::-1]
                found.append(Touched(done.by.full_name, done.at, patch["was"], patch["now"]))
    return found[::-1]


def _reconciled(
    now: Reading,
    row: ReviewItem,
    change: Mapping[str, Any],
    version: int | None,
    around: Around,
    by: User,
) -> tuple[Mapping[str, Any], str]:
    """The change as it is to be made, and who changed other fields meanwhile. Raises StaleItem."""
    if not row.live and change.get("do") in ("split", "merge", "move", "edit", "accept"):
        raise BadChange(_gone(now, row))
    if version is None or version == row.version:
        return change, ""
    item, acts = row.item, _since(now, row.key, version)
    if change.get("do") != "edit":
        if together.weigh(item, {}, acts).theirs or not 0 < version < row.version:
            raise StaleItem(item, acts, by)
        return change, ""
    typed = changes.read_fields(item, change.get("fields") or {}, around)
    if item["checked"] and all(together.alike(v, item.get(n)) for n, v in typed.items()):
        return change, ""
    weighed = together.weigh(item, typed, acts)
    if weighed.clashes or not 0 < version < row.version or (weighed.theirs and not weighed.take):
        raise StaleItem(item, acts, by, weighed.clashes, weighed.take)
    beside = acts[-1].by if weighed.theirs else ""
    return {**change, "fields": weighed.take}, beside


def _gone(now: Reading, row: ReviewItem) -> str:
    item = row.item
    to = now.items.filter(key=item.get("gone_to") or "").first()
    where = f" và nay nằm trong {called(to.item)}" if to else ""
    return f"Mục {called(item)} không còn riêng nữa{where}."


def _write(
    now: Reading,
    items: Iterable[Item],
    does: str,
    summary: str,
    focus: str,
    by: User,
    at: datetime,
    undoes: ReviewChange | None = None,
) -> ReviewChange | None:
    """Save the items that differ, the act that did it, the journal's line; None without any."""
    items = list(items)
    rows = {r.key: r for r in now.items.filter(key__in=[i["id"] for i in items])}
    before = [rows[i["id"]].item if i["id"] in rows else None for i in items]
    found = changes.difference(before, items)
    if not found:
        return None
    by_id, patches = {i["id"]: i for i in items}, []
    old: list[ReviewItem] = []
    new: list[ReviewItem] = []
    for key, was, is_now in found:
        row = rows.get(key) or _row_of(now, by_id[key], position(by_id[key].get("place")))
        was_version = row.version if row.pk else 0
        row.take(by_id[key])
        row.version = was_version + 1
        patches.append(
            {"key": key, "from": was_version, "to": row.version, "was": was, "now": is_now}
        )
        (old if row.pk else new).append(row)
    ReviewItem.objects.bulk_create(new)
    ReviewItem.objects.bulk_update(old, ReviewItem.TAKEN, batch_size=200)
    done = ReviewChange.objects.create(
        reading=now, by=by, at=at, does=does, summary=summary[:300], item=focus, patches=patches,
        undoes=undoes,
    )  # fmt: skip
    Reading.objects.filter(pk=now.pk).update(version=F("version") + 1)
    now.version += 1
    _journal(now, done, by, at)
    return done


def _journal(now: Reading, done: ReviewChange, by: User, at: datetime) -> None:
    before, after = {}, {}
    for patch in done.patches:
        for name, value in patch["now"].items():
            before[f"{patch['key']}.{name}"] = patch["was"].get(name)
            after[f"{patch['key']}.{name}"] = value
    record(
        by, "plans.save_draft", now, at=at, unit_code=now.document.unit.code,
        summary=done.summary, item=done.item, before=before, after=after,
    )  # fmt: skip


def _accept_many(now: Reading, seen: Mapping[str, int], by: User, at: datetime) -> Saved:
    """Accept the items as they were shown; what changed since, or needs a person's eye, stays."""
    rows = now.items.filter(key__in=seen, live=True, kept=True, checked=False)
    rows = rows.filter(kind__in=(ItemKind.TARGET, ItemKind.TASK))
    fit = [r.item for r in rows if r.version == seen[r.key] and for_the_lot(r.item)]
    if not fit:
        raise BadChange("Không còn mục nào trong danh sách ấy mà chưa rà soát.")
    said = f"Xác nhận cùng lúc {len(fit)} mục"
    done = _write(now, [changes.taken(i) for i in fit], "accept_many", said, "", by, at)
    return Saved(now, done, "")


def _undo(now: Reading, wanted: int | None, by: User, at: datetime) -> Saved:
    own = now.changes.filter(by=by, undoes__isnull=True)
    still = own.filter(undone_by__isnull=True).order_by("-pk")
    last = still.filter(pk=wanted).first() if wanted else still.first()
    if last is None:
        if wanted and own.filter(pk=wanted).exists():
            return Saved(now, None, "")  # taken back already: the same request once more
        raise NothingToUndo("Đồng chí không còn thay đổi nào để hoàn tác trong bản này.")
    rows = {r.key: r.item for r in now.items.filter(key__in=[p["key"] for p in last.patches])}
    items, hindered = [], []
    for patch in last.patches:
        item = rows[patch["key"]]
        if any(not together.alike(item.get(n), v) for n, v in patch["now"].items()):
            hindered.append(item)
            continue
        together.put_back(item, patch["was"], patch["now"])
        items.append(item)
    if hindered and (last.does != "accept_many" or not items):
        raise NothingToUndo(_hindered(now, hindered[0], last))
    said = f"Hoàn tác: {last.summary}"
    done = _write(now, items, "undo", said, last.item, by, at, undoes=last)
    return Saved(now, done, last.item)


def _hindered(now: Reading, item: Item, last: ReviewChange) -> str:
    later = now.changes.filter(pk__gt=last.pk).select_related("by").order_by("-pk")
    who = next((c for c in later if any(p["key"] == item["id"] for p in c.patches)), last)
    return (
        f"Chưa hoàn tác được “{last.summary}”: {called(item)} đã được {who.by.full_name} sửa tiếp "
        f"lúc {moment_of(who.at)}. Hãy sửa trực tiếp ở mục ấy."
    )


def sit_down(
    *, reading: Reading, user: User, key: str, at: datetime, decided: bool = False
) -> None:
    """Keep where a person is, and the time spent there (a pause is not time spent)."""
    seat = Reviewer.objects.filter(reading=reading, user=user).first()
    if seat is None:
        Reviewer.objects.get_or_create(
            reading=reading, user=user, defaults={"key": key, "seen_at": at}
        )
        return
    passed = at - seat.seen_at
    spent = int(passed.total_seconds()) if timedelta(0) < passed <= PAUSE else 0
    Reviewer.objects.filter(pk=seat.pk).update(
        key=key, seen_at=at, seconds=F("seconds") + spent, decided=F("decided") + int(decided)
    )
