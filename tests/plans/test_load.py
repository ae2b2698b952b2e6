"""The catalogue: locked by digest, exactly one edition a day, and its numbers those of DOMAIN."""

import hashlib
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from benefits.plans import terms_words, words
from benefits.plans.cover import DailyAllowance, DeathFuneral, DisabilityByGrade, LumpByElapsedDays
from benefits.plans.load import FOLDER, LOCK, catalogue, edition_on, editions_of, load
from benefits.plans.price import price, split
from benefits.plans.vocabulary import UNKNOWN, Payer

WOMEN, ACCIDENT, FIVE, EIGHT = "bj-women-disease-1y", "bj-accident-1y", "bj-five-covers", "bj-eight-covers"
DAY = date(2026, 11, 20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def lock(folder: Path) -> None:
    """What ``sha256sum`` would write for all files but the drafts."""
    files = [path for path in sorted(folder.glob("*.toml")) if "template" not in path.name]
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (folder / LOCK).write_text("".join(lines))


def faults(folder: Path) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        load(folder)
    return [(problem.code, render(problem.say, "zh")) for problem in caught.value.problems]


def another(folder: Path, effective: str, *, edition: str = "2020", ended: str = "") -> None:
    """A second edition of the accident cover."""
    text = (FOLDER / f"{ACCIDENT}@2017.toml").read_text("utf-8")
    text = text.replace('edition = "2017"', f'edition = "{edition}"')
    text = text.replace("effective = 2017-01-01", f"effective = {effective}\n{ended}")
    (folder / f"{ACCIDENT}@{edition}.toml").write_text(text, "utf-8")


def ended(folder: Path, day: str) -> None:
    path = folder / f"{ACCIDENT}@2017.toml"
    path.write_text(
        path.read_text("utf-8").replace("2017-01-01\n", f"2017-01-01\nended = {day}\n", 1), "utf-8"
    )


def test_the_program_s_catalogue_loads() -> None:
    assert set(catalogue().plans) == {WOMEN, ACCIDENT, FIVE, EIGHT}


def test_an_edited_published_file_is_named_with_the_way_out(folder: Path) -> None:
    path = folder / f"{WOMEN}@2018.toml"
    path.write_bytes(path.read_bytes().replace(b"per_share_fen = 2500", b"per_share_fen = 2600"))
    [(code, said)] = faults(folder)
    assert code == "plans.edited" and path.name in said and "新版本" in said


def test_a_lost_file_an_unlocked_one_and_a_bad_lock(folder: Path) -> None:
    (folder / f"{WOMEN}@2018.toml").unlink()
    another(folder, "2020-01-01")
    assert {code for code, _ in faults(folder)} == {"plans.lost_file", "plans.not_locked"}
    (folder / LOCK).write_text("nonsense\n")
    with pytest.raises(Refused) as caught:
        load(folder)
    assert caught.value.code == "plans.bad_lock"
    (folder / LOCK).unlink()
    with pytest.raises(Refused) as caught:
        load(folder)
    assert caught.value.code == "plans.no_lock"


def test_a_locked_draft_is_refused(folder: Path) -> None:
    name = f"{EIGHT}@template.toml"
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    with (folder / LOCK).open("a") as file:
        file.write(f"{digest}  {name}\n")
    assert [code for code, _ in faults(folder)] == ["plans.locked_draft"]


def test_editions_follow_each_other_without_a_day_between(folder: Path) -> None:
    ended(folder, "2019-12-31")
    another(folder, "2020-01-01", ended="ended = 2021-06-30")
    lock(folder)
    found = load(folder)
    for day, edition in (
        (date(2017, 1, 1), "2017"),
        (date(2019, 12, 31), "2017"),
        (date(2020, 1, 1), "2020"),
        (date(2021, 6, 30), "2020"),
    ):
        assert found.edition_on(ACCIDENT, day).edition == edition
    for day in (date(2016, 12, 31), date(2021, 7, 1)):  # never the first or the last one instead
        with pytest.raises(Refused) as caught:
            found.edition_on(ACCIDENT, day)
        assert caught.value.code == "plans.no_edition"


def test_an_open_edition_runs_to_the_eve_of_the_next(folder: Path) -> None:
    another(folder, "2020-01-01")
    lock(folder)
    found = load(folder)
    assert [found.edition_on(ACCIDENT, date(2019 + n, 12, 31)).edition for n in (0, 1)] == ["2017", "2020"]


@pytest.mark.parametrize(
    ("end", "begin", "code", "days"),
    [
        ("2019-12-31", "2020-01-02", "plans.gap", ["2020-01-01至2020-01-01"]),
        ("2019-12-31", "2020-03-01", "plans.gap", ["2020-01-01至2020-02-29"]),
        ("2020-01-01", "2020-01-01", "plans.overlap", ["2020-01-01至2020-01-01"]),
        ("2020-06-30", "2020-01-01", "plans.overlap", ["2020-01-01至2020-06-30"]),
    ],
)
def test_a_gap_and_an_overlap_are_named_with_their_dates(
    folder: Path, end: str, begin: str, code: str, days: list[str]
) -> None:
    ended(folder, end)
    another(folder, begin)
    lock(folder)
    [(found, said)] = faults(folder)
    assert found == code
    assert all(word in said for word in [*days, "2017", "2020", ACCIDENT])


def test_two_editions_from_the_same_day_overlap(folder: Path) -> None:
    another(folder, "2017-01-01")
    lock(folder)
    assert [code for code, _ in faults(folder)] == ["plans.overlap"]


def test_two_editions_of_one_name_are_refused(folder: Path) -> None:
    another(folder, "2020-01-01", edition="2017b")
    path = folder / f"{ACCIDENT}@2017b.toml"
    path.write_text(path.read_text("utf-8").replace('"2017b"', '"2017"'), "utf-8")
    lock(folder)
    assert [code for code, _ in faults(folder)] == ["plans.same_edition"]


def test_an_unknown_plan_names_the_known_ones() -> None:
    with pytest.raises(Refused) as caught:
        edition_on("bj-women", DAY)
    assert WOMEN in render(caught.value.say, "zh")


def test_the_template_cannot_be_used() -> None:
    with pytest.raises(Refused) as caught:
        edition_on(EIGHT, DAY)
    assert caught.value.code == "plans.only_draft"
    [template] = editions_of(EIGHT)
    assert isinstance(template.components, tuple) and len(template.components) == 8
    assert all(part.name is UNKNOWN and part.benefits is UNKNOWN for part in template.components)
    with pytest.raises(Refused) as caught:
        price(template, None, None)
    assert caught.value.code == "plans.fee_unknown"


def test_the_women_s_cover_says_what_domain_1_2_says() -> None:
    edition = edition_on(WOMEN, DAY)
    assert (price(edition, None, None), edition.term.months, edition.waiting.days) == (2500, 12, 30)
    first, in_situ = edition.benefits if isinstance(edition.benefits, tuple) else ()
    assert isinstance(first, LumpByElapsedDays) and isinstance(in_situ, LumpByElapsedDays)
    assert [(s.to_day, s.fen) for s in first.steps] == [(30, 0), (60, 50_000), (None, 1_500_000)]
    assert [(s.to_day, s.fen) for s in in_situ.steps] == [(30, 0), (60, UNKNOWN), (None, 200_000)]
    assert first.ends_cover and in_situ.ends_cover
    assert edition.lists[0].count == 12 and edition.lists[0].names is UNKNOWN
    assert (
        edition.shares.max is UNKNOWN
        and edition.participation is not None
        and edition.participation.ratio is UNKNOWN
    )
    assert edition.waiting.grace_days is edition.waiting.waived_on_renewal is UNKNOWN
    assert edition.added_class is not None and edition.added_class.funding == "district"


def test_the_accident_cover_says_what_domain_1_3_says() -> None:
    edition = edition_on(ACCIDENT, DAY)
    ordinary = [price(edition, tier, "ordinary") for tier in ("26", "50", "74", "100")]
    high = [price(edition, tier, "high") for tier in ("26", "50", "74", "100")]
    assert (ordinary, high) == ([2600, 5000, 7400, 10000], [3200, 6200, 9300, 12400])
    assert 3497 * ordinary[2] == 258_778_00 and 17_193 * ordinary[0] == 447_018_00  # [S5], [S8]
    rule = edition.participation
    assert rule is not None and (rule.basis, rule.ratio, rule.all_in_below) == ("staff", 5000, 30)
    disability, living, hospital, death = edition.benefits if isinstance(edition.benefits, tuple) else ()
    assert isinstance(disability, DisabilityByGrade) and disability.table is UNKNOWN
    assert isinstance(living, DailyAllowance) and isinstance(hospital, DailyAllowance)
    assert (living.max_days, hospital.max_days) == (180, 180)
    assert isinstance(death, DeathFuneral)
    assert death.by_tier == {"26": UNKNOWN, "50": UNKNOWN, "74": UNKNOWN, "100": 6_000_000}
    assert disability.not_with == ("death",) and death.not_with == ("disability",)


def test_a_price_needs_a_known_tier_and_a_risk_class() -> None:
    edition = edition_on(ACCIDENT, DAY)
    for tier, risk, code in (
        ("75", "high", "no_tier"),
        (None, "high", "no_tier"),
        ("74", None, "risk_unknown"),
    ):
        with pytest.raises(Refused) as caught:
            price(edition, tier, risk)
        assert caught.value.code == f"plans.{code}"


def test_the_bundle_says_what_domain_1_9_says() -> None:
    edition = edition_on(FIVE, DAY)
    assert (price(edition, None, None), edition.overall_cap_fen, edition.kind) == (
        14_000,
        10_000_000,
        "bundle",
    )
    assert isinstance(edition.components, tuple)
    codes = [part.code for part in edition.components]
    assert codes == ["major-disease", "accident", "child-accident", "death-by-illness", "home-loss"]
    assert split(edition, "district", 14_000) == ((Payer.DISTRICT_UNION, 14_000),)


def test_every_split_of_every_edition_adds_up_at_every_price() -> None:
    for document in catalogue().documents():
        for each in document.edition.prices():
            for way in document.edition.funding:
                if isinstance(each.fen, int):
                    assert sum(fen for _, fen in split(document.edition, way.code, each.fen)) == each.fen


def test_a_split_by_three_adds_up_over_many_people(folder: Path) -> None:
    """36 = 15 + 10 + 11 over 1,333 people, to the cent [S61]."""
    path = folder / f"{WOMEN}@2018.toml"
    lines = '{ payer = "city_union", fen = 1500 }, { payer = "employer", fen = 1000 }'
    lines += ', { payer = "person", rest = true }'
    text = path.read_text("utf-8").replace("per_share_fen = 2500", "per_share_fen = 3600")
    path.write_text(text.replace('{ payer = "district_union", rest = true }', lines), "utf-8")
    lock(folder)
    parts = split(load(folder).edition_on(WOMEN, DAY), "district", 3600)
    assert [(payer.value, fen * 1333) for payer, fen in parts] == [
        ("city_union", 1_999_500),
        ("employer", 1_333_000),
        ("person", 1_466_300),
    ]
    assert sum(fen for _, fen in parts) * 1333 == 3600 * 1333


def _numbers(table: dict[str, Any], place: str, covered: set[str] | None = None) -> Iterator[str]:
    """Places of numbers and dates that no source key covers."""
    source = table.get("source")
    for key, value in table.items():
        known = isinstance(source, str) or (isinstance(source, dict) and key in source) or covered == {"*"}
        if isinstance(value, dict):
            if key not in ("source", "sources"):
                yield from _numbers(value, f"{place}.{key}", {"*"} if known else None)
        elif isinstance(value, list):
            for part in value:
                if isinstance(part, dict):
                    yield from _numbers(part, f"{place}.{key}", {"*"} if known else None)
                elif isinstance(part, int) and not known:
                    yield f"{place}.{key}"
        elif isinstance(value, int | Decimal | date) and not isinstance(value, bool) and not known:
            yield f"{place}.{key}"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.name)
