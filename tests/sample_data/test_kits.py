"""The sample campaign: everything adds up, whoever looks."""

from benefits.access.queries import INSTALLER
from benefits.kernel.unit import Database
from benefits.kits.closing import campaign_balance, obstacles
from benefits.verify import verify
from sample_data.generate import TODAY
from sample_data.kits import SETS, STATIONS, hold_campaign


def test_the_sample_campaign_adds_up(district: Database) -> None:
    """Half-way: sets at every station that has people, some handed out, nothing lost."""
    held = hold_campaign(district, INSTALLER, TODAY)
    assert len(held.stations) == STATIONS and held.people > 4
    with district.read(INSTALLER) as unit:
        balance = {row.item_id: row for row in campaign_balance(unit, held.campaign_id)}
        kit = balance[held.kit_id]
        assert (kit.arrived, kit.handed_out, kit.on_hand) == (SETS, held.people, SETS - held.people)
        assert {(row.difference, row.unrecorded) for row in balance.values()} == {(0, 0)}
        assert obstacles(unit, held.campaign_id)  # stock is still there
        assert [found.code for found in verify(unit) if not found.ok] == []
