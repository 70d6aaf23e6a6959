"""A figure counted by a catalogue says by which decision, then and now."""

from datetime import timedelta

import pytest
from django.urls import reverse

from namro.measuring import command
from namro.usage import Parser
from namro.web.facts import actions, feed
from tests.world import AT

pytestmark = pytest.mark.django_db

HEAD = "procedure,unit,eligible,fully_online,decision,decided_on,in_force_from\n"
OLD = "05/QĐ-UBND ngày 03/01/2025, có hiệu lực từ 10/01/2025"
NEW = "61/QĐ-UBND ngày 20/5/2025, có hiệu lực từ 01/6/2025"


@pytest.fixture
def listed(world, tmp_path):
    """Target 5 counted by the catalogue of c1: of January, and of June from another decision."""
    target = world.targets["5"]
    target.measure = "catalogue.online-procedures"
    target.save()
    target.assignments.filter(part="EXECUTOR").exclude(unit=world.units["c1"]).delete()
    for number, (period, rows) in enumerate(
        {
            "202501": "t1,c1,yes,yes,05/QĐ-UBND,2025-01-03,2025-01-10\n"
            "t2,c1,yes,no,05/QĐ-UBND,2025-01-03,2025-01-10\n",
            "202506": "t1,c1,yes,yes,61/QĐ-UBND,2025-05-20,2025-06-01\n"
            "t2,c1,yes,yes,61/QĐ-UBND,2025-05-20,2025-06-01\n"
            "t3,c1,yes,no,61/QĐ-UBND,2025-05-20,2025-06-01\n",
        }.items()
    ):
        path = tmp_path / f"danh-muc-{number}.csv"
        path.write_text(HEAD + rows, encoding="utf-8")
        actions.take_batch(
            dataset="procedures", period_code=period, path=path, file_name=path.name, by=None,
            at=AT + timedelta(hours=number),
        )  # fmt: skip
    for period in ("202505", "202509"):
        actions.open_period(period_code=period, at=AT + timedelta(hours=3))
    return target


@pytest.mark.parametrize(
    ("period", "said", "parts"), [("202505", OLD, "1/2"), ("202509", NEW, "2/3")]
)
def test_page_of_origins_names_the_decision(client, world, listed, period, said, parts):
    client.force_login(world.dieuphoi, backend="namro.web.org.backends.PostsBackend")
    address = reverse("results:origin", args=[listed.pk]) + f"?ky={period}&don-vi=c1"
    page = client.get(address).content.decode()
    assert f"Danh mục thủ tục hành chính làm căn cứ: <strong>{said}</strong>" in page
    assert " / ".join(parts.split("/")) in page
    assert (OLD if said == NEW else NEW) not in page


def test_command_names_the_decision(listed, capsys):
    feed.ensure_fresh()
    from django.conf import settings

    parser = Parser()
    command.add_arguments(parser)
    asked = ["catalogue", "--period", "202509", "--unit", "c1", "--dir", str(settings.NAMRO_HOME)]
    assert command.run(parser.parse_args(asked)) == 0
    told = capsys.readouterr().out
    assert "2 / 3 thủ tục" in told and f"Danh mục thủ tục hành chính làm căn cứ: {NEW}" in told
    assert command.run(parser.parse_args([*asked, "--json", "-"])) == 0
    assert '"number": "61/QĐ-UBND"' in capsys.readouterr().out


def test_list_of_two_decisions_is_refused_at_the_door(world, tmp_path):
    path = tmp_path / "danh-muc.csv"
    path.write_text(
        HEAD + "t1,c1,yes,yes,05/QĐ-UBND,2025-01-03,2025-01-10\n"
        "t2,c1,yes,no,06/QĐ-UBND,2025-01-03,2025-01-10\n",
        encoding="utf-8",
    )
    with pytest.raises(actions.FaultyRecords) as caught:
        actions.take_batch(
            dataset="procedures", period_code="202501", path=path, file_name=path.name, by=None,
            at=AT,
        )  # fmt: skip
    [fault] = caught.value.faults
    assert "khác dòng đầu của đơn vị c1 (“05/QĐ-UBND”)" in fault.message
