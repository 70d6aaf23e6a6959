"""What devices send as JSON, cell by cell; hostile, broken or late, nothing is lost."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from namro.web.reporting import actions, queries
from namro.web.reporting.models import CellEntry, Submission
from namro.web.reporting.views import cells as sent_cells
from namro.web.reporting.views import offline
from tests.web.reporting.conftest import AT, PART, WHOLE, later, prove


def cell(element, text, base=None, **more):
    return {"name": f"v-{element}", "text": text, "base": base} | more


def send(client, duty, *cells, number=1, **more):
    told = {"id": str(UUID(int=number)), "origin": "OFFLINE", "seen": 0, "cells": cells} | more
    answer = client.post(
        reverse("reporting:cells", args=[duty.pk]),
        json.dumps(told),
        content_type="application/json",
    )
    return answer.status_code, answer.json()


def test_cells_are_kept_with_version_author_time_and_origin(enter, duty, world):
    status, told = send(enter("baocao"), duty, cell(WHOLE, "1.035", age=120))
    entry = CellEntry.objects.get()
    assert (status, told["mine"]) == (200, {f"v-{WHOLE}": entry.pk})
    assert (entry.by, entry.origin, entry.base) == (world.baocao, "OFFLINE", None)
    assert entry.at - entry.typed_at == timedelta(minutes=2)
    assert told["cells"][f"v-{WHOLE}"]["text"] == "1.035" and told["seen"] == entry.pk


def test_what_a_page_says_in_another_name_is_refused_and_nothing_taken(enter, duty, world):
    client, told = enter("baocao"), {"id": str(UUID(int=1)), "seen": 0, "cells": []}
    for path in ("cells", "upload"):
        answer = client.post(
            reverse(f"reporting:{path}", args=[duty.pk]),
            json.dumps(told | {"cells": [cell(WHOLE, "41")]}),
            content_type="application/json",
            headers={"X-Namro-Who": str(world.xakhac.pk)},
        )
        assert answer.status_code == 403
    assert not CellEntry.objects.exists() and queries.last_of(duty) is None


def test_half_a_sign_is_left_out_and_the_form_still_opens(enter, duty):
    client = enter("baocao")
    broken = [
        cell(WHOLE, "4\ud83d0"),
        {"name": f"n-{WHOLE}", "text": "a\ud83d"},
        {"name": "note", "text": "\udc00b"},
    ]
    assert send(client, duty, *broken)[0] == 200
    draft = queries.last_of(duty)
    assert (draft.values[WHOLE]["value"], draft.values[WHOLE]["note"], draft.note) == (
        "40", "a", "b",
    )  # fmt: skip
    for page in ("duty", "workbook"):
        assert client.get(reverse(f"reporting:{page}", args=[duty.pk])).status_code == 200


def test_answer_tells_only_what_is_newer_than_seen_and_what_conflicts(enter, duty, world):
    first = actions.save_draft(duty=duty, values={WHOLE: 40}, by=world.baocao, at=AT)
    _, told = send(enter("baocao"), duty, cell(WHOLE, "41"), cell(PART, "3"), seen=first.lock)
    assert list(told["cells"]) == [f"v-{PART}"]
    assert "Chọn 40" in told["conflicts"][f"v-{WHOLE}"]
    assert told.keys() == {"seen", "cells", "conflicts", "saved", "mine", "unknown", "why"}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{", b'{"id": "x", "cells": []}', b"\xff\xfe", b"[" * 9000,
        b'{"id": "00000000-0000-0000-0000-000000000001", "cells": [{"name": 3}]}',
        b'{"id": "00000000-0000-0000-0000-000000000001", "cells": [{"name": "v-", "text": ""}]}',
        b'{"id": "00000000-0000-0000-0000-000000000001", "cells": [{"name": "note", "text": 5}]}',
        b'{"id": "00000000-0000-0000-0000-000000000001", "cells": null}',
    ],
)  # fmt: skip
def test_sending_that_cannot_be_read_is_refused_whole(enter, duty, body):
    answer = enter("baocao").post(
        reverse("reporting:cells", args=[duty.pk]), body, content_type="application/json"
    )
    assert answer.status_code == 400 and not Submission.objects.exists()


@pytest.mark.parametrize("base", ["9" * 30, -1, "abc", True, [], {}, 1.5, None])
def test_base_that_no_page_could_know_counts_as_nothing_seen(enter, duty, world, base):
    actions.save_draft(duty=duty, values={WHOLE: 40}, by=world.baocao, at=AT)
    status, _ = send(enter("baocao"), duty, cell(WHOLE, "41", base))
    assert (status, queries.last_of(duty).values[WHOLE]["value"]) == (200, "40")
    assert CellEntry.objects.filter(aside=True, open=True).count() == 1


def test_figure_of_another_duty_s_version_is_no_base_here(enter, opened, duty, world):
    other = opened.duties.get(unit=world.units["c2"])
    theirs = actions.save_draft(duty=other, values={WHOLE: 7}, by=world.xakhac, at=AT)
    actions.save_draft(duty=duty, values={WHOLE: 40}, by=world.baocao, at=AT)
    send(enter("baocao"), duty, cell(WHOLE, "41", theirs.landed[f"v-{WHOLE}"].pk))
    assert queries.last_of(duty).values[WHOLE]["value"] == "40"


def test_cell_the_form_no_longer_asks_is_handed_back_and_the_rest_taken(enter, duty):
    status, told = send(enter("baocao"), duty, cell(WHOLE, "40"), cell("bo-di", "7"))
    assert (status, told["unknown"]) == (200, ["v-bo-di"])
    assert queries.last_of(duty).values.keys() == {WHOLE}


def test_sending_of_nothing_the_form_asks_begins_no_draft(enter, duty):
    status, told = send(enter("baocao"), duty, cell("bo-di", "7"))
    assert (status, told["unknown"], told["mine"]) == (200, ["v-bo-di"], {})
    assert not Submission.objects.exists()


def test_approved_return_is_not_opened_again_by_a_late_device(enter, handed_in, duty, world):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    status, told = send(enter("baocao"), duty, cell(WHOLE, "45"))
    assert (status, told["closed"]) == (409, True) and "đã được duyệt" in told["message"]
    assert duty.submissions.count() == 1
    status, _ = send(enter("baocao"), duty, cell(WHOLE, "45"), correcting=True)
    assert (status, duty.submissions.count()) == (200, 2)


def test_cells_of_another_unit_are_neither_told_nor_taken(enter, duty):
    address = reverse("reporting:cells", args=[duty.pk])
    for who, status in (("xakhac", 404), ("duyet", 403)):
        assert enter(who).get(address).status_code == status
        assert send_status(enter(who), duty) == status


def send_status(client, duty):
    told = {"id": str(UUID(int=9)), "cells": []}
    address = reverse("reporting:cells", args=[duty.pk])
    return client.post(address, json.dumps(told), content_type="application/json").status_code


def test_round_closed_meanwhile_keeps_what_a_device_sends_and_hands_nothing_in(enter, duty, world):
    prove(duty, world.baocao)
    actions.close_round(round=duty.round, reason="Đã tổng hợp", by=world.dieuphoi, at=later())
    client = enter("baocao")
    status, told = send(client, duty, cell(WHOLE, "40"), cell(PART, "32"))
    assert (status, queries.last_of(duty).status) == (200, "DRAFT")
    posted = {f"v-{WHOLE}": "40", f"v-{PART}": "32", "seen": str(told["seen"])}
    answer = client.post(reverse("reporting:hand_in", args=[duty.pk]), posted)
    assert answer.status_code == 409
    assert "Số đã nhập vẫn được lưu" in answer.content.decode()
    assert queries.last_of(duty).values[PART]["value"] == "32"


# --- what can never be taken, and what comes too late -------------------------------------------


def test_overlong_cell_is_named_with_its_reason_and_the_rest_taken(enter, duty):
    cells = [
        cell(WHOLE, "40"), {"name": f"n-{WHOLE}", "text": "a" * 1001},
        cell(PART, "b" * 201), {"name": "note", "text": "c" * 20_001},
    ]  # fmt: skip
    status, told = send(enter("baocao"), duty, *cells)
    assert (status, set(told["unknown"])) == (200, {f"n-{WHOLE}", f"v-{PART}", "note"})
    assert "Dòng 1 “" in told["why"][f"n-{WHOLE}"]
    assert "Ghi chú dài 1.001 ký tự, chỉ nhận 1.000 ký tự." in told["why"][f"n-{WHOLE}"]
    assert "20.001 ký tự" in told["why"]["note"] and "201 ký tự" in told["why"][f"v-{PART}"]
    draft = queries.last_of(duty)
    assert (draft.values.keys(), draft.values[WHOLE]["value"], draft.note) == ({WHOLE}, "40", "")


@pytest.mark.parametrize("length", [61, 200, 1000])
def test_text_is_kept_whole_up_to_what_its_cell_takes(enter, duty, length):
    figure, note = "x" * min(length, 200), "ữ" * length
    cells = [cell(WHOLE, figure), {"name": f"n-{WHOLE}", "text": f" {note}\r\n"}]
    assert send(enter("baocao"), duty, *cells)[1]["why"] == {}
    kept = queries.last_of(duty).values[WHOLE]
    assert (kept["typed"], kept["note"]) == (figure, note)


def test_form_posted_with_an_overlong_note_names_the_row_and_keeps_what_was_typed(enter, duty):
    posted = {f"v-{WHOLE}": "40", f"n-{WHOLE}": "ghi " * 300, f"v-{PART}": "32", "seen": "0"}
    for page in ("save", "hand_in"):
        answer = enter("baocao").post(reverse(f"reporting:{page}", args=[duty.pk]), posted)
        told = answer.content.decode()
        assert answer.status_code == 422
        assert "Dòng 1 “" in told and "Ghi chú dài 1.199 ký tự, chỉ nhận 1.000 ký tự" in told
        assert "ghi " * 300 in told
    assert not Submission.objects.exists()


def test_more_cells_than_one_sending_takes_is_said_to_be_unreadable(enter, duty, monkeypatch):
    monkeypatch.setattr(sent_cells, "MOST_CELLS", 1)
    client = enter("baocao")
    status, told = send(client, duty, cell(WHOLE, "40"), cell(PART, "32"))
    assert (status, told["unreadable"]) == (400, True)
    assert client.get(reverse("reporting:line")).json()["most"]["cells"] == offline.MOST_CELLS
    assert send(client, duty, cell(WHOLE, "40"))[0] == 200


def test_sending_beyond_what_the_site_takes_at_once_is_unreadable_too(enter, duty, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    status, told = send(enter("baocao"), duty, cell(WHOLE, "4" * 99))
    assert (status, told["unreadable"]) == (400, True)


def test_sending_taken_in_before_the_approval_is_answered_again(enter, duty, world):
    prove(duty, world.baocao)
    client = enter("baocao")
    first = send(client, duty, cell(WHOLE, "40"), cell(PART, "32"))[1]
    actions.submit(submission=queries.last_of(duty), by=world.baocao, at=AT)
    actions.approve(submission=queries.last_of(duty), by=world.duyet, at=later())
    status, again = send(enter("baocao"), duty, cell(WHOLE, "40"), cell(PART, "32"))
    assert (status, again["mine"]) == (200, first["mine"]) and duty.submissions.count() == 1


def test_approval_between_looking_and_saving_corrects_nothing_unasked(handed_in, duty, world):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    with pytest.raises(actions.ApprovedReturn):
        actions.save_draft(
            duty=duty, values={WHOLE: 45}, by=world.baocao, at=later(), correcting=False
        )
    assert duty.submissions.count() == 1
