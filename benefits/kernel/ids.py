"""Identity numbers (证件号码) and unified social credit codes (统一社会信用代码), by DOMAIN 3.1 and 3.2
[S91][S92][S93][S94].

``check_id`` never raises: it brings what was typed to one form, says what kind of document it is, reads birth
and sex where the number holds them, and lists what is wrong. A problem stops the record; a warning asks for a
look at the card. An area code is the one of first registration and may be long abolished, so an unknown one
is only a warning. Messages show numbers masked.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import Enum

from benefits.kernel.dates import latest_birth
from benefits.kernel.errors import Problem, Say, say
from benefits.kernel.text import mask_id, plain, shown


class Sex(Enum):
    """性别, as GB/T 2261.1 has 1 and 2."""

    MALE = "male"
    FEMALE = "female"


class IdKind(Enum):
    """What document a number belongs to (证件类型)."""

    RESIDENT = "resident"
    HMT_RESIDENT = "hmt_resident"
    PERMANENT_2017 = "permanent_2017"
    PERMANENT_2023 = "permanent_2023"
    PASSPORT = "passport"
    HMT_TRAVEL = "hmt_travel"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class IdCheck:
    """A number in the form that is stored and what it says; ``birth`` and ``sex`` are None where it does not
    (surely) say."""

    kind: IdKind
    number: str
    birth: date | None = None
    sex: Sex | None = None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong with it; warnings may remain."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class UsccCheck:
    """A credit code in the form that is stored, and what is wrong with it. ``department`` is its first
    character."""

    number: str
    department: str = ""
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong with it; warnings may remain."""
        return not self.problems


_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUES = {char: value for value, char in enumerate(_USCC_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_USCC_DEPARTMENTS = frozenset("123456789ANY")
_PROVINCES = frozenset(
    f"{region}{number}"
    for region, count in (("1", 5), ("2", 3), ("3", 7), ("4", 6), ("6", 5), ("7", 1))
    for number in range(1, count + 1)
) | {"50", "51", "52", "53", "54"}
_HMT_AREAS = frozenset(("810000", "820000", "830000"))

_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]{1,2}|[0-9]{15,18}\.0*")
_WORKING_AGE = 16


def resident_check_digit(first17: str) -> str:
    """The 18th character of a GB 11643 number (ISO 7064 MOD 11-2), also of the 81/82/83 permits and of the
    2023 card.

    >>> resident_check_digit("11011219700105002")
    '5'
    """
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, first17, strict=True))
    return _ID_CHECKS[total % 11]


def mrz_check_digit(text: str) -> str:
    """The check digit of machine-readable travel documents (ICAO 9303: weights 7 3 1, letters from A =
    10)."""
    return str(sum((7, 3, 1)[place % 3] * int(char, 36) for place, char in enumerate(text)) % 10)


def uscc_check(first17: str) -> str:
    """The 18th character of a credit code (GB 32100): 31 less the weighted sum mod 31, and again mod 31.

    >>> uscc_check("81110112MC0000027"), uscc_check("81110112MC0001001")
    ('0', 'J')
    """
    total = sum(weight * _USCC_VALUES[char] for weight, char in zip(_USCC_WEIGHTS, first17, strict=True))
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def check_id(text: str, today: date) -> IdCheck:
    """What an identity number says and what is wrong with it; ``today`` bounds the birth date (both on the
    business day).

    >>> found = check_id(" 11010519491231002x ", date(2026, 11, 22))
    >>> found.number, found.birth, found.sex, found.problems
    ('11010519491231002X', datetime.date(1949, 12, 31), <Sex.FEMALE: 'female'>, ())
    """
    number = _compact(text)
    if not number:
        return _bad(number, IdKind.OTHER, _problem("kernel.id_missing"))
    if _SCIENTIFIC.fullmatch(number):
        return _bad(number, IdKind.OTHER, _problem("kernel.id_scientific", text=shown(number)))
    if "*" in number:
        return _bad(number, IdKind.OTHER, _problem("kernel.id_masked", number=shown(number)))
    if re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return _eighteen(number, today)
    if re.fullmatch(r"[A-Z]{3}[0-9]{12}", number):
        return _permanent_2017(number, today)
    if re.fullmatch(r"[0-9]+X?", number) and (len(number) >= 11 or len(number) < 5):
        return _wrong_digits(number)
    if re.fullmatch(r"[HM]([0-9]{8}|[0-9]{10})|[0-9]{8}", number):
        return IdCheck(IdKind.HMT_TRAVEL, number)
    if re.fullmatch(r"[A-Z0-9]{5,14}", number) and re.search("[0-9]", number):
        return IdCheck(IdKind.PASSPORT, number)
    return _bad(number, IdKind.OTHER, _problem("kernel.id_form", number=mask_id(shown(number))))


