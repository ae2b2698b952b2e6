"""Whom a campaign is for: entitled, waiting, handed and listed people add up, page by page, and nobody
outside the scope is among them."""

import pytest

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.ids import Sex
from benefits.kernel.unit import Database
from benefits.kits.models import Entitled
from benefits.kits.models_handout import Handout, HandoutState
from benefits.kits.queries_people import Which, count_people, people
from tests.kits.desk import TODAY, Kits, at


@pytest.fixture
def kits(database: Database, root: Actor) -> Kits:
    return Kits(database, root)


def _handed(kits: Kits, campaign: int, item: int, member: int, place: str, **more: object) -> None:
    kits.add(
        Handout(
            member_id=member,
            organisation_id=kits.places[place],
            campaign_id=campaign,
            item_id=item,
            slot=item,
            given_on=TODAY,
            given_at=at(1),
            made_by="wang",
            **more,  # type: ignore[arg-type]
        )
    )


def _ids(kits: Kits, actor: Actor, campaign: int, which: Which) -> list[int]:
    with kits.database.read(actor) as unit:
        pages = [people(unit, campaign, which, skip=skip, limit=2) for skip in range(0, 10, 2)]
        found = [row.member_id for page in pages for row in page]
        assert len(found) == count_people(unit, campaign, which)
    return found


def test_entitled_people_are_handed_or_waiting_and_nobody_is_both(kits: Kits) -> None:
    pot = kits.item()
    campaign = kits.campaign(pot, rule=[{"id": "women", "test": {"fact": "sex", "is": "female"}}])
    had, void, waits, other = (kits.person(place) for place in ("A1", "A1", "A2", "B1"))
    man = kits.person("A1", sex=Sex.MALE)
    _handed(kits, campaign, pot, had, "A1")
    _handed(kits, campaign, pot, void, "A1", state=HandoutState.VOID)
    _handed(kits, kits.campaign(pot), pot, waits, "A2")
    root, street = kits.actor, kits.street("A")
    assert _ids(kits, root, campaign, Which.ENTITLED) == [had, void, waits, other]
    assert _ids(kits, root, campaign, Which.WAITING) == [void, waits, other]
    assert _ids(kits, root, campaign, Which.HANDED) == [had]
    assert _ids(kits, street, campaign, Which.WAITING) == [void, waits]
    _handed(kits, campaign, pot, man, "A1")
    assert _ids(kits, root, campaign, Which.HANDED) == [had, man], "who is not entitled any more is told too"


def test_a_list_says_what_it_says_of_each(kits: Kits) -> None:
    pot = kits.item()
    campaign = kits.campaign(pot, listed_only=True)
    member, _ = kits.person("A1"), kits.person("A1")
    where = {"organisation_id": kits.places["A1"], "amount_fen": 50_000}
    kits.add(Entitled(campaign_id=campaign, member_id=member, site="家中", **where))  # type: ignore[arg-type]
    with kits.database.read(kits.actor) as unit:
        (row,) = people(unit, campaign, Which.LISTED)
        assert (row.member_id, row.amount_fen, row.site, row.given_on) == (member, 50_000, "家中", None)
        assert people(unit, campaign, Which.ENTITLED) == (row,)


def test_a_campaign_that_is_not_there_is_refused(kits: Kits) -> None:
    with kits.database.read(kits.actor) as unit, pytest.raises(Refused) as refused:
        count_people(unit, 99, Which.LISTED)
    assert refused.value.code == "kits.campaign_unknown"
