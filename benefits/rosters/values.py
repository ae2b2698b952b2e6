"""How cells are read (单元格取值): one function a form, each from a cell that is not empty to a value.

Everything is brought to the form that is stored (DOMAIN 3): full-width digits, spaces inside names, dot
variants, lower-case x. A number cell where text is meant is refused where a spreadsheet may have changed it:
15 digits are all it keeps.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from benefits.kernel.dates import parse_day
from benefits.kernel.errors import Refused
from benefits.kernel.ids import IdCheck, IdKind, Sex, check_id
from benefits.kernel.money import parse_yuan
from benefits.kernel.text import check_name, mask_phone, plain, shown
from benefits.rosters.files.cells import Cell, CellError
from benefits.rosters.kind import Misread, Reader

_EXACT_DIGITS = 15
_ORDINARY = re.compile("[\u4e00-\u9fa50-9A-Za-z][\u4e00-\u9fa50-9A-Za-z-]*")
"""Nothing to clean away, nearly every cell."""
_NUMBER = re.compile("[0-9A-Z]{1,15}|[0-9]{16,24}")
_MANY_DIGITS = re.compile(r"\d(\s*\d){5}")
_HAN_NAME = re.compile("[\u4e00-\u9fa5]{2,4}")
_RESIDENT = re.compile(r"(1[1-5]|2[123]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71)[0-9]{15}[0-9X]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PRODUCTS = tuple({str(digit): weight * digit for digit in range(10)} for weight in _WEIGHTS)
_CHECKS = "10X98765432"
_ERRORS = {
    "value": "rosters.cell_error",
    "formula": "rosters.cell_formula",
    "long": "rosters.cell_endless",
    "unreadable": "rosters.cell_unreadable",
}


def words(cell: Cell) -> str:
    """A cell as text, cleaned: one line, outer spaces and Excel's mark of a text cell away."""
    if cell.__class__ is str and _ORDINARY.fullmatch(cell):
        return str(cell)
    if isinstance(cell, str) and not isinstance(cell, CellError):
        return plain(cell).strip().lstrip("'\u2018\u2019`").strip()
    if isinstance(cell, CellError):
        raise Misread(_ERRORS[cell.kind], text=shown(str(cell)))
    if isinstance(cell, bool):
        raise Misread("rosters.cell_form", text=str(cell).upper())
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**_EXACT_DIGITS else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


def text(most: int) -> Reader:
    """Free text of at most ``most`` characters."""

    def read(cell: Cell, _today: date) -> str | None:
        found = words(cell)
        if len(found) > most:
            raise Misread("rosters.cell_long", text=shown(found), length=len(found), most=most)
        return found or None

    return read


def name(cell: Cell, _today: date) -> str | None:
    """A person's name (姓名)."""
    if cell.__class__ is str and _HAN_NAME.fullmatch(cell):  # nearly every name
        return str(cell)
    if not isinstance(cell, str) or _MANY_DIGITS.search(cell):
        raise Misread("rosters.name_number", text=shown(words(cell)))
    found = check_name(words(cell))
    if not found.name:
        return None
    for problem in found.problems:
        raise Misread(problem.say.key, **problem.say.params)
    return found.name


def number(most: int) -> Reader:
    """A number that identifies something (编号, 卡号): text, or digits that a spreadsheet kept whole."""

    def read(cell: Cell, _today: date) -> str | None:
        if cell.__class__ is str and _NUMBER.fullmatch(cell) and len(cell) <= most:
            return str(cell)
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            _refuse_rounded(cell)
        found = re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", words(cell))).upper()
        if re.fullmatch(r"[0-9](\.[0-9]+)?E\+[0-9]+", found):
            raise Misread("rosters.number_scientific", text=shown(found))
        if len(found) > most:
            raise Misread("rosters.cell_long", text="…" + found[-4:], length=len(found), most=most)
        return found or None

    return read


def _refuse_rounded(cell: int | float) -> None:
    if abs(cell) >= 10**_EXACT_DIGITS or (isinstance(cell, float) and not cell.is_integer()):
        raise Misread("rosters.number_rounded", text=f"{cell:.5g}")


def id_number(cell: Cell, today: date) -> IdCheck | None:
    """An identity number with what it says (证件号码); a number cell is refused, since digits are lost in
    it."""
    if cell.__class__ is str and _RESIDENT.fullmatch(cell):
        found = _resident(str(cell), today)
        if found is not None:
            return found
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        raise Misread("rosters.id_number_cell", text=f"{cell:.5g}")
    typed = words(cell)
    if not typed:
        return None
    checked = check_id(typed, today)
    for problem in checked.problems:
        raise Misread(problem.say.key, **problem.say.params)
    return checked


