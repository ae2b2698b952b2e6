"""The sample roster: 40 of 3,497 rows are wrong, and the check finds these and no others."""

from pathlib import Path

from benefits.kernel.actions import Actor
from benefits.kernel.unit import Database
from benefits.roster_kinds import kind_of
from benefits.rosters.check import check
from benefits.rosters.models import Mode
from benefits.rosters.service import import_roster
from sample_data.roster import BAD, FAULTS, ROWS, write_roster
from tests.renewal.factory import World


def test_friday_afternoon(database: Database, root: Actor, tmp_path: Path) -> None:
    world = World(database, root)
    path = tmp_path / "周五.xlsx"
    assert write_roster(path, "A1") == BAD
    with database.read(world.actor) as unit:
        report = check(unit, path, kind_of("members"))
    step = ROWS // BAD
    wrong = sorted({one.row for one in report.problems})
    assert (report.rows, report.bad, report.added) == (ROWS, BAD, ROWS - BAD)
    assert wrong == [7 + at * step for at in range(BAD)] and len(report.skipped) == 2
    assert len({one.code for one in report.problems}) >= len(FAULTS) - 2
    done = database.act(root, import_roster, path=path, kind=kind_of("members"), mode=Mode.GOOD)
    assert done.report.added == ROWS - BAD
