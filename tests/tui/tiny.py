"""A tiny district made through the services: two streets, three unions, eighteen people, covers that end with
the year.

Identity numbers carry area code 119999, which was never issued: they belong to nobody.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from benefits.access.models import Role
from benefits.access.queries import INSTALLER
from benefits.access.service import add_user
from benefits.database import open_database
from benefits.enrollment.service import enroll
from benefits.kernel.clock import FixedClock
from benefits.kernel.ids import resident_check_digit
from benefits.kernel.unit import Database
from benefits.members.models import Status
from benefits.members.record import MemberInput
from benefits.members.service import add, change_status
from benefits.organisations.models import Level, RiskClass
from benefits.organisations.service import found
from benefits.plans.service import install_catalogue
from tests import engines
from tests.conftest import _migrated

TODAY = date(2026, 12, 1)
BEFORE = date(2025, 12, 20)
WOMEN = "bj-women-disease-1y"
ACCIDENT = "bj-accident-1y"
NAMES = (
    *("李秀英", "王芳", "张丽华", "刘洋", "陈静", "欧阳娜娜", "买买提·吐尔逊江", "赵敏", "周婷", "[b]孙[/]"),
    *("㛃䶮", "吴刚", "郑强", "钱伟", "冯军", "褚健", "卫东", "蒋超"),
)
"""The first eleven are women; one has a dotted name, one rare characters, one what looks like markup."""


def number(birth: date, place: int, female: bool) -> str:
    """A number with a right check digit that belongs to nobody."""
    first = f"119999{birth:%Y%m%d}{place * 2 + (0 if female else 1):03d}"
    return first + resident_check_digit(first)


def fill(address: str) -> None:
    """Fill a migrated database."""
    database = open_database(address, clock=FixedClock(BEFORE))
    try:
        _fill(database)
    finally:
        database.close()
    later = open_database(address, clock=FixedClock(TODAY))
    try:
        later.act(INSTALLER, change_status, member_id=5, status=Status.RETIRED, on=date(2026, 6, 30))
        later.act(INSTALLER, change_status, member_id=14, status=Status.DECEASED, on=date(2026, 3, 1))
    finally:
        later.close()


def _fill(database: Database) -> None:
    act: Callable[..., int] = lambda verb, **given: database.act(INSTALLER, verb, **given)  # noqa: E731
    start = date(2000, 1, 1)
    act(install_catalogue)
    city = act(found, name="北京市总工会", code="11", level=Level.CITY, parent_id=None, founded=start)
    district = act(
        found, name="通州区总工会", code="1112", level=Level.DISTRICT, parent_id=city, founded=start
    )
    unions: list[int] = []
    for code, street, names in (
        ("01", "永顺镇总工会", ("北京永顺机械制造有限公司工会委员会", "永顺镇中心小学工会")),
        ("02", "张家湾镇总工会", ("张家湾镇卫生院工会",)),
    ):
        above = act(
            found, name=street, code=f"1112{code}", level=Level.SUBDISTRICT, parent_id=district, founded=start
        )
        for name in names:
            unions.append(
                act(
                    found,
                    name=name,
                    code=f"1112{code}{len(unions) + 1:03d}",
                    level=Level.GRASSROOTS,
                    parent_id=above,
                    founded=start,
                    staff=8,
                    risk_class=RiskClass.ORDINARY,
                )
            )
    act(add_user, login="wang", name="王经办", role=Role.ADMIN)
    for place, name in enumerate(NAMES):
        _member(database, unions[place % 3], place, name)


def _member(database: Database, union: int, place: int, name: str) -> None:
    female = place < 11
    birth = date(1966 + place * 2, 2, 28) if place != 2 else date(1965, 12, 31)
    given = MemberInput(
        organisation_id=union, name=name, id_number=number(birth, place, female), joined_on=date(2015, 3, 1)
    )
    member = database.act(INSTALLER, add, replace_phone(given, place))
    year = date(2026, 1, 1)
    if female and place != 10:
        _enroll(database, member, WOMEN, year, 1 + place % 2, None, "district")
    if place >= 3:
        _enroll(database, member, ACCIDENT, year, 1, "26" if place % 2 else "50", "employer")


def replace_phone(given: MemberInput, place: int) -> MemberInput:
    """With a phone, but for one."""
    return given.model_copy(update={"phone": None if place == 3 else f"1380013{8000 + place}"})


def _enroll(
    database: Database, member: int, plan: str, starts: date, shares: int, tier: str | None, funding: str
) -> None:
    database.act(
        INSTALLER,
        enroll,
        member_id=member,
        plan_code=plan,
        starts=starts,
        shares=shares,
        tier=tier,
        funding=funding,
    )


def address(folder: Path, kind: str = "sqlite") -> str:
    """A fresh copy of the tiny district; what the screens show does not depend on the engine."""
    spare = _migrated(kind, folder)
    engines.discard(spare)
    engines.template(kind, "tiny", fill, base="migrated")
    return engines.fresh(kind, "tiny", folder)
