"""Search against a plain reading of names and numbers: any text, any part of the register, any page."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypinyin import lazy_pinyin
from sqlmodel import col, select

from benefits.enrollment.queries import covered_now
from benefits.kernel.actions import Actor
from benefits.kernel.bulk import load
from benefits.kernel.pinyin import search_keys
from benefits.kernel.unit import Database, ReadUnit
from benefits.members import search as searching
from benefits.members.branches import branches
from benefits.members.keys import COLUMNS
from benefits.members.models import Member, MemberIdentifier, MemberKey, Membership, Status
from benefits.members.search import Cursor, Narrow, search
from benefits.organisations.models import Level, Organisation

SURNAMES = {  # as a surname is read, and as the character is read elsewhere
    **{"曾": ("zeng", "ceng"), "单": ("shan", "dan"), "查": ("zha", "cha"), "解": ("xie", "jie")},
    **{"仇": ("qiu", "chou"), "王": ("wang",), "李": ("li",), "欧": ("ou",)},
}
OTHERS = "小明伟秀𬭎𠀀㛃䶮"
MADE = 120
FIRST = 900_000


def _names() -> list[str]:
    rng = random.Random(11)
    found = [
        "曾",
        "王",
        "𠀀",
        "欧阳修",
        "买买提·吐尔逊",
        "阿依古丽·买买提",
        "Anna Lee",
        "ANNA",
        "王Anna",
        "单·明",
    ]
    while len(found) < MADE:
        found.append(
            rng.choice([*SURNAMES]) + "".join(rng.choice(OTHERS + "曾单") for _ in range(rng.randrange(3)))
        )
    return found


NAMES = _names()


def _spellings(name: str) -> set[tuple[str, ...]]:
    """Syllables of every reading, right and wrong, said without the program's own tables."""

    def usual(char: str) -> str:
        if char.isascii():
            return char.lower().strip()
        said: str = lazy_pinyin(char)[0]
        return said if said.isascii() else ""

    rest = tuple(map(usual, name[1:]))
    firsts = SURNAMES.get(name[:1], ()) if "·" not in name else ()
    return {tuple(s for s in (first, *rest) if s) for first in (*firsts, usual(name[:1]))}


def _answers(name: str, text: str) -> bool:
    """Whether a person of this name answers to a text without digits."""
    folded, typed = name.lower(), text.strip().lower()
    if not all(char.isascii() for char in typed):
        return typed.strip("·") in folded or typed.replace("·", "") in folded.replace("·", "")
    letters = typed.replace(" ", "")
    return any(
        "".join(syllables[start:]).startswith(letters)
        or "".join(one[0] for one in syllables[start:]).startswith(letters)
        for syllables in _spellings(name)
        for start in range(len(syllables))
    )


@pytest.fixture
def named(district: Database, root: Actor) -> Iterator[Database]:
    """The district, and people of hard names in its first unit."""
    with district.read(root) as unit:
        place = unit.exec(select(Organisation.id).where(col(Organisation.level) == Level.GRASSROOTS)).first()
    people = list(enumerate(NAMES, FIRST))
    with district.upkeep() as session:
        branch = branches(session, [place])[place]
        keys = sorted((kind, key, id, branch) for id, name in people for kind, key in search_keys(name))
        now = datetime.now(UTC)
        columns = ("id", "organisation_id", "name", "status", "version", "changed_at")
        load(session, Member, columns, ((id, place, name, Status.IN_POST, 1, now) for id, name in people))
        load(session, MemberKey, COLUMNS, keys)
    yield district


def _made(unit: ReadUnit, text: str) -> list[str]:
    return sorted(row.name for row in search(unit, text, 100_000) if row.id >= FIRST)


def test_any_part_of_any_name_and_every_reading(named: Database, root: Actor) -> None:
    part = st.sampled_from(NAMES).flatmap(
        lambda name: st.tuples(st.integers(0, len(name) - 1), st.integers(1, 3)).map(
            lambda cut: name[cut[0] : cut[0] + cut[1]].strip("· ")
        )
    )
    spelled = st.sampled_from(NAMES).flatmap(
        lambda name: st.sampled_from(sorted(_spellings(name))).flatmap(
            lambda syllables: st.sampled_from(
                ["".join(syllables[start:]) for start in range(len(syllables))]
                + ["".join(one[0] for one in syllables)]
                or [""]
            )
        )
    )
    letters = st.text("abcdefghijlmnoqstuwxyz", min_size=1, max_size=3)

    with named.read(root) as unit:

        @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(st.one_of(part, spelled, letters, spelled.map(lambda text: text[:3])))
        def check(text: str) -> None:
            if text.strip():
                assert _made(unit, text) == sorted(name for name in NAMES if _answers(name, text)), text

        check()