def _compact(text: str) -> str:
    folded = unicodedata.normalize("NFKC", plain(text)).upper()
    return re.sub(r"\s+", "", folded).lstrip("'`‘’")  # Excel's mark of a text cell is often exported with it


def _problem(code: str, field: str = "id_number", /, **params: object) -> Problem:
    return Problem(code, say(code, **params), field=field)


def _bad(stored: str, kind: IdKind, problem: Problem) -> IdCheck:
    return IdCheck(kind, stored, problems=(problem,))


def _wrong_check(number: str, expected: str) -> Problem:
    return _problem("kernel.id_check", number=mask_id(number), expected=expected, found=number[-1])


def _wrong_digits(number: str) -> IdCheck:
    if re.fullmatch(r"1[3-9][0-9]{9}", number):
        return _bad(number, IdKind.OTHER, _problem("kernel.id_phone", number=mask_id(number)))
    if re.fullmatch(r"[0-9]{15}", number):
        return _bad(number, IdKind.RESIDENT, _problem("kernel.id_first_generation", number=mask_id(number)))
    wrong = _problem("kernel.id_length", number=mask_id(shown(number)), length=len(number))
    return _bad(number, IdKind.OTHER, wrong)


def _eighteen(number: str, today: date) -> IdCheck:
    kind = IdKind.RESIDENT
    if number[0] == "9":
        kind = IdKind.PERMANENT_2023
    elif number[:2] in ("81", "82", "83"):
        kind = IdKind.HMT_RESIDENT
    problems: list[Problem] = []
    warnings: list[Problem] = []
    expected = resident_check_digit(number[:17])
    rounded = number.endswith("000")  # a spreadsheet keeps 15 digits and fills with zeros
    if expected != number[17]:
        if rounded:
            problems.append(_problem("kernel.id_rounded", number=mask_id(number)))
        else:
            problems.append(_wrong_check(number, expected))
    elif rounded:
        warnings.append(_problem("kernel.id_trailing_zeros", number=mask_id(number)))
    birth = _birth(number[6:14])
    if birth is None or birth > today:
        problems.append(_bad_birth(number, number[6:14], birth, today))
    if not _area_known(kind, number):
        warnings.append(_problem("kernel.id_area", number=mask_id(number), area=number[:6]))
    if problems:  # a number that is wrong somewhere says nothing sure about birth or sex
        return IdCheck(kind, number, problems=tuple(problems), warnings=tuple(warnings))
    return IdCheck(kind, number, birth, _sex(number[16]), warnings=tuple(warnings))


def _area_known(kind: IdKind, number: str) -> bool:
    if kind is IdKind.HMT_RESIDENT:
        return number[:6] in _HMT_AREAS
    return (number[1:3] if kind is IdKind.PERMANENT_2023 else number[:2]) in _PROVINCES


def _permanent_2017(number: str, today: date) -> IdCheck:
    problems: list[Problem] = []
    warnings: list[Problem] = []
    expected = mrz_check_digit(number[:14])
    if expected != number[14]:
        problems.append(_wrong_check(number, expected))
    birth = _birth_two_digits(number[7:13], today)
    if birth is None:
        problems.append(_bad_birth(number, number[7:13], None, today))
    if problems or birth is None:
        return IdCheck(IdKind.PERMANENT_2017, number, problems=tuple(problems))
    warnings.append(_problem("kernel.id_century", number=_headed(number), birth=birth))
    if number[3:5] not in _PROVINCES:
        warnings.append(_problem("kernel.id_area", number=mask_id(number), area=number[3:7]))
    return IdCheck(IdKind.PERMANENT_2017, number, birth, _sex(number[13]), warnings=tuple(warnings))


