"""A roster of the tiny district as a unit sends it: a title above the head, a wrong cell, somebody who may be
registered already."""

import csv
import os
from datetime import date
from pathlib import Path

from tests.tui.tiny import NAMES, number

SCHOOL = "永顺镇中心小学工会"
HEAD = ("序号", "工作单位", "姓名", "身份证号", "性别", "出生日期", "手机号码", "入会时间", "爱好")


def rows() -> list[tuple[str, ...]]:
    """One who is new, one who changes, one who stays, one wrong, one to ask about, and a total."""
    wang = number(date(1968, 2, 28), 1, True)
    zhao = number(date(1980, 2, 28), 7, True)
    new = number(date(1995, 6, 1), 40, False)
    return [
        ("1", SCHOOL, "韩梅", new, "男", "", "13900001111", "2026-10-01", "篮球"),
        ("2", SCHOOL, NAMES[1], wang, "女", "", "13911112222", "", ""),
        ("3", SCHOOL, NAMES[7], zhao, "女", "", "13800138007", "", ""),
        ("4", SCHOOL, "李雷", "1.1E+17", "男", "1990-13-01", "139", "2026-10-01", ""),
        ("5", SCHOOL, NAMES[14], "", "男", "1994-02-28", "13800138015", "2026-10-01", ""),
        ("合计", "", "", "", "", "", "", "", ""),
    ]


def write(folder: Path, name: str = "名册.csv") -> Path:
    """The file, saved at a moment that is the same everywhere."""
    path = folder / name
    with path.open("w", encoding="gb18030", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["永顺镇中心小学工会会员名册"])
        sheet.writerow(HEAD)
        sheet.writerows(rows())
    os.utime(path, (1_795_000_000, 1_795_000_000))
    return path
