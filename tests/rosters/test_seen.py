"""What stood in a file before."""

from hashlib import sha256

from benefits.rosters.seen import Seen


def _digest(number: int) -> bytes:
    return sha256(str(number).encode()).digest()


def test_the_first_row_of_a_number_is_told_however_large_the_file() -> None:
    seen = Seen()
    assert [seen.first(_digest(n), n + 2) for n in range(20_000)] == list(range(2, 20_002))
    assert [seen.first(_digest(n), 99_999) for n in range(20_000)] == list(range(2, 20_002))


def test_digests_that_meet_in_one_place_stay_apart() -> None:
    seen = Seen()
    marks = [bytes([n]) + bytes(31) for n in range(200)]  # all but the first byte alike
    assert [seen.first(mark, n + 1) for n, mark in enumerate(marks)] == list(range(1, 201))
    assert [seen.first(mark, 999) for mark in marks] == list(range(1, 201))


def test_many_at_once_are_told_as_one_by_one() -> None:
    seen, marks = Seen(), [_digest(n % 9_000) for n in range(10_000)]
    expected = [n % 9_000 + 2 for n in range(10_000)]
    assert seen.firsts(marks, range(2, 10_002)) == expected
    assert seen.firsts(marks[:2], [7, 7]) == expected[:2]