def _birth(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _birth_two_digits(digits: str, today: date) -> date | None:
    """The latest birth date with these last digits that makes a person of working age, else the latest that
    is past."""
    born = [birth for century in ("20", "19") if (birth := _birth(century + digits)) and birth <= today]
    grown = [birth for birth in born if birth <= latest_birth(_WORKING_AGE, today)]
    return next(iter(grown or born), None)


def _bad_birth(number: str, digits: str, birth: date | None, today: date) -> Problem:
    if birth is None:
        return _problem("kernel.id_birth", number=_headed(number), birth=digits)
    return _problem("kernel.id_birth_future", number=_headed(number), birth=birth, today=today)


def _headed(number: str) -> str:
    """Masked all but the head, for sentences that show the birth date: with the tail it would be the whole
    number."""
    return number[:6] + "*" * (len(number) - 6)


def _sex(digit: str) -> Sex:
    return Sex.MALE if int(digit) % 2 else Sex.FEMALE


def sex_words(sex: Sex) -> Say:
    """男 or 女, for a message."""
    return say(f"kernel.sex_{sex.value}")


def check_against(check: IdCheck, sex: Sex | None, birth: date | None) -> tuple[Problem, ...]:
    """Where the sex and birth columns of a record contradict its ID number; what is not given contradicts
    nothing.

    The year of a 2017 permanent-resident card has two digits, so there another century is no contradiction.
    """
    problems: list[Problem] = []
    if check.sex and sex and check.sex is not sex:
        words = {"number": mask_id(check.number), "in_number": sex_words(check.sex), "given": sex_words(sex)}
        problems.append(_problem("kernel.id_sex_conflict", "sex", **words))
    if check.birth and birth and check.birth != birth and not _same_but_century(check, birth):
        days = {"number": _headed(check.number), "in_number": check.birth, "given": birth}
        problems.append(_problem("kernel.id_birth_conflict", "birth", **days))
    return tuple(problems)


def _same_but_century(check: IdCheck, birth: date) -> bool:
    return check.kind is IdKind.PERMANENT_2017 and f"{birth:%y%m%d}" == check.number[7:13]


def check_uscc(text: str) -> UsccCheck:
    """A unified social credit code: form, check character and, as warnings, an unknown department or
    province.

    >>> check_uscc("91110112ma0012345x").number, check_uscc("81110112MC00000270").ok
    ('91110112MA0012345X', True)
    """
    number = re.sub(r"[\s-]+", "", _compact(text))
    found = next((char for char in number if char not in _USCC_VALUES), None)
    seen = shown(number)
    if not number:
        return _bad_uscc(number, "kernel.uscc_missing")
    if len(number) != 18:
        return _bad_uscc(number, "kernel.uscc_length", number=seen, length=len(number))
    if found is not None:
        return _bad_uscc(number, "kernel.uscc_form", number=seen, found=found)
    expected = uscc_check(number[:17])
    if expected != number[17]:
        return _bad_uscc(number, "kernel.uscc_check", number=seen, expected=expected, found=number[17])
    warnings: list[Problem] = []
    if number[0] not in _USCC_DEPARTMENTS:
        warnings.append(_problem("kernel.uscc_department", "uscc", number=seen, department=number[0]))
    if number[2:4] not in _PROVINCES:
        warnings.append(_problem("kernel.uscc_area", "uscc", number=seen, area=number[2:8]))
    return UsccCheck(number, number[0], warnings=tuple(warnings))


def _bad_uscc(stored: str, code: str, /, **params: object) -> UsccCheck:
    return UsccCheck(stored, problems=(_problem(code, "uscc", **params),))