def test_every_number_carries_a_source_that_is_listed(path: Path) -> None:
    table = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    assert list(_numbers(table, path.name)) == []
    cited = {key for found in _sources(table) for key in found.split(", ")}
    assert cited <= set(table["sources"])


def _sources(table: Any) -> Iterator[str]:
    if isinstance(table, list):
        for part in table:
            yield from _sources(part)
    elif isinstance(table, dict):
        for key, value in table.items():
            if key == "source":
                yield from [value] if isinstance(value, str) else value.values()
            elif key != "sources":
                yield from _sources(value)


def test_what_is_unknown_is_told_in_sentences() -> None:
    told = terms_words.unknowns(edition_on(WOMEN, DAY), "zh")
    assert "参保率 / 比例：待核实" in told and "观察期与宽限期 / 宽限期天数：待核实" in told
    assert len(told) == len(terms_words.unknowns(edition_on(WOMEN, DAY), "en"))
    text = (FOLDER / f"{WOMEN}@2018.toml").read_text("utf-8")
    assert len(told) == text.count('"待核实"')


def test_the_words_of_an_edition_come_from_its_numbers() -> None:
    accident = edition_on(ACCIDENT, DAY)
    assert "74档 高风险职业 每份会费93.00元" in terms_words.frame(accident, "zh")
    assert any("50%" in line and "30人" in line for line in terms_words.frame(accident, "zh"))
    assert any("60,000.00元" in line for line in words.benefits(accident, "zh"))
    for document in catalogue().documents():
        for part in (words.rules, words.benefits, terms_words.frame):
            assert all(part(document.edition, "en")) and all(part(document.edition, "zh"))
            assert not any(
                "\u4e00" <= letter <= "\u9fff" for line in part(document.edition, "en") for letter in line
            )
