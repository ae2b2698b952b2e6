"""Yearly limits: dated, sourced, and silent where nobody knows."""

from datetime import date

import pytest

from benefits.kernel.errors import Refused
from benefits.kits.limits import limit_on, limits, purposes


@pytest.mark.parametrize("day", [date(2019, 1, 1), date(2026, 11, 20)])
def test_birthday_goods_in_beijing_since_2019(day: date) -> None:
    found = limit_on("birthday", day)
    assert (found.per_person_year_fen, found.area, found.source) == (30_000, "beijing", "S103")


def test_what_is_to_be_confirmed_decides_nothing() -> None:
    assert [one.per_person_year_fen for one in limits() if one.effective is None] == [20_000]
    with pytest.raises(Refused) as caught:
        limit_on("birthday", date(2018, 12, 31))
    assert caught.value.code == "kits.no_limit"


def test_an_unknown_purpose_names_the_known_ones() -> None:
    with pytest.raises(Refused) as caught:
        limit_on("wedding", date(2026, 1, 1))
    assert caught.value.say.params["known"] == ", ".join(purposes()) == "birthday"


def test_every_limit_has_a_source() -> None:
    assert all(one.source.startswith("S") and one.name.zh and one.name.en for one in limits())
