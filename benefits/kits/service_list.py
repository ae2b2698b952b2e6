"""Verbs on the list of a campaign (名单): put people on it, take them off."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from benefits.kernel.actions import action
from benefits.kernel.among import among
from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits import listing
from benefits.kits.campaigns import list_changed, refuse_over
from benefits.kits.entitlement import counting_day
from benefits.kits.keeping import keep_campaign
from benefits.kits.listing import MOST_FEN, Entry
from benefits.kits.models import Station
from benefits.kits.queries import unions_on
from benefits.kits.record import checked, words
from benefits.members.models import Member

_CHECKS = {"site": words("site", 120), "note": words("note", 200), "source": words("source", 60)}
_SAID = ("station_id", "amount_fen", "site", "note", "source")


@dataclass(frozen=True, slots=True)
class Listed:
    """A person for the list. ``station_id``: where he or she collects, None: where the unit does;
    ``amount_fen``: what is given in money; ``site``: where the visit is."""

    member_id: int
    station_id: int | None = None
    amount_fen: int | None = None
    site: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """People that were put on the list, whose line was changed, and who stood there just so."""

    added: int
    changed: int
    same: int


@action("kits.put_on_list", permission="kit.edit")
def put_on_list(unit: WriteUnit, *, campaign_id: int, people: Sequence[Listed], source: str = "") -> Counted:
    """Put people on a campaign's list (列入名单), or change what it says of them; all or none. ``source``
    says where they come from.

    Raises Refused: ``kits.not_yours``, ``kits.campaign_over``, ``kits.list_twice``, ``kits.list_amount``,
    ``kits.list_station``, ``kits.list_people`` naming everybody who is not seen, or a member nowhere on the
    day for which the campaign counts; what ``record.checked`` refuses.
    """
    campaign = keep_campaign(unit, campaign_id)
    refuse_over(campaign)
    _check(unit, campaign_id, people)
    ids = [one.member_id for one in people]
    day = counting_day(campaign, unit.today)
    homes = _homes(unit, ids, day)
    known = listing.lines_of(unit, [campaign_id], ids)
    new: list[Entry] = []
    other: list[tuple[Any, dict[str, Any]]] = []
    for one in people:
        texts = checked({"site": one.site, "note": one.note, "source": source}, _CHECKS)
        home = homes[one.member_id]
        values = {"station_id": one.station_id, "amount_fen": one.amount_fen} | texts
        row = known.get((campaign_id, one.member_id))
        if row is None:
            new.append(Entry(campaign_id, one.member_id, home, **values))
        elif any(getattr(row, name) != values[name] for name in _SAID):
            other.append((row, values | {"organisation_id": home}))
    listing.add(unit, new)
    listing.change(unit, other)
    list_changed(unit, campaign)
    done = Counted(len(new), len(other), len(people) - len(new) - len(other))
    unit.record(f"campaign:{campaign_id}", added=done.added, changed=done.changed, source=source)
    return done


@action("kits.take_off_list", permission="kit.edit")
def take_off_list(unit: WriteUnit, *, campaign_id: int, member_ids: Sequence[int]) -> int:
    """Take people off a campaign's list (移出名单); how many.

    Raises Refused: ``kits.not_yours``, ``kits.campaign_over``, ``kits.not_listed`` and ``kits.list_handed``
    naming everybody who is not on it, or was handed something already.
    """
    campaign = keep_campaign(unit, campaign_id)
    refuse_over(campaign)
    wanted = list(dict.fromkeys(member_ids))
    names = _names(unit, wanted)
    known = listing.lines_of(unit, [campaign_id], names)
    handed = listing.handed_of(unit, [campaign_id], names)
    for code, wrong in (
        ("kits.not_listed", [one for one in wanted if one not in names or (campaign_id, one) not in known]),
        ("kits.list_handed", [one for one in wanted if (campaign_id, one) in handed]),
    ):
        if wrong:
            problems = tuple(
                Problem("kits.list_person", say("kits.list_person", name=names.get(one, f"#{one}")))
                for one in wrong
            )
            raise Refused(code, campaign=campaign.name, count=len(wrong), problems=problems)
    listing.remove(unit, [(campaign_id, one) for one in wanted])
    list_changed(unit, campaign)
    unit.record(f"campaign:{campaign_id}", removed=len(wanted))
    return len(wanted)


def _check(unit: ReadUnit, campaign_id: int, people: Sequence[Listed]) -> None:
    stations = set(unit.exec(select(Station.id).where(col(Station.campaign_id) == campaign_id)))
    seen: set[int] = set()
    for one in people:
        if one.member_id in seen:
            raise Refused("kits.list_twice", member=one.member_id)
        seen.add(one.member_id)
        if one.amount_fen is not None and not 0 < one.amount_fen <= MOST_FEN:
            raise Refused("kits.list_amount", most=MOST_FEN // 100)
        if one.station_id is not None and one.station_id not in stations:
            raise Refused("kits.list_station", station=one.station_id)


def _homes(unit: ReadUnit, ids: Sequence[int], day: Any) -> dict[int, int]:
    """The union of everybody on a day. Raises Refused ``kits.list_people`` naming those who have none."""
    found = {member: home for (member, _), home in unions_on(unit, [(one, day) for one in ids]).items()}
    missing = [one for one in ids if one not in found]
    if missing:
        names = _names(unit, missing)
        problems = tuple(
            Problem("kits.list_person", say("kits.list_person", name=names.get(one, f"#{one}")))
            for one in missing
        )
        raise Refused("kits.list_people", day=day, count=len(missing), problems=problems)
    return found


def _names(unit: ReadUnit, ids: Sequence[int]) -> dict[int, str]:
    query = select(col(Member.id), Member.name).where(among(unit, Member.id, ids))
    return {row[0]: row[1] for row in unit.session.execute(query)}
