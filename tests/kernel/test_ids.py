import json
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc
from stdnum.iso7064 import mod_11_2

from benefits.kernel.ids import (
    IdCheck,
    IdKind,
    Sex,
    check_against,
    check_id,
    check_uscc,
    mrz_check_digit,
    resident_check_digit,
    uscc_check,
)
from benefits.kernel.messages import render

TODAY = date(2026, 11, 22)
VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text("utf-8"))
IDS, USCCS = VECTORS["resident_ids"], VECTORS["uscc"]


def codes(check: IdCheck) -> list[str]:
    return [problem.code for problem in check.problems]


def resident(first17: str) -> str:
    return first17 + resident_check_digit(first17)


@pytest.mark.parametrize("number", IDS.values())
def test_vectors_are_right(number: str) -> None:
    check = check_id(number, TODAY)
    assert check.ok and not check.warnings
    assert check.number == number
    assert check.birth == date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    assert check.sex is (Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)
    assert check.kind is (IdKind.HMT_RESIDENT if number[0] == "8" else IdKind.RESIDENT)
    assert mod_11_2.is_valid(number)


@pytest.mark.parametrize("number", IDS.values())
def test_one_wrong_digit_or_two_swapped_are_found(number: str) -> None:
    for place in range(17):
        for digit in set("0123456789") - {number[place]}:
            assert check_id(number[:place] + digit + number[place + 1 :], TODAY).problems
    for place in range(16):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert swapped == number or check_id(swapped, TODAY).problems


@given(st.text("0123456789", min_size=17, max_size=17))
def test_check_digit_agrees_with_the_oracle(first17: str) -> None:
    assert resident_check_digit(first17) == mod_11_2.calc_check_digit(first17)


def test_real_residents_that_the_oracle_accepts_are_accepted() -> None:
    chosen = random.Random(20261122)
    accepted = 0
    for _ in range(3000):
        born = date(1940, 1, 1) + timedelta(days=chosen.randrange(30000))
        area = chosen.choice(["110101", "110105", "310101", "440106", "510104", "650102", "120101"])
        number = resident(f"{area}{born:%Y%m%d}{chosen.randrange(1000):03d}")
        if ric.is_valid(number):
            accepted += 1
            check = check_id(number, TODAY)
            assert check.ok and check.birth == ric.get_birth_date(number) == born
    assert accepted > 1000


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002X",
        "11010519491231002x",
        " 110105 19491231 002x\n",
        "１１０１０５１９４９１２３１００２Ｘ",
        "'11010519491231002X",
        "\u200b110105\u30001949\u00a01231002X\ufeff",
    ],
)
def test_what_is_typed_comes_to_one_form(typed: str) -> None:
    check = check_id(typed, TODAY)
    assert (check.ok, check.number, check.sex) == (True, "11010519491231002X", Sex.FEMALE)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "kernel.id_missing"),
        (" \u3000\t", "kernel.id_missing"),
        ("1.1E+17", "kernel.id_scientific"),
        ("1.10112E+17", "kernel.id_scientific"),
        ("1.1e17", "kernel.id_scientific"),
        ("110112197001050000.0", "kernel.id_scientific"),
        ("110112197001050000", "kernel.id_rounded"),
        ("110112********0025", "kernel.id_masked"),
        ("110112197001050026", "kernel.id_check"),
        ("11011219700105002X", "kernel.id_check"),
        ("11011219700105002", "kernel.id_length"),
        ("1101121970010500255", "kernel.id_length"),
        ("110112700105002", "kernel.id_first_generation"),
        ("13800138000", "kernel.id_phone"),
        ("123", "kernel.id_length"),
        ("11011219700105OO25", "kernel.id_form"),
        ("张三", "kernel.id_form"),
        ("ABCDEFG", "kernel.id_form"),
        ("[b]=cmd|x", "kernel.id_form"),
        (resident("11011220250229001"), "kernel.id_birth"),
        (resident("11011219001301001"), "kernel.id_birth"),
        (resident("11011200000101001"), "kernel.id_birth"),
        (resident("11011220261123001"), "kernel.id_birth_future"),
        ("9" * 5000, "kernel.id_length"),
    ],
)
def test_what_is_wrong_is_said(typed: str, code: str) -> None:
    check = check_id(typed, TODAY)
    assert codes(check) == [code]
    assert check.birth is None and check.sex is None and not check.ok
    for lang in ("zh", "en"):
        assert 0 < len(render(check.problems[0].say, lang)) < 400


