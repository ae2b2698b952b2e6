"""The member roster (会员花名册), with the columns of DOMAIN 2.2."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import col, select

from benefits.kernel.ids import IdKind, Sex
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit
from benefits.members.models import (
    Employment,
    IdentifierKind,
    Member,
    MemberCategory,
    MemberIdentifier,
    WorkerCategory,
)
from benefits.organisations.models import Organisation, RiskClass
from benefits.rosters import values
from benefits.rosters.identifiers import identifier
from benefits.rosters.kind import Column, Kind, Wanted
from benefits.rosters.kinds.members_judge import judge
from benefits.rosters.kinds.members_marks import IDENTIFIERS
from benefits.rosters.kinds.members_settle import settle
from benefits.rosters.kinds.members_undo import undo
from benefits.rosters.kinds.members_write import finish, write
from benefits.rosters.kinds.who import RETIREMENT

SEXES = {"男": Sex.MALE, "女": Sex.FEMALE}
YES_NO = {"是": True, "否": False}
ID_KINDS = {
    "居民身份证": IdKind.RESIDENT,
    "身份证": IdKind.RESIDENT,
    "港澳台居民居住证": IdKind.HMT_RESIDENT,
    "港澳居民居住证": IdKind.HMT_RESIDENT,
    "台湾居民居住证": IdKind.HMT_RESIDENT,
    "外国人永久居留身份证": IdKind.PERMANENT_2023,
    "护照": IdKind.PASSPORT,
    "港澳台通行证": IdKind.HMT_TRAVEL,
    "港澳居民来往内地通行证": IdKind.HMT_TRAVEL,
    "台湾居民来往大陆通行证": IdKind.HMT_TRAVEL,
    "其他": IdKind.OTHER,
}
EMPLOYMENTS = {
    "正式": Employment.REGULAR,
    "正式职工": Employment.REGULAR,
    "在编": Employment.REGULAR,
    "合同": Employment.CONTRACT,
    "合同制": Employment.CONTRACT,
    "临时": Employment.TEMPORARY,
    "临时工": Employment.TEMPORARY,
    "劳务派遣": Employment.DISPATCHED,
    "派遣": Employment.DISPATCHED,
    "新就业形态": Employment.PLATFORM,
}
RISKS = {
    "一般": RiskClass.ORDINARY,
    "普通": RiskClass.ORDINARY,
    "一类": RiskClass.ORDINARY,
    "高风险": RiskClass.HIGH,
    "高": RiskClass.HIGH,
}
CATEGORIES = tuple(
    "货车司机 快递员 护工护理员 家政服务员 商场信息员 网约送餐员 房产中介员 保安员 "
    "网约车司机 外卖配送员".split()
)
"""Published categories [S87][S39][S109], for the drop-down list; the code table may hold more."""

UNIT = (
    Column(
        "unit_code", ("单位编码", "单位代码", "组织编码", "工会编码", "机构编码"), values.number(32), width=14
    ),
    Column(
        "unit_name",
        ("单位名称", "单位", "所在单位", "工会名称", "所属工会", "工作单位"),
        values.text(120),
        width=30,
    ),
)
COLUMNS = (
    *UNIT,
    Column("department", ("部门", "科室", "分会", "车间", "部门名称"), values.text(60), width=16),
    Column(
        "member_number",
        ("会员编号", "会员号", "会员证号", "会员卡号"),
        identifier(IdentifierKind.MEMBER_NUMBER),
        private=True,
        width=16,
        example="110112000001",
    ),
    Column(
        "staff_number",
        ("工号", "职工号", "员工编号", "职工编号"),
        identifier(IdentifierKind.STAFF_NUMBER),
        private=True,
    ),
    Column(
        "name",
        ("姓名", "会员姓名", "职工姓名", "名字", "员工姓名"),
        values.name,
        required=True,
        example="张小明",
    ),
    Column(
        "id_kind",
        ("证件类型", "证件种类", "证件名称"),
        values.choice(ID_KINDS),
        choices=("居民身份证", "港澳台居民居住证", "外国人永久居留身份证", "护照", "港澳台通行证", "其他"),
        meanings=ID_KINDS,
        width=16,
    ),
    Column(
        "id_number",
        ("证件号码", "身份证号码", "身份证号", "身份证", "证件号", "居民身份证号", "公民身份号码"),
        values.id_number,
        private=True,
        width=22,
        example="11010019900307002X",
    ),
    Column("sex", ("性别",), values.sex, choices=("男", "女"), meanings=SEXES, width=6),
    Column("birth", ("出生日期", "出生年月日", "生日", "出生年月"), values.past_day, example="1990-03-07"),
    Column("ethnicity", ("民族",), values.text(20), width=8),
    Column(
        "phone",
        ("手机号", "手机号码", "手机", "联系电话", "移动电话", "电话", "联系方式", "电话号码"),
        values.phone,
        private=True,
        width=14,
        example="13800000000",
    ),
    Column(
        "union_card",
        ("京卡卡号", "京卡号", "互助服务卡号", "工会会员卡号", "京卡互助服务卡号"),
        identifier(IdentifierKind.UNION_CARD),
        private=True,
        width=22,
    ),
    Column(
        "has_card",
        ("是否持卡", "有无京卡", "是否办卡"),
        values.yes_no,
        choices=("是", "否"),
        meanings=YES_NO,
        width=8,
    ),
    Column(
        "risk_class",
        ("职业风险类别", "风险类别", "职业类别", "风险等级"),
        values.choice(RISKS),
        meanings=RISKS,
        choices=("一般", "高风险"),
    ),
    Column(
        "employment",
        ("用工形式", "用工性质", "用工类型", "职工类别"),
        values.choice(EMPLOYMENTS),
        meanings=EMPLOYMENTS,
        choices=("正式", "合同", "临时", "劳务派遣", "新就业形态"),
    ),
    RETIREMENT,
    Column(
        "worker_category",
        ("新就业形态类别", "新业态类别", "新就业形态", "是否新业态及类别", "新就业群体类别"),
        values.several,
        choices=CATEGORIES,
        width=18,
    ),
    Column("platform", ("平台", "所属平台", "平台企业", "平台公司"), values.text(60), width=16),
    Column("station", ("站点", "网点", "所属站点"), values.text(80), width=16),
    Column("joined_on", ("入会日期", "入会时间", "加入日期"), values.past_day),
)


def rows(unit: ReadUnit, wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    """Members of a part of the tree as a roster, numbers in clear, in load order."""
    query = (
        select(Member, Organisation.code, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Member.organisation_id))
        .where(path_within(col(Organisation.path), wanted.path))
        .order_by(col(Member.id))
        .limit(2000)
    )
    after = 0
    while found := unit.exec(query.where(col(Member.id) > after)).all():
        ids = [member.id for member, _, _ in found if member.id is not None]
        after = ids[-1]
        numbers, categories = _numbers(unit, ids), _categories(unit, ids)
        for member, code, place in found:
            yield _row(
                member, code, place, numbers.get(member.id or 0, {}), categories.get(member.id or 0, ())
            )
            unit.session.expunge(member)


def _row(
    member: Member, code: str, place: str, numbers: Mapping[str, str], categories: tuple[str, ...]
) -> dict[str, Any]:
    return {
        "unit_code": code,
        "unit_name": place,
        **{
            key: getattr(member, key)
            for key in "department name id_kind id_number sex birth ethnicity phone has_card risk_class "
            "employment retirement_category platform station joined_on".split()
        },
        **numbers,
        "worker_category": categories or None,
    }


def _numbers(unit: ReadUnit, ids: list[int]) -> dict[int, dict[str, str]]:
    keys = {kind: key for key, kind in IDENTIFIERS.items()}
    found: dict[int, dict[str, str]] = {}
    for one in unit.exec(
        select(MemberIdentifier).where(
            col(MemberIdentifier.member_id).in_(ids),
            col(MemberIdentifier.kind).in_(list(keys)),
            col(MemberIdentifier.ends).is_(None),
        )
    ):
        found.setdefault(one.member_id, {})[keys[one.kind]] = one.number
        unit.session.expunge(one)
    return found


def _categories(unit: ReadUnit, ids: list[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for member, name in unit.exec(
        select(MemberCategory.member_id, WorkerCategory.name_zh)
        .join(WorkerCategory, col(WorkerCategory.code) == col(MemberCategory.category_code))
        .where(col(MemberCategory.member_id).in_(ids), col(MemberCategory.ends).is_(None))
        .order_by(col(MemberCategory.member_id), col(MemberCategory.category_code))
    ):
        found[member] = (*found.get(member, ()), name)
    return found


MEMBERS = Kind(
    name="members",
    permission="member.edit",
    columns=COLUMNS,
    judge=judge,
    write=write,
    finish=finish,
    undo=undo,
    rows=rows,
    prefill=rows,
    settle=settle,
)
