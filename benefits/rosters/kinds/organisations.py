"""Roster of unions (单位名册): new ones under those above them, and what is written about known ones."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from benefits.kernel import bulk
from benefits.kernel.errors import Problem, say
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.organisations.keeping import keys_of, write_keys
from benefits.organisations.models import (
    Level,
    Organisation,
    OrganisationKey,
    OrganisationName,
    OrganisationPosition,
    RiskClass,
)
from benefits.organisations.service import edit, rename
from benefits.rosters.blocking import changed, gone, hanging, standing
from benefits.rosters.kind import Column, Job, Kind, Outcome, Step, Trace, Wanted
from benefits.rosters.kinds.organisations_judge import Edited, Founded, judge
from benefits.rosters.kinds.present import pages
from benefits.rosters.values import choice, past_day, text

LEVELS = {
    "基层工会": Level.GRASSROOTS,
    "基层": Level.GRASSROOTS,
    "街道（乡镇）总工会": Level.SUBDISTRICT,
    "街道总工会": Level.SUBDISTRICT,
    "乡镇总工会": Level.SUBDISTRICT,
    "镇总工会": Level.SUBDISTRICT,
    "街道/乡镇总工会": Level.SUBDISTRICT,
    "行业工会": Level.SUBDISTRICT,
    "区总工会": Level.DISTRICT,
    "市总工会": Level.CITY,
}
RISKS = {
    "一般": RiskClass.ORDINARY,
    "普通": RiskClass.ORDINARY,
    "一类": RiskClass.ORDINARY,
    "高风险": RiskClass.HIGH,
    "高": RiskClass.HIGH,
}
CODE = Column(
    "unit_code",
    ("单位编码", "单位代码", "单位编号", "工会编码", "工会代码", "编码"),
    text(200),
    required=True,
    width=16,
    example="110112105-001",
)
NAME = Column(
    "unit_name",
    ("单位名称", "工会名称", "单位全称", "工会全称", "名称", "单位"),
    text(200),
    required=True,
    width=30,
    example="某某有限公司工会委员会",
)
LEVEL = Column(
    "level",
    ("层级", "工会层级", "级别"),
    choice(LEVELS),
    choices=("基层工会", "街道（乡镇）总工会", "区总工会"),
    meanings=LEVELS,
    width=18,
)
PARENT = Column(
    "parent_code", ("上级工会编码", "上级编码", "上级单位编码", "上级工会代码", "上级"), text(200), width=16
)
USCC = Column("uscc", ("统一社会信用代码", "信用代码", "社会信用代码"), text(60), width=22)
INDUSTRY = Column("industry", ("所属行业", "行业代码", "行业"), text(20), width=10, example="03")
UNIT_TYPE = Column("unit_type", ("单位性质", "单位性质代码", "单位类型"), text(20), width=10, example="170")
ADDRESS = Column("address", ("地址", "单位地址", "通讯地址"), text(400), width=30)
STAFF = Column("staff", ("职工人数", "职工总数", "职工数", "在职职工人数"), text(20), width=10, example="36")
RISK = Column(
    "risk_class",
    ("职业风险类别", "风险类别"),
    choice(RISKS),
    choices=("一般", "高风险"),
    meanings=RISKS,
)
FOUNDED = Column("founded", ("成立日期", "建会日期", "成立时间"), past_day, width=14)
_KEPT = ("code", "name", "uscc", "staff", "risk_class", "industry", "unit_type", "address", "version")
_ALL = (*_KEPT, "id", "parent_id", "path", "level", "founded")


def write(unit: WriteUnit, job: Job, steps: Sequence[Step]) -> Iterable[Trace]:
    """New ones in one go, row for row as ``organisations.found`` writes them; then what changes, one by
    one."""
    new = [step for step in steps if step.outcome is Outcome.ADDED]
    edited = [step for step in steps if step.outcome is Outcome.CHANGED]
    return [*_found(unit, job, new), *(_edit(unit, job, step) for step in edited)]


def _found(unit: WriteUnit, job: Job, steps: Sequence[Step]) -> list[Trace]:
    """A union may stand below one of an earlier row."""
    made: dict[str, tuple[int, str]] = job.memory.setdefault("organisations.made", {})
    ids = bulk.reserve(unit, Organisation, len(steps))
    rows: list[Organisation] = []
    for one, step in zip(ids, steps, strict=True):
        new: Founded = step.values
        above = made[new.parent_code] if new.parent_id is None else (new.parent_id, new.parent_path)
        made[new.values["code"].casefold()] = one, f"{above[1]}{one}/"
        place: dict[str, Any] = {"id": one, "path": f"{above[1]}{one}/", "parent_id": above[0]}
        rows.append(Organisation(**place, level=new.level, founded=new.founded, **new.values))
    bulk.write(unit, Organisation, _ALL, ([getattr(row, name) for name in _ALL] for row in rows))
    places = ((row.id, row.parent_id, row.founded) for row in rows)
    bulk.write(unit, OrganisationPosition, ("organisation_id", "parent_id", "starts"), places)
    keys = sorted((kind, key, row.id or 0) for row in rows for kind, key in keys_of(row))
    bulk.write(unit, OrganisationKey, ("kind", "key", "organisation_id"), keys)
    return [Trace(step.row, "organisation", one, 1) for one, step in zip(ids, steps, strict=True)]


def _edit(unit: WriteUnit, job: Job, step: Step) -> Trace:
    edited: Edited = step.values
    assert step.entity_id is not None
    row = unit.exec(select(Organisation).where(col(Organisation.id) == step.entity_id)).one()
    before = {name: getattr(row, name) for name in _KEPT}
    before["risk_class"] = row.risk_class.value if row.risk_class else None
    if edited.changes:
        edit(unit, organisation_id=step.entity_id, version=edited.version, changes=edited.changes)
    if edited.renamed is not None:
        rename(unit, organisation_id=step.entity_id, name=edited.renamed, on=job.today)
        last = (
            select(OrganisationName.id)
            .where(col(OrganisationName.organisation_id) == step.entity_id)
            .order_by(col(OrganisationName.ends).desc())
        )
        before["former"] = unit.exec(last).first()
    return Trace(step.row, "organisation", step.entity_id, row.version, before)


def undo(unit: WriteUnit, traces: Sequence[Trace]) -> list[Problem]:
    """New unions go again with their place and keys where nothing hangs on them; others are as before."""
    ids = [trace.entity_id for trace in traces]
    now = {row.id: row for row in unit.exec(select(Organisation).where(col(Organisation.id).in_(ids)))}
    added = [trace.entity_id for trace in traces if trace.before is None]
    hung = standing(unit, "organisation", added) | _below(unit, added)
    problems: list[Problem] = []
    for trace in traces:
        row = now.get(trace.entity_id)
        if row is None:
            problems.append(gone(trace.row))
        elif row.version != trace.version:
            problems.append(changed(trace.row, row.name))
        elif trace.before is None and trace.entity_id in hung:
            problems.append(hanging(trace.row, row.name, hung[trace.entity_id]))
    if problems:
        return problems
    for trace in traces:
        if trace.before is not None:
            _restore(unit, now[trace.entity_id], trace.before)
    unit.session.flush()
    for model in (OrganisationKey, OrganisationPosition):
        unit.exec(delete(model).where(col(model.organisation_id).in_(added)))
    unit.exec(delete(Organisation).where(col(Organisation.id).in_(added)))
    return []


def _below(unit: WriteUnit, ids: Sequence[int]) -> dict[int, Any]:
    """Unions that stand below new ones and are not taken back with them."""
    query = select(Organisation.parent_id, Organisation.id).where(col(Organisation.parent_id).in_(ids))
    left: dict[int, int] = {}
    for parent, one in unit.exec(query):
        if one not in ids and parent is not None:
            left[parent] = left.get(parent, 0) + 1
    return {parent: say("rosters.blocks.units", count=count) for parent, count in left.items()}


def _restore(unit: WriteUnit, row: Organisation, kept: Mapping[str, Any]) -> None:
    assert row.id is not None
    names = {one.id: one.name for one in unit.exec(_former(row.id))}
    old = keys_of(row, names.values())
    for name in _KEPT:
        setattr(row, name, kept[name])
    row.risk_class = RiskClass(kept["risk_class"]) if kept["risk_class"] else None
    if kept.get("former") is not None:
        unit.exec(delete(OrganisationName).where(col(OrganisationName.id) == kept["former"]))
        names.pop(kept["former"])
    write_keys(unit, row.id, old, keys_of(row, names.values()))


def _former(organisation_id: int) -> Any:
    return select(OrganisationName).where(col(OrganisationName.organisation_id) == organisation_id)


def rows(unit: ReadUnit, wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    """Unions that are open on the day, those above before those below."""
    above = aliased(Organisation)
    choose: Any = select
    query = (
        choose(Organisation.id, Organisation, above.code)
        .join(above, col(above.id) == col(Organisation.parent_id), isouter=True)
        .where(path_within(col(Organisation.path), wanted.path))
    )
    for page in pages(unit, query, Organisation.id):
        for _, row, parent in page:
            if row.closed is None or row.closed >= wanted.day:
                yield {
                    "unit_code": row.code,
                    "unit_name": row.name,
                    "parent_code": parent,
                    **{
                        name: getattr(row, name)
                        for name in (
                            "level",
                            "uscc",
                            "industry",
                            "unit_type",
                            "address",
                            "risk_class",
                            "founded",
                        )
                    },
                    "staff": None if row.staff is None else str(row.staff),
                }


ORGANISATIONS = Kind(
    name="organisations",
    permission="organisation.edit",
    columns=(CODE, NAME, LEVEL, PARENT, USCC, INDUSTRY, UNIT_TYPE, ADDRESS, STAFF, RISK, FOUNDED),
    judge=judge,
    write=write,
    undo=undo,
    rows=rows,
)
