"""Search against an oracle that looks at every person, on both engines."""

from collections.abc import Callable

from sqlmodel import col, select

from benefits.kernel.actions import Actor
from benefits.kernel.pinyin import search_keys
from benefits.kernel.unit import Database, ReadUnit
from benefits.members import queries, search
from benefits.members.models import Member, MemberIdentifier
from benefits.members.search import Cursor, MemberRow
from benefits.organisations.queries import by_code


def _everybody(database: Database, root: Actor) -> list[Member]:
    with database.read(root) as unit:
        return list(unit.exec(select(Member).order_by(col(Member.id))))


def _cards(database: Database, root: Actor) -> dict[int, str]:
    with database.read(root) as unit:
        return {row.member_id: row.number for row in unit.exec(select(MemberIdentifier))}


def _found(database: Database, actor: Actor, text: str, limit: int = 100_000, path: str = "") -> list[int]:
    with database.read(actor) as unit:
        return [row.id for row in search.search(unit, text, limit, path=path)]


def _like(unit: ReadUnit, text: str) -> set[int]:
    """The oracle for names: a scan with LIKE."""
    rows = unit.exec(select(Member.id).where(col(Member.name).like(f"%{text}%")))
    return {row for row in rows if row is not None}


def test_a_part_of_a_name_finds_whom_a_scan_finds(district: Database, root: Actor) -> None:
    names = [member.name for member in _everybody(district, root)]
    texts = {
        name[start : start + length] for name in names[:150] for start in range(3) for length in (1, 2, 3)
    }
    texts = {text for text in texts if text and not any(char in "· " or char.isascii() for char in text)}
    assert len(texts) > 200
    with district.read(root) as unit:
        wrong = [
            text
            for text in sorted(texts)
            if {row.id for row in search.search(unit, text, 100_000)} != _like(unit, text)
        ]
    assert wrong == []


def test_a_dotted_name_is_found_with_and_without_its_dot(district: Database, root: Actor) -> None:
    with district.read(root) as unit:
        wanted = _like(unit, "·买买提")
    assert (
        wanted
        and set(_found(district, root, "古丽·买买提")) == set(_found(district, root, "古丽买买提")) <= wanted
    )
    assert set(_found(district, root, "古丽•买买提")) == set(_found(district, root, "古丽·买买提"))


def test_a_rare_character_is_found(district: Database, root: Actor) -> None:
    for name in ("㛃", "䶮", "𬭎"):
        with district.read(root) as unit:
            assert set(_found(district, root, name)) == _like(unit, name) != set()


def test_last_digits_find_whom_a_scan_of_the_clear_numbers_finds(district: Database, root: Actor) -> None:
    people, cards = _everybody(district, root), _cards(district, root)

    def ending(text: str) -> set[int]:
        return {
            member.id or 0
            for member in people
            for number in (member.id_number, member.phone, cards.get(member.id or 0))
            if (number or "").endswith(text)
        }

    tails = {(member.id_number or "")[-length:] for member in people[:60] for length in (1, 3, 4, 6, 8)}
    tails |= {(member.phone or "")[-length:] for member in people[:60] for length in (2, 4, 6, 8)}
    tails |= {card[-length:] for card in list(cards.values())[:60] for length in (3, 4, 6, 9)}
    for text in sorted(tail for tail in tails if tail.isdigit()):
        assert set(_found(district, root, text)) == ending(text), text


def test_letters_find_by_pinyin_and_initials(district: Database, root: Actor) -> None:
    people = _everybody(district, root)

    def spelled(text: str) -> set[int]:
        return {
            member.id or 0
            for member in people
            if any(kind not in (4, 5, 6) and key.startswith(text) for kind, key in search_keys(member.name))
        }

    for text in ("wang", "w", "wxl", "shan", "shanxuemei", "danxuemei", "li", "zh", "anna"):
        assert set(_found(district, root, text)) == spelled(text), text
    assert _found(district, root, "SHAN xuemei") == _found(district, root, "shanxuemei") != []


def test_a_full_number_finds_one_person(district: Database, root: Actor) -> None:
    person = next(member for member in _everybody(district, root) if (member.id_number or "").endswith("X"))
    assert person.id_number is not None
    spaced = f" {person.id_number[:6]} {person.id_number[6:14]} {person.id_number[14:].lower()}"
    assert _found(district, root, person.id_number) == _found(district, root, spaced) == [person.id]
    assert _found(district, root, "110112197001050025") == []


def test_nonsense_finds_nobody_and_breaks_nothing(district: Database, root: Actor) -> None:
    for text in (
        "%",
        "_",
        "'",
        "王%",
        "q\x00%",
        "😀",
        "·",
        "qqqqqq",
        "00000000",
        "9" * 30,
        "x" * 500,
        "\U0010ffff",
    ):
        assert _found(district, root, text) == [], text


def test_the_whole_name_comes_before_longer_ones(district: Database, root: Actor) -> None:
    with district.read(root) as unit:
        names = [row.name for row in search.search(unit, "王秀兰", 10)]
    assert names[:2] == ["王秀兰", "王秀兰"]


def _pages(search: Callable[[Cursor | None], tuple[MemberRow, ...]]) -> list[int]:
    found: list[int] = []
    after: Cursor | None = None
    while rows := search(after):
        found += [row.id for row in rows]
        after = rows[-1].cursor
        assert len(found) < 2000
    return found


def test_pages_join_to_the_whole_list_with_nobody_twice(district: Database, root: Actor) -> None:
    with district.read(root) as unit:
        for text in ("", "王", "w", "wang", "1", "a", "13"):
            whole = [row.id for row in search.search(unit, text, 100_000)]
            assert len(set(whole)) == len(whole), text
            for size in (1, 7):
                paged = _pages(lambda after, text=text, size=size: search.search(unit, text, size, after))  # type: ignore[misc]
                assert paged == whole, (text, size)


def test_a_part_of_the_tree(district: Database, root: Actor) -> None:
    with district.read(root) as unit:
        place = by_code(unit, "110112105")
        inside = {row.id for row in search.search(unit, "", 100_000, path=place.path)}
        named = {row.id for row in search.search(unit, "w", 100_000, path=place.path)}
        everywhere = {row.id for row in search.search(unit, "w", 100_000)}
    assert inside and named == inside & everywhere


def test_a_clerk_finds_only_the_own_town(district: Database, root: Actor, clerk: Actor) -> None:
    with district.read(root) as unit:
        place = by_code(unit, "110112105")
    for text in ("", "w", "1", "王"):
        assert _found(district, clerk, text) == _found(district, root, text, path=place.path)
    outside = next(member for member in _everybody(district, root) if member.id_number)
    assert outside.id_number is not None
    assert _found(district, clerk, outside.id_number) == []


def test_rows_show_no_more_than_the_last_four(district: Database, root: Actor) -> None:
    with district.read(root) as unit:
        row = search.search(unit, "", 1)[0]
        page = queries.detail(unit, row.id)
        clear = unit.exec(select(Member).where(col(Member.id) == row.id)).one()
    assert clear.id_number is not None and row.id_tail == f"*{clear.id_number[-4:]}"
    assert clear.id_number not in repr(row) + repr(page)
    assert page.id_number == f"{clear.id_number[:6]}********{clear.id_number[-4:]}"
