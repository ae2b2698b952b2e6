"""What many people and stations must not make slow."""

from time import perf_counter
from typing import Any

from sqlalchemy import event

from benefits.kits.models import Campaign, Station
from benefits.kits.offering import Offer
from benefits.kits.service_group import hand_out_group
from tests.kits.desk import TODAY, Kits
from tests.renewal.factory import NOW


def test_a_group_that_comes_again_is_told_in_a_few_statements(kits: Kits) -> None:
    """However many of them have had theirs."""
    pot = kits.item()
    campaign = kits.campaign(pot, counts_stock=False)

    def again(people: int) -> int:
        given: dict[str, Any] = {"campaign_id": campaign, "station_id": None, "collected_by": "李娜"}
        given["member_ids"] = [kits.person("A1") for _ in range(people)]
        kits.database.act(kits.actor, hand_out_group, **given)
        seen: list[str] = []

        def count(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
            seen.append(statement)

        event.listen(kits.database.engine, "before_cursor_execute", count)
        try:
            done = kits.database.act(kits.actor, hand_out_group, **given)
        finally:
            event.remove(kits.database.engine, "before_cursor_execute", count)
        assert len(done.left_out) == people
        assert {str(one.say.params["why"].key) for one in done.left_out} == {"kits.had"}  # type: ignore[attr-defined]
        return len(seen)

    assert again(2) == again(12)


def test_a_row_asks_no_station_after_the_other() -> None:
    """Whatever number of stations: 300 of them in a list of 200,000 rows would be asked 60 million times."""
    said: dict[str, Any] = {"starts": TODAY, "ends": TODAY, "made_by": "x", "changed_at": NOW}
    unmade = Campaign(organisation_id=1, number="HD-1", name="一", **said)
    stations = {
        number: Station(id=number, organisation_id=1, number=number, name=name)
        for number, name in ((1, "东院"), (2, "3"), (3, "西院"))
    }
    offer = Offer(unmade, stations=stations)
    found = [offer.station(word) for word in ("东院", "1", "2", "3", "西院")]
    assert [one.id for one in found if isinstance(one, Station)] == [1, 1, 2, 2, 3]
    started = perf_counter()
    many = {n: Station(id=n, organisation_id=1, number=n, name=f"站点{n}") for n in range(1, 3001)}
    offer = Offer(unmade, stations=many)
    for _ in range(3000):
        assert isinstance(offer.station("站点3000"), Station)
    assert perf_counter() - started < 3
