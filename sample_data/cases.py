"""The awkward cases (疑难情形) of a district, each in a unit made for it, so that every screen and report
can be tried on them.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from benefits.enrollment.models import EnrollmentState, Entry
from benefits.kernel.dates import anniversary, latest_birth, term_end
from benefits.kernel.ids import IdKind, Sex
from benefits.members.models import Employment, Standing, Status
from benefits.members.retirement import RetirementCategory
from benefits.organisations.models import RiskClass
from sample_data.covers import ACCIDENT, BUNDLE, GRACE_IN, GRACE_OUT, WOMEN, Cover
from sample_data.places import DISTRICT, SPECIALS, Unit
from sample_data.rows import Block, Case, MemberRow, MembershipRow

if TYPE_CHECKING:
    from sample_data.district import Builder

_DAY = timedelta(days=1)
LONG_NAME = "阿卜杜热合曼·麦麦提吐尔逊·阿不都克里木·吾斯曼江"
WORDS = {
    "retired": "当年退休 retired in the year by the statutory rule (F50), covered to the end of the term",
    "retirement_passed": "已过法定退休年月仍登记在职 in post on record although the statutory month is over",
    "transferred": "期中在区内调动 moved between two unions in mid-term; the earlier one paid",
    "left": "期中转出本区 transferred out of the district in mid-term",
    "deceased": "去世 deceased in the term",
    "resigned": "离职 resigned in the term",
    "leap_day": "2月29日出生 born on 29 February",
    "turned_61_before": "新一期起保前一天满61岁 turned 61 on the day before the new term starts",
    "turned_61_on": "新一期起保当天满61岁 turns 61 on the day the new term starts",
    "still_60": "新一期起保次日满61岁 turns 61 on the day after the new term starts",
    "deferred": "弹性延迟退休, 起保前一天满61岁 in post by deferred retirement, 61 the day before the start",
    "id_x": "身份证末位为X identity number that ends in X",
    "dotted": "带间隔号的少数民族姓名 minority name with ·",
    "rare_1": "生僻字㛃 rare character U+36C3",
    "rare_2": "生僻字䶮 rare character U+4DAE",
    "rare_3": "生僻字𬭎 rare character U+2CB4E",
    "long_name": "25个字符的姓名 name of 25 characters",
    "polyphonic": "多音姓氏单 polyphonic surname",
    "namesake_1": "同单位同名 namesake in the same unit",
    "namesake_2": "同单位同名 namesake in the same unit",
    "passport": "外籍, 护照 passport; sex and birth were typed",
    "duplicate": "两个工会重复入会 member of two unions; the second membership waits for a decision",
    "claimed": "已给付, 本期保障终止 claimed out: the term's cover is exhausted",
    "no_data": "无证件、性别和出生日期 no identity number, sex or birth date",
    "invalid_id": "身份证校验位错 identity number with a wrong check digit",
    "wrong_sex": "登记为男的女工计划参保人 a man on record in the women's plan",
    "by_hand": "已手工续保 already renewed by hand",
    "not_enrolled": "在职女职工未参保 woman in post without cover, to be added by class",
    "voided": "有一条作废的参保记录 has a void enrollment beside the valid one",
    "category_unknown": "退休类别未知 retirement category not known",
    "early_leave": "内退 on early leave",
    "unemployed": "失业, 会籍保留 unemployed, membership kept",
    "grace_day_30": "宽限期第30天 the term ended 30 days before the business day",
    "grace_day_31": "宽限期第31天 the term ended 31 days before the business day",
    "staff_29": "29人单位参保28人, 须全员参保 28 of 29 joined; below 30 all must",
    "staff_30": "30人单位参保15人, 恰为50% 15 of 30 joined: exactly half",
    "staff_31": "31人单位参保15人, 不足50% 15 of 31 joined: below half",
    "staff_unknown": "单位人数未知 the unit's head-count is not known",
    "fire": "消防救援支队, 职业风险类别待核实 fire-rescue detachment; its risk class is to be confirmed",
    "fire_high": "本人风险类别为高 own risk class is high",
    "platform": "新就业形态劳动者 worker in a new form of employment",
    "unit_moved": "单位年中调整隶属关系 the unit moved to another town in the year",
    "unit_closed": "单位撤销, 会籍保留在街乡总工会 the unit closed; membership is kept one level up",
}
"""What each case is, in Chinese and English."""
_NAMES = (
    ("dotted", "阿依古丽·买买提"),
    ("rare_1", "何㛃"),
    ("rare_2", "龚䶮"),
    ("rare_3", "赵𬭎"),
    ("long_name", LONG_NAME),
    ("polyphonic", "单雪梅"),
    ("namesake_1", "王秀兰"),
    ("namesake_2", "王秀兰"),
)


class _Unit:
    """One special unit while it is being filled."""

    def __init__(self, builder: "Builder", unit: Unit, block: Block, rng: random.Random) -> None:
        self.builder, self.unit, self.block, self.rng = builder, unit, block, rng
        self.today = builder.today

    def add(self, case: str, *covers: Cover, settled: bool = True, **given: object) -> MemberRow:
        """One more person, in post, a woman of 40 unless given otherwise; covered by ``covers`` whatever
        the rules say.
        """
        sex = given.setdefault("sex", Sex.FEMALE)
        given.setdefault("birth", self.today - timedelta(days=int(self.rng.uniform(30, 44) * 365.25)))
        given.setdefault("joined_on", self.today - timedelta(days=int(self.rng.uniform(1200, 2500))))
        given.setdefault("status", Status.IN_POST)
        given.setdefault("status_since", given["joined_on"])
        given.setdefault("organisation_id", self.unit.id)
        female = self.unit.kind.women_at_55 > 0.5
        women = RetirementCategory.F55 if female else RetirementCategory.F50
        given.setdefault("retirement_category", RetirementCategory.M60 if sex is Sex.MALE else women)
        member = self.builder.person(self.unit, self.rng, **given)
        if settled:
            self.builder.settle(self.block, member)
            self.enroll(member, *covers)
        if case:
            self.note(case, member.id)
        return member

    def enroll(
        self, member: MemberRow, *covers: Cover, payer: int | None = None, claimed: bool = False
    ) -> None:
        for cover in covers:
            self.builder.enroll(self.block, member, cover, payer, claimed=claimed, whatever=True)

    def note(self, case: str, member_id: int | None) -> None:
        self.block.cases.append(Case(case, member_id, self.unit.id, WORDS[case]))

    def rest(self, *covers: Cover) -> None:
        """Fill the unit up with plain people, each covered where the rules allow it."""
        while len(self.block.members) < self.unit.size:
            member = self.builder.person(self.unit, self.rng)
            self.builder.settle(self.block, member)
            for cover in covers:
                self.builder.enroll(self.block, member, cover)


def special_id(code: str) -> int:
    """Id of a special unit: they come first below the streets and towns."""
    first = DISTRICT + 22 + 1
    return first + next(place for place, special in enumerate(SPECIALS) if special.code == code)


def add_cases(
    builder: "Builder", unit: Unit, covers: tuple[Cover, ...], block: Block, rng: random.Random
) -> None:
    """Fill one special unit."""
    _FILLERS[unit.special](_Unit(builder, unit, block, rng))


def _women_cover(builder: "Builder", ends: int = 8) -> Cover:
    return builder.cover(WOMEN, ends, shares=2)


def _accident_cover(builder: "Builder", ends: int = 8, tier: str = "74") -> Cover:
    return builder.cover(ACCIDENT, ends, tier=tier, funding="employer")


def _women(into: _Unit) -> None:
    cover, today = _women_cover(into.builder), into.today
    _women_by_status(into, cover)
    start = cover.ends + _DAY
    for case, days in (("turned_61_before", -1), ("turned_61_on", 0), ("still_60", 1)):
        into.add(
            case,
            cover,
            birth=_turns_61(start + timedelta(days=days)),
            retirement_category=RetirementCategory.F55,
        )
    accident = _accident_cover(into.builder)
    into.add("deferred", accident, sex=Sex.MALE, birth=_turns_61(accident.ends))
    into.add("leap_day", cover, birth=date(2000, 2, 29))
    born = date(1988, 3, 8)
    into.add("id_x", cover, birth=born, id_number=into.builder.numbers.identity_where(born, Sex.FEMALE, "X"))
    for case, name in _NAMES:
        into.add(case, cover, name=name)
    into.add("passport", cover, name="Anna Müller", id_kind=IdKind.PASSPORT, id_number="SAMPLE00017")
    twice = into.add("duplicate", cover)
    into.block.memberships.append(
        MembershipRow(twice.id, special_id("received"), today - timedelta(days=90), None, Standing.SECOND, "")
    )
    into.enroll(into.add("claimed"), cover, claimed=True)
    into.add(
        "no_data",
        cover,
        sex=None,
        birth=None,
        id_kind=None,
        id_valid=None,
        id_number=None,
        retirement_category=None,
    )
    into.add("invalid_id", cover, id_valid=False, id_number="119999198306150021", birth=date(1983, 6, 15))
    into.add("wrong_sex", cover, sex=Sex.MALE)
    _by_hand(into, cover)
    into.add("not_enrolled")
    _voided(into, cover)
    into.add("category_unknown", cover, retirement_category=None)
    into.rest(cover, accident)


def _women_by_status(into: _Unit, cover: Cover) -> None:
    today = into.today
    passed = _born_to_retire(into.builder, today, RetirementCategory.F50)
    into.add(
        "retired",
        cover,
        birth=passed,
        retirement_category=RetirementCategory.F50,
        status=Status.RETIRED,
        status_since=_retires(passed),
    )
    into.add("retirement_passed", cover, birth=passed, retirement_category=RetirementCategory.F50)
    ago = today - timedelta(days=75)
    into.add("deceased", cover, status=Status.DECEASED, status_since=ago, organisation_id=None)
    into.add("resigned", cover, status=Status.RESIGNED, status_since=ago, organisation_id=None)
    into.add("early_leave", cover, status=Status.EARLY_LEAVE, status_since=ago)
    into.add("unemployed", cover, status=Status.UNEMPLOYED, status_since=ago)
    left = into.add("left", settled=False, organisation_id=None)
    into.block.members.append(left)
    assert left.joined_on is not None
    into.block.memberships.append(
        MembershipRow(left.id, into.unit.id, left.joined_on, ago, Standing.PRIMARY, "transferred_out")
    )
    into.enroll(left, cover)


def _by_hand(into: _Unit, cover: Cover) -> None:
    member = into.add("by_hand", cover)
    last = into.block.enrollments[-1]
    into.builder.enrollments += 1
    starts = cover.ends + _DAY
    into.block.enrollments.append(
        last._replace(
            id=into.builder.enrollments,
            member_id=member.id,
            prior_id=last.id,
            starts=starts,
            ends=term_end(starts, 12),
            waiting_until=None,
            entry=Entry.RENEWED,
        )
    )


def _voided(into: _Unit, cover: Cover) -> None:
    into.add("voided", cover)
    last = into.block.enrollments[-1]
    into.builder.enrollments += 1
    into.block.enrollments.append(
        last._replace(
            id=into.builder.enrollments, shares=1, fen=cover.fen // cover.shares, state=EnrollmentState.VOID
        )
    )


def _received(into: _Unit) -> None:
    member = into.add("transferred", settled=False)
    earlier = special_id("women")
    into.builder.move(into.block, member, earlier, into.today - timedelta(days=120))
    into.enroll(member, _women_cover(into.builder), payer=earlier)
    into.rest(_women_cover(into.builder, 15), _accident_cover(into.builder, 23, "50"))


def _grace(case: str, ends: int) -> Callable[[_Unit], None]:
    def fill(into: _Unit) -> None:
        cover = _women_cover(into.builder, ends)
        into.add(case, cover)
        into.rest(cover)

    return fill


def _staff(case: str, joined: int) -> Callable[[_Unit], None]:
    def fill(into: _Unit) -> None:
        cover = _accident_cover(into.builder)
        for place in range(into.unit.size):
            sex = Sex.FEMALE if into.rng.random() < into.unit.kind.women else Sex.MALE
            into.add(case if place == 0 else "", *((cover,) if place < joined else ()), sex=sex)

    return fill


def _fire(into: _Unit) -> None:
    plain, officers = _accident_cover(into.builder, 23, "74"), _accident_cover(into.builder, 23, "100")
    into.add("fire", plain, sex=Sex.MALE)
    into.add("fire_high", plain, sex=Sex.MALE, risk_class=RiskClass.HIGH)
    for place in range(into.unit.size - 2):
        sex = Sex.FEMALE if into.rng.random() < into.unit.kind.women else Sex.MALE
        into.add("", officers if place < 6 else plain, sex=sex)


def _platform(into: _Unit) -> None:
    cover = into.builder.cover(BUNDLE, 39)
    into.add("platform", cover, sex=Sex.MALE, employment=Employment.PLATFORM)
    into.rest(cover)


def _moved(into: _Unit) -> None:
    cover = _women_cover(into.builder, 23)
    into.add("unit_moved", cover)
    into.rest(cover, _accident_cover(into.builder, 39, "50"))


def _closed(into: _Unit) -> None:
    cover, last = _women_cover(into.builder, 15), into.today - timedelta(days=20)
    for place in range(into.unit.size):
        member = into.add(
            "unit_closed" if place == 0 else "", settled=False, organisation_id=into.unit.street
        )
        assert member.joined_on is not None
        into.block.members.append(member)
        into.block.memberships += [
            MembershipRow(member.id, into.unit.id, member.joined_on, last, Standing.PRIMARY, "unit_closed"),
            MembershipRow(member.id, into.unit.street, last + _DAY, None, Standing.PRIMARY, ""),
        ]
        into.enroll(member, cover)


def _plain(case: str) -> Callable[[_Unit], None]:
    def fill(into: _Unit) -> None:
        cover = _accident_cover(into.builder, 39, "26")
        into.add(case, cover)
        into.rest(cover, _women_cover(into.builder, 39))

    return fill


_FILLERS: dict[str, Callable[[_Unit], None]] = {
    "women": _women,
    "received": _received,
    "grace_in": _grace("grace_day_30", GRACE_IN),
    "grace_out": _grace("grace_day_31", GRACE_OUT),
    "staff_29": _staff("staff_29", 28),
    "staff_30": _staff("staff_30", 15),
    "staff_31": _staff("staff_31", 15),
    "staff_unknown": _plain("staff_unknown"),
    "fire": _fire,
    "platform": _platform,
    "moved": _moved,
    "closed": _closed,
}


def _turns_61(day: date) -> date:
    """The birth date of somebody who turns 61 on ``day``."""
    return latest_birth(61, day)


def _retires(birth: date) -> date:
    from sample_data.district import retirement_month

    return retirement_month(RetirementCategory.F50, birth)


def _born_to_retire(builder: "Builder", today: date, category: RetirementCategory) -> date:
    """A birth date whose statutory month is some months before ``today``: in this year's term, after its
    start.
    """
    month = today.replace(day=1)
    birth = anniversary(month, -12 * 50)
    while not 60 < (today - _retires(birth)).days < 200:
        birth = anniversary(birth, -1)
    return birth.replace(day=17)
