"""Columns that many kinds share (共用列): who, which unit, and what nothing is done with."""

from benefits.members.models import IdentifierKind
from benefits.members.retirement import RetirementCategory
from benefits.rosters.identifiers import identifier
from benefits.rosters.kind import Column
from benefits.rosters.values import choice, id_number, ignored, name, text

UNIT_CODE = Column(
    "unit_code",
    ("单位编码", "单位代码", "单位编号", "工会编码", "工会代码", "工会编号"),
    text(32),
    width=16,
    example="110112105-001",
)
UNIT_NAME = Column(
    "unit_name",
    ("单位名称", "工作单位", "所在单位", "单位", "工会名称", "所属工会", "基层工会", "单位全称"),
    text(120),
    width=28,
    example="某某有限公司工会委员会",
)
MEMBER_NUMBER = Column(
    "member_number",
    ("会员编号", "会员号", "会员证号", "会员卡编号"),
    identifier(IdentifierKind.MEMBER_NUMBER),
    private=True,
    width=16,
)
NAME = Column(
    "name",
    ("姓名", "会员姓名", "职工姓名", "参保人姓名", "参保人", "被保障人", "名字", "领取人", "领取人姓名"),
    name,
    example="王敏",
)
ID_NUMBER = Column(
    "id_number",
    (
        "证件号码",
        "身份证号码",
        "身份证号",
        "身份证",
        "证件号",
        "居民身份证号码",
        "公民身份号码",
        "身份证件号码",
    ),
    id_number,
    private=True,
    width=22,
)
_RETIREMENTS = {
    "男60": RetirementCategory.M60,
    "女55": RetirementCategory.F55,
    "女50": RetirementCategory.F50,
    "男60周岁": RetirementCategory.M60,
    "女55周岁": RetirementCategory.F55,
    "女50周岁": RetirementCategory.F50,
    "M60": RetirementCategory.M60,
    "F55": RetirementCategory.F55,
    "F50": RetirementCategory.F50,
}
RETIREMENT = Column(
    "retirement_category",
    ("退休类别", "退休年龄类别"),
    choice(_RETIREMENTS),
    choices=("男60", "女55", "女50"),
    meanings=_RETIREMENTS,
)
"""The age of old that decides the age now (DOMAIN 2.5)."""
NOTE = Column("note", ("备注", "说明", "备注说明"), text(200), width=20)
SIGNATURE = Column("signature", ("签字", "签名", "领取人签字", "签收", "签收人", "本人签字"), ignored)
WHO = (MEMBER_NUMBER, ID_NUMBER, NAME)
HOME = (UNIT_CODE, UNIT_NAME)
