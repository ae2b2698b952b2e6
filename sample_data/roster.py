"""A roster as units send them on a Friday afternoon (花名册样例).

3,497 people who cannot exist, 40 of whose rows are wrong in ten ways, under a title and notes, with a total
and a signature at the end. Identity numbers have the area 119999, which no authority ever gave out, and
phones begin with 1400, which reaches nobody. ``python -m sample_data.roster --out FILE``.
"""

import argparse
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

from benefits.kernel.ids import resident_check_digit

ROWS = 3497
BAD = 40
HEAD = ("序号", "单位编码", "会员姓名", "身份证号码", "性 别", "联系电话", "部门", "备注")
_SURNAMES = "王李张刘陈杨赵黄周吴曾单解仇查尉迟欧阳"
_GIVEN = "伟芳娜敏静强磊军洋勇艳杰娟涛明超秀霞平刚桂文辉玲建国丹萍鹏华红英梅晶鑫旭"
_FIRST = date(1968, 1, 1)
_DAYS = 12_000

Row = list[str | float]


def people(unit: str, rows: int, seed: int) -> list[Row]:
    """Rows without a fault, the same for the same seed."""
    chance = random.Random(seed)
    found: list[Row] = []
    for at in range(rows):
        birth = _FIRST + timedelta(days=(at * 7919) % _DAYS)
        first = f"119999{birth:%Y%m%d}{at // _DAYS * 100 + chance.randrange(100):03d}"
        number = first + resident_check_digit(first)
        name = chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2))))
        sex = "男" if int(number[16]) % 2 else "女"
        phone = f"1400{at:07d}"
        found.append([str(at + 1), unit, name, number, sex, phone, f"第{at % 12 + 1}分会", ""])
    return found


def _other_digit(row: Row) -> None:
    number = str(row[3])
    row[3] = number[:17] + ("1" if number[17] != "1" else "2")


def _set(index: int, value: str) -> Callable[[Row], None]:
    def spoil(row: Row) -> None:
        row[index] = value

    return spoil


def _as_number(row: Row) -> None:
    row[3] = float(str(row[3])[:17] + "0")


def _other_sex(row: Row) -> None:
    row[4] = "女" if row[4] == "男" else "男"


FAULTS: tuple[Callable[[Row], None], ...] = (
    _other_digit,
    _set(5, "1400013"),
    _set(2, ""),
    _other_sex,
    _set(1, "000000"),
    _as_number,
    _set(3, ""),
    _set(3, "1.19999E+17"),
    _set(4, "不详"),
    _set(5, "010-6955****"),
)
"""What is done to a row, one after the other."""


def write_roster(path: Path, unit: str, *, rows: int = ROWS, bad: int = BAD, seed: int = 1) -> int:
    """Write the roster as xlsx; how many rows have a fault. Those stand all over the list."""
    from xlsxwriter import Workbook

    found = people(unit, rows, seed)
    step = max(1, rows // bad) if bad else 0
    for at in range(bad):
        FAULTS[at % len(FAULTS)](found[at * step])
    with Workbook(path) as book:
        sheet = book.add_worksheet("花名册")
        sheet.write_string(0, 0, "2026年度会员花名册（样例，人员均为虚构）")
        sheet.write_string(1, 0, "填表说明：请勿合并单元格，身份证号码请用文本格式。")
        lines: list[Sequence[str | float]] = [HEAD, *found, ["合计", "", f"{rows}人"], ["制表人：样例"]]
        for line, cells in enumerate(lines, 5):
            for column, cell in enumerate(cells):
                if isinstance(cell, float):
                    sheet.write_number(line, column, cell)
                elif cell:
                    sheet.write_string(line, column, cell)
    return bad


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="sample_data.roster", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="the xlsx file to write")
    parser.add_argument("--unit", default="110112105", help="code of the unit of all rows")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--bad", type=int, default=BAD)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    write_roster(given.out, given.unit, rows=given.rows, bad=given.bad, seed=given.seed)
    print(given.out)


if __name__ == "__main__":
    main()