def test_born_today_is_not_the_future() -> None:
    assert check_id(resident("11011220261122001"), TODAY).ok
    assert codes(check_id(resident("11011220261122001"), TODAY - timedelta(days=1))) == [
        "kernel.id_birth_future"
    ]


def test_a_number_that_ends_in_000_and_checks_is_kept_with_a_warning() -> None:
    number = next(
        n
        for seq in range(1, 10)
        for d in range(1, 29)
        if (n := resident(f"110112197001{d:02d}{seq}00"))[17] == "0"
    )
    check = check_id(number, TODAY)
    assert check.ok and [w.code for w in check.warnings] == ["kernel.id_trailing_zeros"]


@pytest.mark.parametrize("area", ["990101", "000000", "170101", "819999", "660000"])
def test_an_unknown_area_is_a_warning(area: str) -> None:
    if area[0] == "9":  # nine begins a permanent-resident card, whose province comes next
        area = "966101"
    check = check_id(resident(f"{area}19900101001"), TODAY)
    assert check.ok and [warning.code for warning in check.warnings] == ["kernel.id_area"]
    assert render(check.warnings[0].say, "zh")


@pytest.mark.parametrize("area", ["110103", "110112", "510702", "230200", "710000", "500101"])
def test_abolished_and_present_areas_of_a_province_pass_in_silence(area: str) -> None:
    check = check_id(resident(f"{area}19900101001"), TODAY)
    assert check.ok and not check.warnings


@pytest.mark.parametrize(
    ("number", "birth", "sex"),
    [
        ("810000199408230021", date(1994, 8, 23), Sex.FEMALE),
        ("830000199201300022", date(1992, 1, 30), Sex.FEMALE),
        ("820000199001010029", date(1990, 1, 1), Sex.FEMALE),
    ],
)
def test_residence_permits(number: str, birth: date, sex: Sex) -> None:
    check = check_id(number, TODAY)
    assert (check.kind, check.birth, check.sex, check.problems) == (IdKind.HMT_RESIDENT, birth, sex, ())


@pytest.mark.parametrize("number", ["911124198108030024", "931012199012010018"])
def test_permanent_card_of_2023(number: str) -> None:
    check = check_id(number, TODAY)
    assert check.ok and check.kind is IdKind.PERMANENT_2023
    assert check.birth == date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    assert codes(check_id(number[:-1] + "5", TODAY)) == ["kernel.id_check"]


def permanent(first14: str) -> str:
    return first14 + mrz_check_digit(first14)


@pytest.mark.parametrize(
    ("first14", "birth", "sex"),
    [
        ("CAN11008410230", date(1984, 10, 23), Sex.FEMALE),
        ("FRA31010005151", date(2000, 5, 15), Sex.MALE),
        ("USA11001011221", date(2010, 11, 22), Sex.MALE),  # sixteen today: this century
        ("USA11001011231", date(1910, 11, 23), Sex.MALE),  # would be fifteen: the century before
        ("USA11000002290", date(2000, 2, 29), Sex.FEMALE),
    ],
)
def test_permanent_card_of_2017(first14: str, birth: date, sex: Sex) -> None:
    check = check_id(permanent(first14).lower(), TODAY)
    assert (check.kind, check.problems) == (IdKind.PERMANENT_2017, ())
    assert (check.birth, check.sex) == (birth, sex)
    assert [warning.code for warning in check.warnings] == ["kernel.id_century"]


def test_permanent_card_of_2017_that_is_wrong() -> None:
    right = permanent("CAN11008410230")
    assert codes(check_id(right[:-1] + str((int(right[-1]) + 1) % 10), TODAY)) == ["kernel.id_check"]
    assert codes(check_id(permanent("CAN11008413010"), TODAY)) == ["kernel.id_birth"]
    unknown = check_id(permanent("CAN99998410230"), TODAY)
    assert [warning.code for warning in unknown.warnings] == ["kernel.id_century", "kernel.id_area"]


def test_mrz_check_digit_of_the_icao_specimen() -> None:
    assert mrz_check_digit("L898902C3") == "6"  # ICAO 9303 part 4, the Utopia passport
    assert mrz_check_digit("740812") == "2"


