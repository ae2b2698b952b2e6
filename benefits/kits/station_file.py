"""A list of stations out of any spreadsheet (发放点名单): name, and what else is said of each."""

from pathlib import Path
from typing import Any

from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.text import shown
from benefits.kernel.unit import ReadUnit
from benefits.kits.service_station import NewStation
from benefits.organisations.queries import by_code
from benefits.rosters.files.cells import Row
from benefits.rosters.files.reading import open_sheet
from benefits.rosters.heads import Peekable, find_head
from benefits.rosters.kind import Misread
from benefits.rosters.values import words

HEADINGS = {
    "number": ("序号", "编号", "发放点序号"),
    "name": ("发放点", "发放点名称", "站点", "站点名称", "名称"),
    "host": ("承办单位", "主办单位", "所在单位", "单位编码", "单位"),
    "address": ("地址", "发放地点", "地点"),
    "hours": ("开放时间", "发放时间", "时间"),
    "keeper": ("负责人", "联系人", "站长", "保管人"),
    "login": ("登录名", "负责人登录名", "用户"),
    "units": ("对应单位", "领取单位", "服务单位", "覆盖单位"),
}
"""Headings as clerks write them, ours first. 对应单位: codes or names, with 、 or ； between them."""


def read_stations(unit: ReadUnit, path: Path) -> tuple[NewStation, ...]:
    """The stations of a file, in its order; nothing is written.

    Raises Refused: ``rosters.file_…``, ``kits.stations_head`` where no column says the names,
    ``kits.stations_bad`` with every row that is wrong.
    """
    with open_sheet(path) as opened:
        rows: Peekable[list[Row]] = Peekable(opened)
        head = find_head(rows, HEADINGS, ("name",), {})
        if not head.row or head.missing:
            known = "、".join(names[0] for names in HEADINGS.values())
            raise Refused("kits.stations_head", file=shown(path.name), known=known)
        at = {cell.index: cell.key for cell in head.columns if cell.key}
        found, problems = [], []
        for some in rows.after(head.row):
            for row in some:
                try:
                    station = _station(unit, _said(row, at))
                except (Misread, Refused) as error:
                    told = say(error.code, **error.params) if isinstance(error, Misread) else error.say
                    line = say("kits.stations_row", row=row.number, why=told)
                    problems.append(Problem(error.code, line, row=row.number))
                    continue
                if station is not None:
                    found.append(station)
    if problems:
        file = shown(path.name)
        raise Refused("kits.stations_bad", file=file, count=len(problems), problems=tuple(problems))
    return tuple(found)


def _said(row: Row, at: dict[int, str]) -> dict[str, str]:
    return {key: words(row.cells[index]) for index, key in at.items() if index < len(row.cells)}


def _station(unit: ReadUnit, said: dict[str, str]) -> NewStation | None:
    if not any(said.values()):
        return None
    number = said.get("number", "")
    if number and not (number.isascii() and number.isdigit() and 0 < len(number) < 6):
        raise Refused("kits.station_number", number=shown(number))
    host = said.get("host", "")
    given: dict[str, Any] = {
        "name": said.get("name", ""),
        "number": int(number) if number else None,
        "organisation_id": by_code(unit, host).id if host else None,
        "keeper_login": said.get("login", ""),
        "units": tuple(by_code(unit, one).id for one in _several(said.get("units", ""))),
    }
    if not given["name"]:
        raise Refused("kits.text_missing", field=say("kits.field.station"))
    given |= {key: said.get(key, "") for key in ("address", "hours", "keeper")}
    return NewStation(**given)


def _several(text: str) -> list[str]:
    for mark in "；;，,\n":
        text = text.replace(mark, "、")
    return [one.strip() for one in text.split("、") if one.strip()]