def _resident(number: str, today: date) -> IdCheck | None:
    """The short way for a number that is right in everything; None: ``check_id`` says what it is about."""
    total = 0
    for product, digit in zip(_PRODUCTS, number, strict=False):
        total += product[digit]
    if _CHECKS[total % 11] != number[17] or number[15:18] == "000":
        return None
    birth = _birth(number[6:14])
    if birth is None or birth > today:
        return None
    return IdCheck(IdKind.RESIDENT, number, birth, Sex.MALE if number[16] in "13579" else Sex.FEMALE)


@lru_cache(maxsize=65536)
def _birth(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def phone(cell: Cell, _today: date) -> str | None:
    """A mobile number by its shape only: segments change [S118]; a number cell keeps its 11 digits."""
    if cell.__class__ is str and _MOBILE.fullmatch(cell):
        return str(cell)
    typed = words(cell)
    found = re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", typed)).removeprefix("+86")
    if not found:
        return None
    if _MOBILE.fullmatch(found):
        return found
    raise Misread("members.phone_form", phone=mask_phone(shown(found)), length=len(found))


def day(cell: Cell, _today: date) -> date | None:
    """A date as clerks and spreadsheets write it, year first."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float):
        raise Misread("kernel.date_form", text=shown(str(cell)))
    return _day(words(cell))


@lru_cache(maxsize=65536)
def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        return parse_day(typed)
    except Refused as refusal:
        raise Misread(refusal.code, **refusal.say.params) from None


def past_day(cell: Cell, today: date) -> date | None:
    """A date that is not to come."""
    found = day(cell, today)
    if found is not None and found > today:
        raise Misread("rosters.day_future", day=found, today=today)
    return found


def month(cell: Cell, today: date) -> date | None:
    """A month (2026-05, 2026年5月, 202605) as its first day; a whole date counts as its month."""
    if isinstance(cell, str):
        typed = unicodedata.normalize("NFKC", words(cell))
        found = re.fullmatch(r"([0-9]{4})[-/.年]?(1[0-2]|0?[1-9])月?", typed)
        if found:
            return date(int(found[1]), int(found[2]), 1)
    whole = day(cell, today)
    return None if whole is None else whole.replace(day=1)


def fen(cell: Cell, _today: date) -> int | None:
    """An amount of yuan as integer fen."""
    if isinstance(cell, bool | date):
        raise Misread("kernel.amount_form", text=shown(str(cell)))
    if isinstance(cell, float):
        cents = round(cell * 100)
        if abs(cell * 100 - cents) > 1e-6 * max(1.0, abs(cell)):
            raise Misread("kernel.amount_form", text=shown(str(cell)))
        return cents
    typed = words(cell)
    if not typed:
        return None
    try:
        return parse_yuan(typed)
    except Refused as refusal:
        raise Misread(refusal.code, **refusal.say.params) from None


def count(least: int = 0, most: int = 10_000_000) -> Reader:
    """A whole number between two bounds."""

    def read(cell: Cell, _today: date) -> int | None:
        typed = unicodedata.normalize("NFKC", words(cell)).replace(",", "")
        if not typed:
            return None
        if not re.fullmatch(r"-?[0-9]{1,9}", typed):
            raise Misread("rosters.cell_whole", text=shown(typed))
        found = int(typed)
        if not least <= found <= most:
            raise Misread("rosters.cell_bounds", text=shown(typed), least=least, most=most)
        return found

    return read


def choice(meanings: Mapping[str, Any]) -> Reader:
    """One of some words; what each means. Compared without spaces and width, in any case."""
    known = {_folded(word): value for word, value in meanings.items()}
    offered = "、".join(dict.fromkeys(word for word in meanings if not word.isascii())) or "、".join(meanings)

    def read(cell: Cell, _today: date) -> Any:
        typed = words(cell)
        if not typed:
            return None
        found = known.get(typed, known)
        if found is known:
            found = known.get(_folded(typed), known)
        if found is known:
            raise Misread("rosters.cell_choice", text=shown(typed), choices=offered)
        return found

    return read


def several(cell: Cell, _today: date) -> tuple[str, ...] | None:
    """Several words, set apart by 、 , ; or /, each once; what they mean stands in the database."""
    parts = (part.strip() for part in re.split(r"[、,，;；/|\n]+", words(cell)))
    return tuple(dict.fromkeys(part for part in parts if part)) or None


def _folded(word: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", word)).lower()


sex = choice(
    {"男": Sex.MALE, "女": Sex.FEMALE, "男性": Sex.MALE, "女性": Sex.FEMALE, "1": Sex.MALE, "2": Sex.FEMALE}
    | {"male": Sex.MALE, "female": Sex.FEMALE, "m": Sex.MALE, "f": Sex.FEMALE}
)
"""性别 in words, or as GB/T 2261.1 codes it."""
yes_no = choice(
    {"是": True, "否": False, "有": True, "无": False, "y": True, "n": False, "yes": True, "no": False}
    | {"√": True, "×": False, "1": True, "0": False, "true": True, "false": False}
)


def ignored(cell: Cell, _today: date) -> None:
    """A column that rosters carry and nothing needs (序号, 备注)."""
