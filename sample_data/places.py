"""The tree of a district (工会组织树): the 22 real streets and towns of Tongzhou [S41], and invented
grass-roots unions below them.

Unit names and credit codes are invented; codes begin with 81119999 (no authority has that area code) and
their check character (GB 32100) is right.
"""

import csv
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from benefits.kernel.errors import Refused
from benefits.kernel.ids import uscc_check
from benefits.members.models import Employment
from benefits.organisations.models import Level, RiskClass
from sample_data.rows import OrganisationRow, PositionRow

CITY, DISTRICT, FIRST_STREET = 1, 2, 3
FOUNDED = date(1997, 11, 1)
_STREETS = Path(__file__).parent / "tongzhou_units.csv"
_FIRST = "禾澄砚朗岚屿瀚汐临森泓悠谷麓棠栖韶煦衡昱"
_SECOND = "川舟野原桥渡岸帆桦源林岭台舍苑涧坪湾洲屏"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of unit: what it is called, its share of women, how people are employed, retirement ages of
    its women.
    """

    code: str
    names: tuple[str, ...]
    women: float
    employment: Employment
    women_at_55: float


SCHOOL = Kind("school", ("小学", "中学", "幼儿园", "职业学校"), 0.74, Employment.REGULAR, 0.97)
HEALTH = Kind("health", ("社区卫生服务中心", "护理院", "口腔门诊部"), 0.70, Employment.REGULAR, 0.9)
OFFICE = Kind("office", ("便民服务中心", "市政服务所", "文化服务中心"), 0.5, Employment.REGULAR, 0.95)
FACTORY = Kind(
    "factory",
    (
        "精密机械有限公司",
        "电子科技有限公司",
        "印刷有限公司",
        "食品有限公司",
        "汽车部件有限公司",
        "包装制品有限公司",
    ),
    0.34,
    Employment.CONTRACT,
    0.25,
)
CLOTHING = Kind(
    "clothing", ("服装有限公司", "纺织品有限公司", "酒店管理有限公司"), 0.72, Employment.CONTRACT, 0.15
)
TRADE = Kind(
    "trade",
    (
        "商贸有限公司",
        "物业管理有限公司",
        "餐饮管理有限公司",
        "园林绿化有限公司",
        "建筑安装有限公司",
        "物流有限公司",
    ),
    0.42,
    Employment.CONTRACT,
    0.2,
)
PLATFORM = Kind("platform", ("快递行业", "网约配送行业", "货运行业"), 0.12, Employment.PLATFORM, 0.1)
SMALL = 34
"""Units of fewer people take out accident cover seldom, and then as a whole (DOMAIN 0.3: under 30 all in)."""
FIRE = Kind("fire", ("消防救援支队",), 0.06, Employment.REGULAR, 0.9)
_MIX = (
    (SCHOOL,) * 5
    + (HEALTH,) * 2
    + (OFFICE,) * 2
    + (FACTORY,) * 5
    + (CLOTHING,) * 2
    + (TRADE,) * 6
    + (PLATFORM,) * 2
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A grass-roots union to be filled with ``size`` people."""

    id: int
    kind: Kind
    size: int
    street: int
    founded: date
    special: str = ""


@dataclass(frozen=True, slots=True)
class Special:
    """A unit that is there for a case: its code, name, kind and size; the ratio cases need an exact
    head-count.
    """

    code: str
    name: str
    kind: Kind
    size: int
    staff: int | None


SPECIALS = (
    Special("women", "禾岸服装有限公司", CLOTHING, 60, 64),
    Special("received", "澄谷商贸有限公司", TRADE, 36, 40),
    Special("grace_in", "砚台职业学校", SCHOOL, 34, 36),
    Special("grace_out", "朗坪小学", SCHOOL, 33, 35),
    Special("staff_29", "岚舟印刷有限公司", FACTORY, 29, 29),
    Special("staff_30", "屿桥电子科技有限公司", FACTORY, 30, 30),
    Special("staff_31", "瀚原汽车部件有限公司", FACTORY, 31, 31),
    Special("staff_unknown", "汐洲餐饮管理有限公司", TRADE, 26, None),
    Special("fire", "某消防救援支队", FIRE, 72, 74),
    Special("platform", "网约配送行业", PLATFORM, 58, 80),
    Special("moved", "森野物流有限公司", TRADE, 32, 35),
    Special("closed", "泓苑包装制品有限公司", FACTORY, 12, 12),
)
LEAST = sum(special.size for special in SPECIALS) + 100


@dataclass(slots=True)
class Tree:
    """The organisations of a district and what to fill its units with."""

    organisations: list[OrganisationRow]
    positions: list[PositionRow]
    units: list[Unit]


def streets() -> list[tuple[str, str]]:
    """(area code, name) of the streets and towns."""
    with _STREETS.open(encoding="utf-8", newline="") as file:
        return [(row["code12"][:9], row["name"]) for row in csv.DictReader(file)]