def _pages(unit: ReadUnit, text: str, size: int, path: str, narrow: Narrow) -> list[int]:
    found: list[int] = []
    after: Cursor | None = None
    while rows := search(unit, text, size, after, path, narrow):
        found += [row.id for row in rows]
        after = rows[-1].cursor
        assert len(found) < 3000
    return found


TEXTS = ("", "王", "w", "wang", "秀", "xm", "1", "13", "0025", "zeng", "anna")


@pytest.mark.parametrize("few", [searching.FEW, 3])
def test_narrowed_is_the_whole_cut_down(
    named: Database, root: Actor, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Whether few are looked through or keys are walked: the same people, each once, on every page."""
    monkeypatch.setattr(searching, "FEW", few)
    with named.read(root) as unit:
        insured = covered_now(unit, "bj-accident-1y")
        covered = set(unit.session.scalars(insured))
        streets = select(Organisation.path).where(col(Organisation.level) == Level.SUBDISTRICT)
        path = next(path for path in unit.exec(streets) if len(search(unit, "", 999, None, path)) > 20)
        there = {row.id for row in search(unit, "", 99_999, None, path)}
        for text in TEXTS:
            everybody = {row.id: row.status for row in search(unit, text, 99_999)}
            retired = {id for id, status in everybody.items() if status in (Status.RETIRED, Status.DECEASED)}
            for narrow, where, wanted in (
                (Narrow(), path, there & set(everybody)),
                (Narrow((Status.RETIRED, Status.DECEASED)), "", retired),
                (Narrow(people=insured), "", covered & set(everybody)),
                (Narrow((Status.RETIRED, Status.DECEASED), insured), path, retired & covered & there),
            ):
                whole = [row.id for row in search(unit, text, 99_999, None, where, narrow)]
                assert len(whole) == len(set(whole)) and set(whole) == wanted, (text, where)
                assert _pages(unit, text, 7, where, narrow) == whole, (text, where)


def test_whole_names_first_then_beginnings_then_the_rest(named: Database, root: Actor) -> None:
    with named.read(root) as unit:
        names = [row.name for row in search(unit, "曾", 100_000)]
        letters = [row.name for row in search(unit, "li", 100_000)]
    begins = [name.startswith("曾") for name in names]
    assert names[0] == "曾" and begins == sorted(begins, reverse=True) and not all(begins)
    assert letters[0] == "李" or letters[0][0] in "李黎厉利"


def test_who_is_gone_is_found_where_he_or_she_was(named: Database, root: Actor, clerk: Actor) -> None:
    with named.read(root) as unit:
        gone = unit.exec(
            select(Member, Organisation.path)
            .join(Membership, col(Membership.member_id) == col(Member.id))
            .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
            .where(col(Member.organisation_id).is_(None))
        ).first()
        assert gone is not None
        member, path = gone
        assert member.id in {row.id for row in search(unit, member.name, 999, None, path)}
        assert member.id in {row.id for row in search(unit, member.name[0], 999, None, path)}
        assert member.id in {row.id for row in search(unit, "", 999, None, path)}


def test_a_merged_record_is_nobody(named: Database, root: Actor) -> None:
    with named.upkeep() as session:
        tombstone = session.get(Member, FIRST)
        assert tombstone is not None
        tombstone.merged_into_id = FIRST + 1
        session.add(tombstone)
    with named.read(root) as unit:
        for text in ("曾", "zeng", "z", ""):
            assert FIRST not in {row.id for row in search(unit, text, 100_000)}, text


def test_a_whole_phone_or_card_finds_its_owner(district: Database, root: Actor, clerk: Actor) -> None:
    with district.read(root) as unit:
        card = unit.exec(select(MemberIdentifier)).all()[-1]
        person = unit.exec(select(Member).where(col(Member.phone).is_not(None))).first()
        assert person is not None and person.phone is not None
        spaced = " ".join(card.number[at : at + 4] for at in range(0, 16, 4))
        assert [row.id for row in search(unit, spaced)] == [card.member_id]
        assert [row.id for row in search(unit, f"{person.phone[:3]} {person.phone[3:]}")] == [person.id]
        assert search(unit, "14009999999") == ()
        own = {row.id for row in search(unit, "", 99_999, None, clerk.scope)}
    with district.read(clerk) as unit:
        assert [row.id for row in search(unit, card.number)] == [card.member_id] * (card.member_id in own)
