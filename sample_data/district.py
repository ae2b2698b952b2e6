"""A district's people and their covers, unit by unit (按单位生成), the same for the same seed on every
machine.

What happens to people follows plain rates: some retire by the statutory rule, resign, die, move between
unions, claim out. The awkward cases that the rates may miss are put in by ``sample_data.cases``.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from benefits.enrollment.models import EnrollmentState, Entry
from benefits.kernel.dates import age_on
from benefits.kernel.ids import IdKind, Sex
from benefits.members.models import Standing, Status
from benefits.members.retirement import RetirementCategory, statutory_month
from sample_data.covers import (
    ACCIDENT,
    ACCIDENT_ENDS,
    BUNDLE,
    BUNDLE_ENDS,
    WOMEN,
    WOMEN_ENDS,
    Cover,
    Sold,
    term,
)
from sample_data.people import Numbers, invented_name
from sample_data.places import PLATFORM, SMALL, Tree, Unit, build_tree
from sample_data.rows import Block, EnrollmentRow, MemberRow, MembershipRow

_DAY = timedelta(days=1)
_AGES = (21, 63)
_MISSING_PHONE, _NO_CARD, _UNKNOWN_CARD = 0.2, 0.03, 0.04  # DOMAIN 0.11 [S18] for the first
_RESIGNED, _DECEASED, _MOVED, _CLAIMED = 0.012, 0.0012, 0.008, 0.004


@dataclass(slots=True)
class Builder:
    """Makes the blocks of one district. ``years``: how many past terms of each cover; ``dense``: everybody
    is covered.
    """

    today: date
    seed: int
    tree: Tree
    years: int = 2
    dense: bool = False
    numbers: Numbers = field(default_factory=Numbers)
    members: int = 0
    enrollments: int = 0
    _neighbours: list[tuple[int, tuple[Cover, ...]]] = field(default_factory=list)

    def blocks(self) -> Iterator[Block]:
        """One block a unit, special units first, ids in this order."""
        from sample_data.cases import add_cases

        for unit in self.tree.units:
            rng = random.Random(f"{self.seed}/unit/{unit.id}")
            block = Block(unit.id)
            covers = self.covers(unit, rng)
            if unit.special:
                add_cases(self, unit, covers, block, rng)
            else:
                self._fill(unit, covers, block, rng)
                if len(self._neighbours) < 50:
                    self._neighbours.append((unit.id, covers))
            yield block

    def covers(self, unit: Unit, rng: random.Random) -> tuple[Cover, ...]:
        """What an ordinary unit took out."""
        found: list[Cover] = []
        if unit.kind is PLATFORM:
            return (self.cover(BUNDLE, rng.choice(BUNDLE_ENDS), joining=1.0),)
        payer = rng.choice(("district", "district", "employer", "person"))
        ends, shares, joining = rng.choice(WOMEN_ENDS), rng.choice((1, 1, 2)), 0.9 + rng.random() * 0.1
        if self.dense or rng.random() < 0.9:
            found.append(self.cover(WOMEN, ends, shares=shares, funding=payer, joining=joining))
        ends, tier, joining = (
            rng.choice(ACCIDENT_ENDS),
            rng.choice(("26", "50", "74", "74", "100")),
            0.7 + rng.random() * 0.3,
        )
        small = unit.size < SMALL
        if self.dense or rng.random() < (0.15 if small else 0.7):
            found.append(
                self.cover(
                    ACCIDENT,
                    ends,
                    tier=tier,
                    funding="employer",
                    joining=1.0 if self.dense or small else joining,  # below 30 people all must join
                )
            )
        return tuple(found)

    def cover(
        self,
        sold: Sold,
        ends: int,
        *,
        tier: str | None = None,
        shares: int = 1,
        funding: str = "district",
        joining: float = 1.0,
    ) -> Cover:
        """A cover whose last term ends so many days from the business day."""
        return Cover(sold, self.today + timedelta(days=ends), tier, shares, funding, joining)

    def _fill(self, unit: Unit, covers: tuple[Cover, ...], block: Block, rng: random.Random) -> None:
        for _ in range(unit.size):
            member = self.person(unit, rng)
            payer, taken = unit.id, covers
            if rng.random() < _MOVED and self._neighbours and self._can_move(member):
                payer, taken = rng.choice(self._neighbours)
                self.move(block, member, payer, self.today - timedelta(days=int(rng.random() * 150) + 5))
            else:
                self.settle(block, member)
            for cover in taken:
                if rng.random() < cover.joining:
                    self.enroll(block, member, cover, payer, claimed=rng.random() < _CLAIMED)

    def _can_move(self, member: MemberRow) -> bool:
        since = member.joined_on
        return (
            member.status is Status.IN_POST and since is not None and since < self.today - timedelta(days=200)
        )

    def person(self, unit: Unit, rng: random.Random, **given: object) -> MemberRow:
        """A person of a unit by the unit's rates; ``given`` columns override what is drawn (also by None)."""
        self.members += 1
        drawn_sex = Sex.FEMALE if rng.random() < unit.kind.women else Sex.MALE
        sex = given.get("sex", drawn_sex) or drawn_sex
        drawn_birth = self._birth(rng)
        birth = given.get("birth", drawn_birth) or drawn_birth
        assert isinstance(sex, Sex) and isinstance(birth, date)
        category = RetirementCategory.M60
        if sex is Sex.FEMALE:
            category = (
                RetirementCategory.F55 if rng.random() < unit.kind.women_at_55 else RetirementCategory.F50
            )
        joined = self._joined(rng, unit, birth)
        status, since = self._status(rng, category, birth, joined)
        card = rng.random()
        made = MemberRow(
            self.members,
            None if status in (Status.RESIGNED, Status.DECEASED) else unit.id,
            invented_name(rng, sex),
            sex,
            birth,
            status,
            since,
            unit.kind.employment,
            None,
            None if sex is Sex.FEMALE and rng.random() < 0.01 else category,
            joined,
            False if card < _NO_CARD else None if card < _NO_CARD + _UNKNOWN_CARD else True,
            IdKind.RESIDENT,
            True,
            "" if "id_number" in given else self.numbers.identity(birth, sex),
            None if rng.random() < _MISSING_PHONE else self.numbers.phone(),
        )
        return made._replace(**given) if given else made  # type: ignore[arg-type]

    def _birth(self, rng: random.Random) -> date:
        young, old = _AGES
        age = young + (old - young) * rng.betavariate(1.6, 1.9)
        return self.today - timedelta(days=int(age * 365.2425))

    def _joined(self, rng: random.Random, unit: Unit, birth: date) -> date:
        earliest = max(birth + timedelta(days=18 * 365 + 200), unit.founded)
        span = max(1, (self.today - earliest).days - 20)
        return earliest + timedelta(days=int(span * rng.random() ** 1.6 * 0.98))

    def _status(
        self, rng: random.Random, category: RetirementCategory, birth: date, joined: date
    ) -> tuple[Status, date]:
        month = retirement_month(category, birth)
        if month <= self.today:
            return Status.RETIRED, max(month, joined)
        draw = rng.random()
        if draw < _RESIGNED + _DECEASED:
            day = self.today - timedelta(days=int(rng.random() * 330) + 10)
            if day > joined:
                return (Status.DECEASED if draw < _DECEASED else Status.RESIGNED), day
        return Status.IN_POST, joined

    def settle(self, block: Block, member: MemberRow) -> None:
        """Put a person into a unit's block with the one membership that he or she has had."""
        block.members.append(member)
        left = member.organisation_id is None
        reason = member.status.value if left and member.status else ""
        block.memberships.append(
            MembershipRow(
                member.id,
                block.organisation_id,
                member.joined_on or self.today,
                member.status_since if left else None,
                Standing.PRIMARY,
                reason,
            )
        )

    def move(self, block: Block, member: MemberRow, earlier: int, on: date) -> None:
        """Put a person into a unit's block who came there on ``on`` from an earlier one."""
        assert member.joined_on is not None
        block.members.append(member)
        block.memberships += [
            MembershipRow(member.id, earlier, member.joined_on, on - _DAY, Standing.PRIMARY, "transferred"),
            MembershipRow(member.id, block.organisation_id, on, None, Standing.PRIMARY, ""),
        ]

    def enroll(
        self,
        block: Block,
        member: MemberRow,
        cover: Cover,
        organisation_id: int | None = None,
        *,
        claimed: bool = False,
        whatever: bool = False,
    ) -> None:
        """The past terms of one person in one cover, those that he or she could have; ``whatever``: ask no
        rule.
        """
        first: date | None = None
        prior: int | None = None
        for years_back in range(self.years - 1, -1, -1):
            found = term(cover.sold, cover.ends, years_back)
            if not whatever and not _could_join(member, cover.sold, found.starts):
                continue
            self.enrollments += 1
            exhausted = found.starts + timedelta(days=200) if claimed and years_back == 0 else None
            if exhausted is not None and exhausted > self.today:
                exhausted = None
            block.enrollments.append(
                EnrollmentRow(
                    self.enrollments,
                    member.id,
                    cover.sold.plan,
                    cover.sold.edition,
                    organisation_id or block.organisation_id,
                    prior,
                    found.starts,
                    found.ends,
                    found.waiting_until if first is None else None,
                    first or found.starts,
                    cover.shares,
                    cover.tier,
                    cover.fen,
                    cover.funding,
                    Entry.FIRST if first is None else Entry.RENEWED,
                    exhausted,
                    EnrollmentState.ACTIVE,
                )
            )
            first, prior = first or found.starts, self.enrollments


@lru_cache(maxsize=4000)
def _statutory(category: RetirementCategory, year: int, month: int) -> date:
    return statutory_month(category, date(year, month, 1))


def retirement_month(category: RetirementCategory, birth: date) -> date:
    """The first day of the statutory month; remembered, because a district has few birth months."""
    return _statutory(category, birth.year, birth.month)


def _could_join(member: MemberRow, sold: Sold, starts: date) -> bool:
    """Whether the person met the plan's own rules on the first day of a term."""
    if member.joined_on is None or member.joined_on > starts or member.birth is None:
        return False
    if member.status is not Status.IN_POST and (member.status_since is None or member.status_since <= starts):
        return False
    if sold is WOMEN and member.sex is not Sex.FEMALE:
        return False
    return sold is BUNDLE or 16 <= age_on(member.birth, starts) <= 60


def district(members: int, seed: int, today: date, *, years: int = 2, dense: bool = False) -> Builder:
    """A builder for a district of so many people."""
    return Builder(today, seed, build_tree(members, seed, today), years, dense)