def build_tree(members: int, seed: int, today: date) -> Tree:
    """The tree for so many members: some 33 a unit in a small district, 150 in a big one; special units
    come first.

    Raises Refused ``members.sample_too_small`` where there are too few people for the cases.
    """
    require_enough(members)
    rng = random.Random(f"{seed}/tree")
    tree = Tree([], [], [])
    _above(tree)
    places = len(tree.organisations) - DISTRICT
    taken: set[str] = {special.name for special in SPECIALS}
    for place, special in enumerate(SPECIALS):
        street = FIRST_STREET + place % places
        made = Unit(
            len(tree.organisations) + 1, special.kind, special.size, street, _founded(rng), special.code
        )
        _unit(tree, made, special.name, today, rng)
    for size in _sizes(members - sum(special.size for special in SPECIALS), rng):
        kind = _MIX[int(rng.random() * len(_MIX))]
        street = FIRST_STREET + int(rng.random() * places)
        name = _invented(kind, rng, taken)
        _unit(tree, Unit(len(tree.organisations) + 1, kind, size, street, _founded(rng)), name, today, rng)
    return tree


def require_enough(members: int) -> None:
    """Raises Refused ``members.sample_too_small``."""
    if members < LEAST:
        raise Refused("members.sample_too_small", least=LEAST, members=members)


def _above(tree: Tree) -> None:
    """City, district, streets and towns."""

    def stand(parent: int | None, path: str, level: Level, code: str, name: str) -> None:
        number = len(tree.organisations) + 1
        place = f"{path}{number}/"
        _stand(
            tree, OrganisationRow(number, parent, place, level, code, name, None, None, None, FOUNDED, None)
        )

    stand(None, "/", Level.CITY, "110000", "北京市总工会")
    stand(CITY, "/1/", Level.DISTRICT, "110112", "通州区总工会")
    for code, name in streets():
        stand(DISTRICT, "/1/2/", Level.SUBDISTRICT, code, f"{name}总工会")


def _sizes(people: int, rng: random.Random) -> list[int]:
    mean = 33 if people <= 10_000 else min(150, 33 + (people - 10_000) // 400)
    sizes: list[int] = []
    while people > 0:
        size = min(people, max(8, int(rng.lognormvariate(0, 0.6) * mean * 0.85)))
        sizes.append(size)
        people -= size
    return sizes


def _stand(tree: Tree, made: OrganisationRow) -> None:
    tree.organisations.append(made)
    tree.positions.append(PositionRow(made.id, made.parent_id, made.founded, None))


def _unit(tree: Tree, unit: Unit, name: str, today: date, rng: random.Random) -> None:
    special = next((found for found in SPECIALS if found.code == unit.special), None)
    drawn = rng.random()
    staff: int | None = unit.size + int(drawn * unit.size * 0.15)
    if unit.size < SMALL:
        staff = int(
            unit.size * (0.7 + drawn * 0.15)
        )  # proven after people had left: small units join as a whole
    if special:
        staff = special.staff
    elif rng.random() < 0.06:
        staff = None
    risk = None if unit.special == "fire" else RiskClass.ORDINARY
    street = tree.organisations[unit.street - 1]
    made = OrganisationRow(
        unit.id,
        unit.street,
        f"{street.path}{unit.id}/",
        Level.GRASSROOTS,
        f"{street.code}-{unit.id:04d}",
        _union_name(street.name, name, unit.kind),
        None if rng.random() < 0.03 else credit_code(unit.id),
        staff,
        risk,
        unit.founded,
        today - timedelta(days=20) if unit.special == "closed" else None,
    )
    tree.units.append(unit)
    if unit.special != "moved":
        _stand(tree, made)
        return
    tree.organisations.append(made)
    moved = today - timedelta(days=150)
    earlier = FIRST_STREET + (unit.street - FIRST_STREET + 1) % len(streets())
    tree.positions.append(PositionRow(unit.id, earlier, unit.founded, moved - timedelta(days=1)))
    tree.positions.append(PositionRow(unit.id, unit.street, moved, None))


def _union_name(street: str, name: str, kind: Kind) -> str:
    if kind is PLATFORM:
        return f"{street.removesuffix('总工会')}{name}联合工会"
    return f"{name}工会" if kind is FIRE else f"北京{name}工会"


def credit_code(number: int) -> str:
    """A valid credit code of no union: 81 (grass-roots union), area 119999, serial, check character."""
    first = f"81{119999}MC{number:07d}"
    return first + uscc_check(first)


def _invented(kind: Kind, rng: random.Random, taken: set[str]) -> str:
    """A name that no other unit has: two characters and the trade, a third character in a big district."""
    while True:
        name = rng.choice(_FIRST) + rng.choice(_SECOND) + rng.choice(kind.names)
        if len(taken) > 2_000:
            name = rng.choice(_FIRST) + name
        if name not in taken:
            taken.add(name)
            return name


def _founded(rng: random.Random) -> date:
    return date(1998, 1, 1) + timedelta(days=int(rng.random() * 7000))