@pytest.mark.parametrize(
    ("typed", "kind", "number"),
    [
        ("H12345678", IdKind.HMT_TRAVEL, "H12345678"),
        ("m1234567890", IdKind.HMT_TRAVEL, "M1234567890"),
        ("12345678", IdKind.HMT_TRAVEL, "12345678"),
        ("e12345678", IdKind.PASSPORT, "E12345678"),
        ("EA1234567", IdKind.PASSPORT, "EA1234567"),
        ("123456789", IdKind.PASSPORT, "123456789"),
        ("H1234567", IdKind.PASSPORT, "H1234567"),
    ],
)
def test_travel_documents_say_neither_birth_nor_sex(typed: str, kind: IdKind, number: str) -> None:
    assert check_id(typed, TODAY) == IdCheck(kind, number)


def test_conflicts_with_the_record() -> None:
    check = check_id("110112197001050025", TODAY)
    assert check_against(check, Sex.FEMALE, date(1970, 1, 5)) == ()
    assert check_against(check, None, None) == ()
    found = check_against(check, Sex.MALE, date(1970, 5, 1))
    assert [(problem.code, problem.field) for problem in found] == [
        ("kernel.id_sex_conflict", "sex"),
        ("kernel.id_birth_conflict", "birth"),
    ]
    assert "表示女，性别栏是男" in render(found[0].say, "zh")
    assert "1970-01-05" in render(found[1].say, "zh") and "0025" not in render(found[1].say, "zh")
    assert check_against(check_id("E12345678", TODAY), Sex.MALE, date(1970, 1, 1)) == ()


def test_another_century_is_no_conflict_on_the_2017_card_only() -> None:
    card = check_id(permanent("FRA31010005151"), TODAY)
    assert check_against(card, Sex.MALE, date(1900, 5, 15)) == ()
    assert check_against(card, Sex.MALE, date(2000, 5, 16))[0].code == "kernel.id_birth_conflict"


@given(st.text(max_size=40))
def test_nothing_that_is_typed_raises_and_no_message_holds_a_whole_number(text: str) -> None:
    check = check_id(text, TODAY)
    for problem in (*check.problems, *check.warnings):
        for lang in ("zh", "en"):
            sentence = render(problem.say, lang)
            assert not any(ord(char) < 32 for char in sentence)


@given(st.text("0123456789", min_size=3, max_size=3), st.dates(date(1930, 1, 1), date(2030, 12, 31)))
def test_messages_are_masked(seq: str, born: date) -> None:
    right = resident(f"110112{born:%Y%m%d}{seq}")
    wrong = right[:17] + ("0" if right[17] != "0" else "1")
    for number in (right, wrong):
        check = check_id(number, TODAY)
        conflicts = check_against(check, None, date(1929, 1, 1))
        for problem in (*check.problems, *check.warnings, *conflicts):
            assert number not in render(problem.say, "zh")
            assert number[:14] not in render(problem.say, "zh")


@pytest.mark.parametrize("number", USCCS.values())
def test_uscc_vectors(number: str) -> None:
    check = check_uscc(f" {number[:8].lower()}-{number[8:]} ")
    assert (check.ok, check.number, check.department, check.warnings) == (True, number, number[0], ())
    for char in "0123456789ABCDEFGHJKLMNPQRTUWXY":
        assert check_uscc(number[:17] + char).ok == (char == number[17])


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17))
def test_uscc_check_agrees_with_the_oracle(first17: str) -> None:
    assert uscc_check(first17) == uscc.calc_check_digit(first17)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "kernel.uscc_missing"),
        ("81110112MC0001001", "kernel.uscc_length"),
        ("81110112MC0001001JJ", "kernel.uscc_length"),
        ("81110112MC000I001J", "kernel.uscc_form"),
        ("81110112MC0001001K", "kernel.uscc_check"),
    ],
)
def test_uscc_that_is_wrong(typed: str, code: str) -> None:
    check = check_uscc(typed)
    assert [problem.code for problem in check.problems] == [code]
    assert render(check.problems[0].say, "zh") and render(check.problems[0].say, "en")


def test_uscc_of_an_unknown_department_or_province_is_a_warning() -> None:
    first17 = "B1990000MC0001001"
    check = check_uscc(first17 + uscc_check(first17))
    assert check.ok and [warning.code for warning in check.warnings] == [
        "kernel.uscc_department",
        "kernel.uscc_area",
    ]
    assert all(render(warning.say, "en") for warning in check.warnings)
