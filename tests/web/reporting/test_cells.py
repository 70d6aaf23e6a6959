"""Cells of one form filled in by several hands: nobody's word is lost, whoever comes late."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from namro.web.org.models import JournalEntry
from namro.web.reporting import actions, queries
from namro.web.reporting.form import choosing, merging
from namro.web.reporting.form.cells import Cells
from namro.web.reporting.form.merging import Origin, Outcome, Standing
from namro.web.reporting.models import CellEntry
from tests.web.reporting.conftest import AT, PART, WHOLE, later, prove

FIGURE, SHARE = (WHOLE, "value"), (PART, "value")


def save(duty, by, seen=None, **more):
    return actions.save_draft(duty=duty, by=by, at=more.pop("at", AT), seen=seen, **more)


def shown(duty, element=WHOLE):
    return (queries.last_of(duty).values.get(element) or {}).get("value")


def waiting(duty, cell=FIGURE):
    return [e.content.get("value") for e in Cells(duty).asides.get(cell, [])]


def test_different_cells_from_an_old_base_merge_by_themselves(duty, world):
    save(duty, world.baocao, seen=0, values={WHOLE: 40})
    save(duty, world.baocao, seen=0, values={PART: 32}, origin=Origin.OFFLINE)
    assert (shown(duty), shown(duty, PART)) == ("40", "32")
    assert not Cells(duty).in_conflict


def test_figure_and_note_of_one_row_are_two_cells(duty, world):
    save(duty, world.baocao, seen=0, values={WHOLE: 40})
    save(duty, world.baocao, seen=0, values={WHOLE: {"note": "theo danh sách"}})
    kept = queries.last_of(duty).values[WHOLE]
    assert (kept["value"], kept["note"]) == ("40", "theo danh sách")


def test_same_cell_from_an_old_base_waits_and_a_return_is_not_handed_in(duty, world):
    prove(duty, world.baocao)
    save(duty, world.baocao, seen=0, values={WHOLE: 40, PART: 32})
    save(duty, world.baocao, seen=0, values={WHOLE: 41})
    assert (shown(duty), waiting(duty)) == ("40", ["41"])
    with pytest.raises(actions.FaultyReturn, match=r"Dòng 1 .*: có nhiều số khác nhau"):
        actions.submit(submission=queries.last_of(duty), by=world.baocao, at=AT)


def test_same_value_from_an_old_base_is_no_conflict(duty, world):
    save(duty, world.baocao, seen=0, values={WHOLE: 40})
    save(duty, world.baocao, seen=0, values={WHOLE: "40"})
    assert not Cells(duty).in_conflict


@pytest.mark.parametrize(
    ("pick", "typed", "result"), [(0, "", "40"), (1, "", "41"), (None, "42", "42")]
)
def test_choice_is_shown_and_journalled_with_all_that_stood(duty, world, pick, typed, result):
    save(duty, world.baocao, seen=0, values={WHOLE: 40})
    save(duty, world.baocao, seen=0, values={WHOLE: 41}, at=later(), origin=Origin.EXCEL)
    stood = choosing.conflicts_of(duty)[f"v-{WHOLE}"]
    asked = {
        "duty": duty, "cell": FIGURE, "seen": [e.pk for e in stood], "by": world.baocao,
        "at": later(2), "entry": None if pick is None else stood[pick].pk, "typed": typed,
    }  # fmt: skip
    actions.choose(**asked)
    assert (shown(duty), waiting(duty)) == (result, [])
    told = JournalEntry.objects.get(verb="reporting.choose").details
    assert [(one["text"], one["by"], one["from"]) for one in told["among"]] == [
        ("40", "Phùng Văn Báo", "WEB"),
        ("41", "Phùng Văn Báo", "EXCEL"),
    ]
    assert told["chosen"] == result
    if pick is not None:  # the button pressed twice
        actions.choose(**asked)
        assert JournalEntry.objects.filter(verb="reporting.choose").count() == 1


def test_choice_over_what_was_not_seen_is_refused_and_replaces_nothing(duty, world):
    save(duty, world.baocao, seen=0, values={WHOLE: 40})
    save(duty, world.baocao, seen=0, values={WHOLE: 41})
    seen = [e.pk for e in choosing.conflicts_of(duty)[f"v-{WHOLE}"]]
    save(duty, world.baocao, seen=0, values={WHOLE: 42})
    with pytest.raises(actions.StaleChoice):
        actions.choose(
            duty=duty, cell=FIGURE, entry=seen[1], seen=seen, by=world.baocao, at=later()
        )
    assert (shown(duty), waiting(duty)) == ("40", ["41", "42"])


def test_sending_repeated_after_others_went_on_changes_nothing(duty, world):
    sent = UUID(int=7)
    first = save(duty, world.baocao, seen=0, values={WHOLE: 40}, client_id=sent)
    mine = first.landed[f"v-{WHOLE}"].pk
    save(duty, world.baocao, values={WHOLE: 41})  # by who had seen the 40
    again = save(duty, world.baocao, seen=0, values={WHOLE: 40}, client_id=sent)
    assert again.landed[f"v-{WHOLE}"].pk == mine
    assert (shown(duty), waiting(duty)) == ("41", [])


def test_who_corrects_what_waits_aside_replaces_only_that(duty, world):
    save(duty, world.baocao, seen=0, values={WHOLE: 40})
    late = save(duty, world.baocao, seen=0, values={WHOLE: 41})
    aside = late.landed[f"v-{WHOLE}"].pk
    save(duty, world.baocao, seen={f"v-{WHOLE}": aside}, values={WHOLE: 43})
    assert (shown(duty), waiting(duty)) == ("40", ["43"])


def test_who_corrects_what_waits_aside_to_what_is_shown_waits_no_longer(duty, world):
    prove(duty, world.baocao)
    shown_now = save(duty, world.baocao, seen=0, values={WHOLE: 40, PART: 32})
    aside = save(duty, world.baocao, seen=0, values={WHOLE: 41}).landed[f"v-{WHOLE}"]
    save(duty, world.baocao, seen={f"v-{WHOLE}": aside.pk}, values={WHOLE: 40})
    aside.refresh_from_db()
    assert (shown(duty), waiting(duty), aside.open) == ("40", [], False)
    assert aside.settled_by == shown_now.landed[f"v-{WHOLE}"]
    handed_in = actions.submit(submission=queries.last_of(duty), by=world.baocao, at=AT)
    assert handed_in.status == "SUBMITTED"


@pytest.mark.parametrize(
    ("age", "minutes"), [(600, 10), (None, 0), (-5, 0), (366 * 86400.0, 0), (float("nan"), 0)]
)
def test_time_typed_is_counted_back_and_never_believed_when_impossible(age, minutes):
    assert (AT - merging.typed_at(AT, age)).total_seconds() == minutes * 60


def test_version_begun_after_sending_back_still_knows_what_was_seen(handed_in, duty, world):
    seen = handed_in.lock
    actions.send_back(
        submission=handed_in, reason="Kiểm tra lại", remarks={}, by=world.duyet, at=later()
    )
    save(duty, world.baocao, seen=seen, values={WHOLE: 44}, at=later(2))
    save(duty, world.baocao, seen=seen, values={WHOLE: 45, PART: 33}, at=later(3))
    assert (shown(duty), shown(duty, PART), waiting(duty)) == ("44", "33", ["45"])


# --- whatever the order ------------------------------------------------------------------------

CONTENTS = st.sampled_from(
    [{}, {"value": "1"}, {"value": "2"}, {"value": "3", "cell": "Biểu 1!E7"}]
)


@given(CONTENTS, CONTENTS, CONTENTS, st.sampled_from([None, 1, 2, 9]))
def test_judging_never_shows_a_word_over_one_its_author_had_not_seen(said, seen, stands, base):
    standing = Standing(1, stands, {9: {"value": "7"}})
    outcome = merging.judge(said, base, seen, standing)
    if outcome is Outcome.TAKEN and not merging.alike(said, stands):
        assert base == 1 or merging.alike(seen, stands)
    if outcome is Outcome.AGREED:
        assert base == 9 and merging.alike(said, stands)
    if outcome is Outcome.SAME:
        known = (seen, stands, {"value": "7"})
        assert any(merging.alike(said, one) for one in known)


class _Editor:
    """A page, a device or a file: what it had seen, and what it has not sent yet."""

    def __init__(self, origin: Origin) -> None:
        self.origin, self.mark, self.pending, self.sent = origin, 0, {}, []


STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),  # which editor; the last one is who chooses
        st.sampled_from(["look", "type", "send", "send", "send again"]),
        st.sampled_from([WHOLE, PART]),
        st.integers(0, 4),
    ),
    min_size=4,
    max_size=24,
)


@profile(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
@pytest.mark.slow
def test_every_value_acknowledged_is_shown_seen_or_waiting(duty, world, steps):
    _clear(duty)
    editors = [_Editor(Origin.WEB), _Editor(Origin.OFFLINE), _Editor(Origin.EXCEL)]
    acknowledged: list[tuple[str, str, int]] = []
    for number, (who, act, element, value) in enumerate(steps):
        if who == 3:
            _choose_one(duty, world.baocao, value)
            continue
        _step(duty, world.baocao, editors[who], act, element, value, number, acknowledged)
    _check_nothing_lost(duty, acknowledged)


def _step(duty, by, editor, act, element, value, number, acknowledged):
    if act == "look":
        if not editor.pending:
            editor.mark = Cells(duty).newest
    elif act == "type":
        editor.pending[element] = value
    else:
        if act == "send again" and editor.sent:
            sending = editor.sent[-1]
        elif editor.pending:
            sending = (UUID(int=number + 1), dict(editor.pending), editor.mark)
            editor.sent.append(sending)
            editor.pending = {}
        else:
            return
        client_id, values, mark = sending
        draft = save(duty, by, seen=mark, values=values, client_id=client_id, origin=editor.origin)
        for told, figure in values.items():
            entry = draft.landed.get(f"v-{told}")
            acknowledged.append((told, str(figure), entry.pk if entry else 0))


def _choose_one(duty, by, value):
    for name, stood in choosing.conflicts_of(duty).items():
        actions.choose(
            duty=duty, cell=merging.cell_of(name), entry=stood[value % len(stood)].pk,
            seen=[e.pk for e in stood], by=by, at=AT,
        )  # fmt: skip
        return


def _check_nothing_lost(duty, acknowledged):
    """Walks from each value acknowledged along those who had seen it, up to one that stands."""
    entries = {e.pk: e for e in CellEntry.objects.filter(duty=duty)}
    followers = {}
    for entry in entries.values():
        followers.setdefault(entry.base_id, []).append(entry)
    for element, value, pk in acknowledged:
        entry = entries[pk]
        assert (entry.element, entry.content.get("value")) == (element, value)
        while not entry.open:
            later_ones = [e for e in followers.get(entry.pk, []) if e.pk > entry.pk]
            took_over = [e for e in later_ones if e.aside == entry.aside or not e.aside]
            assert took_over or entry.settled_by_id, f"{element} = {value} was dropped"
            entry = took_over[0] if took_over else entries[entry.settled_by_id]
    for element in (WHOLE, PART):
        standing = [e for e in entries.values() if e.open and e.element == element and not e.aside]
        assert len(standing) <= 1
        if standing:
            assert shown(duty, element) == standing[0].content.get("value")


def _clear(duty):
    from namro.web.reporting.models import Evidence, Sending, Submission

    CellEntry.objects.update(base=None, settled_by=None)
    for model in (CellEntry, Sending, Evidence, Submission):
        model.objects.all().delete()
