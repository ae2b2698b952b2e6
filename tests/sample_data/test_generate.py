"""The generator: the same rows for the same seed, numbers of nobody, every awkward case, and a database
that holds its rules.
"""

import csv
import inspect
from collections import Counter
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from benefits.database import create_database
from benefits.enrollment.models import Enrollment, EnrollmentState
from benefits.kernel.actions import Actor
from benefits.kernel.dates import age_on, term_end
from benefits.kernel.errors import Refused
from benefits.kernel.ids import Sex, check_id, check_uscc
from benefits.kernel.text import check_name
from benefits.kernel.unit import Database
from benefits.members.models import Member, MemberIdentity, MemberKey, Membership, Standing, Status
from benefits.organisations.models import Level, Organisation
from benefits.plans.load import catalogue
from benefits.plans.price import funding_of, price
from benefits.verify import verify
from sample_data import covers
from sample_data.cases import WORDS
from sample_data.district import Builder, district
from sample_data.files import write_district
from sample_data.generate import DISTRICT_FILES, TODAY, fill, main
from sample_data.people import AREA
from sample_data.places import LEAST, SPECIALS
from sample_data.rows import Block, Case, MemberRow

PEOPLE = 700
README = Path(__file__).parents[2] / "sample_data" / "README.md"


def _made(members: int = PEOPLE, seed: int = 3) -> tuple[Builder, list[Block]]:
    builder = district(members, seed, TODAY)
    return builder, list(builder.blocks())


def _members(blocks: list[Block]) -> list[MemberRow]:
    return list(chain.from_iterable(block.members for block in blocks))


@pytest.fixture(scope="module")
def cases() -> dict[str, Case]:
    """The cases of the committed district."""
    with (DISTRICT_FILES / "cases.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            Case(row["code"], int(row["member_id"]), int(row["organisation_id"]), row["what"])
            for row in csv.DictReader(file)
        ]
    return {row.code: row for row in rows}


@pytest.fixture
def sample(database: Database) -> Database:
    """The committed district in a database."""
    fill(database, files=DISTRICT_FILES, search_keys=False, sealed=False)
    return database


def test_the_committed_district_is_made_again_byte_by_byte(tmp_path: Path) -> None:
    write_district(tmp_path, 5000, 1, TODAY)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in DISTRICT_FILES.iterdir()}


def test_the_committed_district_stays_small() -> None:
    assert sum(path.stat().st_size for path in DISTRICT_FILES.iterdir()) < 1_800_000


def test_another_seed_is_another_district() -> None:
    one, other = _members(_made(seed=3)[1]), _members(_made(seed=4)[1])
    assert len(one) == len(other) == PEOPLE
    assert sum(a.name == b.name for a, b in zip(one, other, strict=True)) < PEOPLE / 3


def test_the_readme_lists_every_case() -> None:
    listed = [
        line
        for line in README.read_text("utf-8").splitlines()
        if line.startswith("| ") and "|---" not in line
    ]
    with (DISTRICT_FILES / "cases.csv").open(encoding="utf-8", newline="") as file:
        wanted = [
            f"| {row['code']} | {row['member_id']} | {row['organisation_id']} | {row['what']} |"
            for row in csv.DictReader(file)
        ]
    assert [line for line in wanted if line not in listed] == []
    assert len(wanted) == len(WORDS)


def test_every_number_is_valid_and_nobodys() -> None:
    people = _members(_made(3000)[1])
    wrong = []
    for row in people:
        if row.id_number is None or row.id_number.startswith("SAMPLE"):
            continue
        found = check_id(row.id_number, TODAY)
        if (
            not row.id_number.startswith(str(AREA))
            or found.ok != row.id_valid
            or found.ok
            and (found.birth, found.sex) != (row.birth, row.sex)
        ):
            wrong.append(row)
    assert wrong == []
    numbers = [row.id_number for row in people if row.id_number]
    assert len(set(numbers)) == len(numbers)
    assert {row.id_number for row in people if row.id_valid is False} == {"119999198306150021"}
    phones = [row.phone for row in people if row.phone]
    assert all(phone.startswith("1400") and len(phone) == 11 for phone in phones)
    assert len(set(phones)) == len(phones)
    assert all(
        check_name(row.name).problems == () and check_name(row.name).name == row.name for row in people
    )


def test_more_than_500_people_of_a_day_and_sex_get_other_numbers() -> None:
    numbers = district(LEAST, 1, TODAY).numbers
    born = date(1990, 5, 4)
    made = {numbers.identity(born, Sex.FEMALE) for _ in range(1200)}
    assert len(made) == 1200
    assert {number[:6] for number in made} == {"119999", "119998", "119997"}
    assert all(check_id(number, TODAY).sex is Sex.FEMALE for number in made)


