"""The roster of a measurement: N rows of eight columns about people of a sample district, as csv or xlsx.

Every second person is registered already, every tenth of those with another phone, and one row in two hundred
has a wrong check digit. Phones and cards follow a pattern, identity numbers are of area 110100 as a whole,
where nobody lives.
"""

import csv
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from benefits.kernel.ids import Sex, resident_check_digit
from sample_data.people import invented_name

HEAD = ("单位编码", "姓名", "身份证号", "性别", "手机号", "部门", "入会日期", "京卡卡号")
SHEET = "花名册"
_DEPARTMENTS = ("办公室", "财务部", "人力资源部", "一车间", "二车间", "三车间", "运营部", "后勤部")
_FIRST_BIRTH = date(1967, 1, 1)
_BIRTHS = 13_000
"""Days; 7,919 is prime to it, so that births look drawn and no number comes twice."""
_FIRST_JOINED = date(2005, 1, 1)
_JOINED = 7_000
_CHECKS = "0123456789X"


@dataclass(frozen=True, slots=True)
class Person:
    """One row. ``before``: the phone of somebody who is registered already, None for a new one."""

    unit: str
    name: str
    number: str
    sex: Sex
    phone: str
    department: str
    joined: date
    card: str
    before: str | None

    def row(self, phone: str | None = None) -> tuple[str | date, ...]:
        """The cells in the order of the head."""
        word = "男" if self.sex is Sex.MALE else "女"
        return (
            *(self.unit, self.name, self.number, word, phone or self.phone),
            *(self.department, self.joined, self.card),
        )


def people(rows: int, seed: int, units: list[str]) -> Iterator[Person]:
    """Everybody of a roster, unit by unit."""
    rng = random.Random(f"{seed}/roster")
    for at in range(rows):
        sex = Sex.MALE if rng.random() < 0.5 else Sex.FEMALE
        phone = f"139{at:08d}"
        known = at % 2 == 0
        yield Person(
            units[at * len(units) // rows],
            invented_name(rng, sex),
            _number(at, sex, wrong=at % 200 == 101),
            sex,
            phone,
            _DEPARTMENTS[at * 31 % len(_DEPARTMENTS)],
            _FIRST_JOINED + timedelta(at * 3571 % _JOINED),
            f"6217{at * 7919 % 10**8:08d}{at % 10_000:04d}",
            (f"138{at:08d}" if at % 20 == 0 else phone) if known else None,
        )


def _number(at: int, sex: Sex, *, wrong: bool) -> str:
    born = _FIRST_BIRTH + timedelta(at * 7919 % _BIRTHS)
    first = f"110100{born:%Y%m%d}{at // _BIRTHS * 2 + (sex is Sex.MALE):03d}"
    digit = resident_check_digit(first)
    return first + (_CHECKS[(_CHECKS.index(digit) + 1) % 11] if wrong else digit)


def write(path: Path, rows: Iterator[tuple[str | date, ...]]) -> None:
    """Write a csv file, or an xlsx one with shared texts as Excel does; nothing unfinished has the name."""
    unfinished = path.with_name(f"_{path.name}")
    if path.suffix == ".csv":
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(HEAD)
            out.writerows(rows)
    else:
        _workbook(unfinished, rows)
    os.replace(unfinished, path)


def _workbook(path: Path, rows: Iterator[tuple[str | date, ...]]) -> None:
    try:
        from rustpy_xlsxwriter import write_worksheet  # a quarter of the time
    except ImportError:
        from xlsxwriter import Workbook

        with Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
            sheet = book.add_worksheet(SHEET)
            sheet.write_row(0, 0, HEAD)
            for at, row in enumerate(rows, 1):
                sheet.write_row(at, 0, row)
        return
    records = (dict(zip(HEAD, row, strict=True)) for row in rows)
    write_worksheet(records, str(path), sheet_name=SHEET, datetime_format="yyyy-mm-dd", dedupe_strings=True)