def test_unions_have_valid_codes_and_places() -> None:
    builder, _ = _made(3000)
    rows = builder.tree.organisations
    codes = [row.uscc for row in rows if row.uscc]
    assert all(check_uscc(code).ok and code.startswith("81119999") for code in codes)
    assert len(set(codes)) == len(codes)
    assert len({row.code for row in rows}) == len(rows)
    assert [row.level for row in rows[:2]] == [Level.CITY, Level.DISTRICT]
    streets = [row for row in rows if row.level is Level.SUBDISTRICT]
    assert len(streets) == 22 and "张家湾镇总工会" in {row.name for row in streets}
    assert any(row.staff is None for row in rows if row.level is Level.GRASSROOTS)


def test_blocks_come_one_by_one_and_little_is_kept() -> None:
    """Bounded memory: what the builder holds does not grow with the people."""
    builder = district(20_000, 1, TODAY, years=1)
    assert inspect.isgeneratorfunction(Builder.blocks)
    assert sum(len(block.members) for block in builder.blocks()) == 20_000
    assert len(builder._neighbours) <= 50
    assert len(builder.numbers._given) < 2 * 366 * 50


def test_members_lie_in_the_order_of_their_units() -> None:
    _, blocks = _made(3000)
    ids = [row.id for row in _members(blocks)]
    assert ids == list(range(1, len(ids) + 1))
    units = [block.organisation_id for block in blocks]
    assert units == sorted(units)


def test_prices_and_splits_are_those_of_the_editions() -> None:
    for (sold, tier), fen in covers.SHARE_FEN.items():
        edition = next(e for e in catalogue().editions_of(sold.plan) if e.edition == sold.edition)
        assert price(edition, tier, "ordinary") == fen
    _, blocks = _made(3000)
    terms = chain.from_iterable(block.enrollments for block in blocks)
    for plan, edition_name, funding in {(row.plan, row.edition, row.funding) for row in terms}:
        edition = next(e for e in catalogue().editions_of(plan) if e.edition == edition_name)
        assert funding_of(edition, funding)


def test_terms_last_a_year_and_follow_each_other() -> None:
    _, blocks = _made(3000)
    by_id = {row.id: row for block in blocks for row in block.enrollments}
    for row in by_id.values():
        assert row.ends == term_end(row.starts, 12)
        assert row.continuous_since <= row.starts
        if row.prior_id is not None:
            prior = by_id[row.prior_id]
            assert (prior.member_id, prior.plan) == (row.member_id, row.plan)
            assert prior.ends + timedelta(days=1) == row.starts
    assert list(by_id) == sorted(by_id)


def test_the_year_before_is_there_to_compare_with() -> None:
    _, blocks = _made(3000)
    ends = Counter(row.ends.year for block in blocks for row in block.enrollments)
    assert ends[2025] > 1000 and ends[2026] > 1000


def test_too_few_people_for_the_cases_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        district(LEAST - 1, 1, TODAY)
    assert refusal.value.code == "members.sample_too_small"
    assert len(_members(_made(LEAST)[1])) == LEAST


def test_a_filled_database_holds_every_rule(database: Database, root: Actor) -> None:
    summary = fill(database, PEOPLE, 3)
    with database.read(root) as unit:
        assert [result for result in verify(unit) if not result.ok] == []
        counted = {
            "members": unit.exec(select(func.count()).select_from(Member)).one(),
            "memberships": unit.exec(select(func.count()).select_from(Membership)).one(),
            "identities": unit.exec(select(func.count()).select_from(MemberIdentity)).one(),
            "keys": unit.exec(select(func.count()).select_from(MemberKey)).one(),
            "enrollments": unit.exec(select(func.count()).select_from(Enrollment)).one(),
            "organisations": unit.exec(select(func.count()).select_from(Organisation)).one(),
        }
    figures = summary.figures()
    assert {name: figures[name] for name in counted} == counted
    assert sum(summary.by_plan.values()) == summary.enrollments
    assert len(summary.cases) == len(WORDS)


def test_files_and_generator_fill_alike(database: Database, root: Actor, tmp_path: Path) -> None:
    write_district(tmp_path / "district", PEOPLE, 3, TODAY)
    fill(database, PEOPLE, 3)
    other = create_database(str(tmp_path / "other.sqlite"), clock=database.clock)
    fill(other, files=tmp_path / "district")
    rows = []
    for each in (database, other):
        with each.read(root) as unit:
            people = [
                row.model_dump(exclude={"changed_at", "phone_digest"})  # each has its own key
                for row in unit.exec(select(Member).order_by(col(Member.id)))
            ]
            terms = [row.model_dump() for row in unit.exec(select(Enrollment).order_by(col(Enrollment.id)))]
            places = [row.model_dump() for row in unit.exec(select(Membership).order_by(col(Membership.id)))]
            rows.append((people, terms, places))
    other.close()
    assert rows[0] == rows[1]


def test_ids_go_on_after_the_loaded_ones(database: Database, root: Actor) -> None:
    """PostgreSQL's identities must stand behind the explicit ids."""
    from benefits.members.record import MemberInput
    from benefits.members.service import add

    fill(database, PEOPLE, 3, search_keys=False)
    made = database.act(root, add, MemberInput(organisation_id=30, name="王敏"))
    assert made == PEOPLE + 1


def test_a_full_database_is_not_filled_again(database: Database) -> None:
    fill(database, LEAST, 1, search_keys=False, sealed=False)
    with pytest.raises(Refused) as refusal:
        fill(database, LEAST, 1)
    assert refusal.value.code == "kernel.already_initialised"


def test_the_cases_are_what_they_say(sample: Database, root: Actor, cases: dict[str, Case]) -> None:
    with sample.read(root) as unit:
        rows = unit.exec(select(Member).where(col(Member.id) <= 500))
        people = {row.id or 0: row for row in rows}
        terms = unit.exec(select(Enrollment).where(col(Enrollment.member_id) <= 500))
        held: dict[int, list[Enrollment]] = {}
        for term in terms:
            held.setdefault(term.member_id, []).append(term)
        second = unit.exec(
            select(Membership.member_id).where(col(Membership.standing) == Standing.SECOND)
        ).all()

    def who(code: str) -> Member:
        return people[cases[code].member_id or 0]

    def last(code: str) -> Enrollment:
        return max(
            held[cases[code].member_id or 0],
            key=lambda term: (term.state is EnrollmentState.ACTIVE, term.ends),
        )

    start = last("turned_61_before").ends + timedelta(days=1)
    for code, day in (("turned_61_before", -1), ("turned_61_on", 0), ("still_60", 1)):
        birth = who(code).birth
        assert birth is not None and age_on(birth, start + timedelta(days=day)) == 61
        assert age_on(birth, start + timedelta(days=day - 1)) == 60
    assert last("grace_day_30").ends == TODAY - timedelta(days=30)
    assert last("grace_day_31").ends == TODAY - timedelta(days=31)
    assert who("retired").status is Status.RETIRED and who("retired").retirement_month is not None
    assert last("retired").starts < who("retired").retirement_month < TODAY  # type: ignore[operator]
    assert who("retirement_passed").status is Status.IN_POST
    assert who("retirement_passed").retirement_month < TODAY  # type: ignore[operator]
    assert last("transferred").organisation_id != who("transferred").organisation_id is not None
    assert who("left").organisation_id is None and who("deceased").organisation_id is None
    assert who("leap_day").birth == date(2000, 2, 29)
    assert who("id_x").id_last4 is not None and who("id_x").id_last4.endswith("X")  # type: ignore[union-attr]
    assert "·" in who("dotted").name and len(who("long_name").name) == 25
    assert [who(f"rare_{n}").name[-1] for n in (1, 2, 3)] == ["㛃", "䶮", "𬭎"]
    assert second == [cases["duplicate"].member_id]
    assert last("claimed").exhausted_on is not None
    assert (who("no_data").sex, who("no_data").birth, who("no_data").id_valid) == (None, None, None)
    assert who("invalid_id").id_valid is False
    assert who("wrong_sex").sex is Sex.MALE
    assert last("by_hand").starts == start and len(held[cases["by_hand"].member_id or 0]) == 3
    assert cases["not_enrolled"].member_id not in held
    assert EnrollmentState.VOID in {term.state for term in held[cases["voided"].member_id or 0]}


def test_units_stand_on_both_sides_of_the_ratio(
    sample: Database, root: Actor, cases: dict[str, Case]
) -> None:
    for size, joined in ((29, 28), (30, 15), (31, 15)):
        place = cases[f"staff_{size}"].organisation_id
        with sample.read(root) as unit:
            staff = unit.exec(select(Organisation.staff).where(col(Organisation.id) == place)).one()
            people = unit.exec(
                select(func.count())
                .select_from(Enrollment)
                .where(col(Enrollment.organisation_id) == place, col(Enrollment.ends) > TODAY)
            ).one()
        assert (staff, people) == (size, joined)
    with sample.read(root) as unit:
        fire = unit.exec(
            select(Organisation).where(col(Organisation.id) == cases["fire"].organisation_id)
        ).one()
    assert fire.risk_class is None and "消防救援支队" in fire.name
    assert len(SPECIALS) == 12


def test_the_window_of_the_demo_is_full(sample: Database, root: Actor) -> None:
    with sample.read(root) as unit:
        counts: dict[int, int] = dict(
            unit.exec(
                select(Enrollment.plan_id, func.count())
                .where(col(Enrollment.ends).between(date(2026, 10, 22), date(2026, 12, 31)))
                .group_by(col(Enrollment.plan_id))
            ).all()
        )
    assert len(counts) == 3 and all(count > 300 for count in counts.values())
    assert 3000 < sum(counts.values()) < 4000


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = str(tmp_path / "made.sqlite")
    assert main(["--members", str(LEAST), "--seed", "2", "--database", where, "--lean"]) == 0
    printed = capsys.readouterr().out
    assert f'"members": {LEAST}' in printed and '"keys": 0' in printed
    assert main(["--members", str(LEAST), "--database", where]) == 1
    assert where in capsys.readouterr().err
    nowhere = tmp_path / "small.sqlite"
    assert main(["--members", "10", "--database", str(nowhere)]) == 1
    assert "553" in capsys.readouterr().err and not nowhere.exists()
