"""Hand-made datasets of the renewal report, from an empty one to a district's; every figure adds up."""

from dataclasses import replace
from datetime import UTC, date, datetime

from benefits.kernel.errors import say
from benefits.renewal.dataset import (
    ExceptionLine,
    ExpiryLine,
    LeftOutRow,
    ParticipationLine,
    PayerLine,
    PlanLine,
    ReasonLine,
    RenewalReport,
    RosterRow,
    StreetLine,
    Tally,
    UnitSheet,
)

PLANS = (
    ("女职工特殊疾病互助保障活动", "2018", "中国职工保险互助会北京办事处", 4000, date(2026, 3, 8)),
    ("在职职工意外伤害互助保障计划", "2024", "中国职工保险互助会北京办事处", 3600, date(2026, 5, 15)),
    ("“五送”职工综合互助保障", "2021", "北京市总工会职工互助保险代办处", 12500, date(2026, 7, 1)),
)
STREETS = (
    "中仓街道",
    "新华街道",
    "北苑街道",
    "玉桥街道",
    "潞源街道",
    "通运街道",
    "文景街道",
    "九棵树街道",
    "临河里街道",
    "杨庄街道",
    "潞邑街道",
    "永顺镇",
    "梨园镇",
    "宋庄镇",
    "张家湾镇",
    "漷县镇",
    "马驹桥镇",
    "西集镇",
    "台湖镇",
    "永乐店镇",
    "潞城镇",
    "于家务回族乡",
)
REASONS = (
    ("retired", "已达法定退休年龄"),
    ("transferred", "已调出本区"),
    ("left", "已离职"),
    ("deceased", "已故"),
    ("over_age", "超过保障年龄"),
    ("data_missing", "资料缺失"),
    ("duplicate", "在多个工会重复登记"),
    ("claimed_out", "已领取全额互助金，保障终止"),
    ("not_submitted", "单位未报送"),
    ("below", "单位参保率不足"),
)
NAMES = (
    "王秀英",
    "李建国",
    "张㛃",
    "赵䶮",
    "刘𬭎",
    "买买提·吐尔逊",
    "欧阳慧敏",
    "陈晓",
    "古丽巴哈尔·阿不都热依木江·买买提明·吐尔逊江",
    "孙丽华",
    "周雪梅",
    "吴思远",
)


def tally(people: int, price: int, added: int = 2, excluded: int = 2, declined: int = 1) -> Tally:
    """A tally of ``people`` with a new term at one share of ``price`` each."""
    added = min(added, people)
    return Tally(
        people + excluded + declined, people - added, added, excluded, declined, people, people * price
    )


def add(tallies: list[Tally]) -> Tally:
    """The sum of some tallies."""
    return Tally(*(sum(getattr(t, name) for t in tallies) for name in Tally.__slots__))


def sheet(unit: int, plan: int, people: int, names: tuple[str, ...] = NAMES) -> UnitSheet:
    """One unit's sheet with ``people`` on the roster and three who are not."""
    name, _, _, price, starts = PLANS[plan % len(PLANS)]
    ends = date(starts.year + 1, starts.month, starts.day - 1 or 1)
    rows = tuple(
        RosterRow(
            n + 1,
            names[(n + unit) % len(names)],
            "女" if n % 3 else "男",
            f"110112********{1000 + n:04d}",
            "新增" if n < 2 else "续保",
            1,
            "一档" if plan == 1 else "",
            price,
            starts,
            ends,
            date(2026, 4, 7) if n < 2 else None,
        )
        for n in range(people)
    )
    out = (
        LeftOutRow("孙丽华", "110112********002X", "不符合条件", ("已达法定退休年龄",)),
        LeftOutRow("周雪梅", "110112********0461", "不符合条件", ("资料缺失", "在多个工会重复登记")),
        LeftOutRow("吴思远", "110112********0338", "本人放弃", ()),
    )
    figures = tally(people, price)
    return UnitSheet(
        name,
        f"XB-2026-00{plan + 1}",
        STREETS[unit % len(STREETS)],
        f"北京通州第{unit + 1}建筑工程有限公司工会委员会",
        f"TZ{unit + 1:05d}",
        "91110112MA01ABCD2X",
        figures,
        (("区总工会", figures.fen // 2), ("基层工会经费", figures.fen - figures.fen // 2)),
        rows,
        out,
    )


def district(units: int = 6, people: int = 30, plans: int = 3) -> RenewalReport:
    """A district: ``units`` sheets of ``people`` for each of ``plans`` plans, in the order of streets."""
    cells = {(u, p): tally(people, PLANS[p % 3][3]) for u in range(units) for p in range(plans)}
    per_plan = [add([cells[u, p] for u in range(units)]) for p in range(plans)]
    total = add(per_plan)
    lines = tuple(_plan(p, per_plan[p]) for p in range(plans))
    streets = tuple(
        StreetLine(
            f"1101120{s:02d}",
            street,
            sum(1 for u in range(units) if u % 22 == s),
            tuple(
                add([cells[u, p] for u in range(units) if u % 22 == s]) if s < units else None
                for p in range(plans)
            ),
        )
        for s, street in enumerate(STREETS)
    )
    payers = tuple(
        PayerLine(line.plan_name, who, line.tally.people, line.tally.shares, part)
        for line in lines
        for who, part in (
            ("区总工会", line.tally.fen // 2),
            ("基层工会经费", line.tally.fen - line.tally.fen // 2),
        )
    )
    return RenewalReport(
        issuing_union="北京市通州区总工会",
        addressee="北京市总工会",
        title="关于通州区2026年度职工互助保障续保工作情况的报告",
        as_of=date(2026, 11, 22),
        made_at=datetime(2026, 11, 22, 11, 40, tzinfo=UTC),
        made_by="李雯",
        plans=lines,
        total=total,
        persons=total.people - total.people // 3,
        streets=streets,
        reasons=tuple(
            ReasonLine(code, name, tuple((n * 7 + p * 3) % 31 for p in range(plans)))
            for n, (code, name) in enumerate(REASONS)
        ),
        participation=_participation(lines),
        exceptions=_exceptions(lines),
        payers=payers,
        expiries=tuple(
            ExpiryLine(
                line.plan_name, date(start.year + 1, start.month, start.day - 1 or 1), line.tally.people
            )
            for line in lines
            for start in line.starts
        ),
        sheets=tuple(sheet(u, p, people) for u in range(units) for p in range(plans)),
        digest="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        audit_anchor="5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
        checks=(
            (say("reports.renewal.n_ledger_ok", payers="1.00", fees="1.00"), True),
            (say("reports.renewal.n_rate"), True),
            (say("reports.renewal.n_reasons"), True),
        ),
    )


def _plan(number: int, figures: Tally) -> PlanLine:
    name, edition, issuer, price, starts = PLANS[number % 3]
    more = f"（{number + 1}）" if number >= 3 else ""
    return PlanLine(
        run_number=f"XB-2026-00{number + 1}",
        plan_code=f"P{number}",
        plan_name=name + more,
        edition=edition,
        issuer=issuer,
        window_from=date(2026, 1, 1),
        window_to=date(2026, 12, 31),
        starts=(starts,),
        state="applied",
        state_name="已办理",
        applied_at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
        tally=figures,
        last_term_people=figures.renewed + 9,
        last_term_fen=(figures.renewed + 9) * price,
        last_year_people=figures.people - 5 if number != 1 else None,
        last_year_fen=(figures.people - 5) * price if number != 1 else None,
        eligible=figures.renewed + figures.added + figures.declined,
        left=(("退休", 4), ("调出", 2), ("离职", 1), ("死亡", 1), ("本人放弃", 1)),
        lapsed=3,
        in_grace=2,
        components=(("住院津贴", "待核实"), ("重大疾病", "一次性互助金10,000元")) if number == 2 else (),
        notes=("观察期的起算日待核实",) if number == 2 else (),
    )


def _participation(lines: tuple[PlanLine, ...]) -> tuple[ParticipationLine, ...]:
    names = [line.plan_name for line in lines[:2]]
    return tuple(
        ParticipationLine(
            name,
            STREETS[n],
            f"北京通州{STREETS[n]}城市运行综合服务中心（北京城市副中心建设有限责任公司）联合工会委员会",
            "在职会员",
            100 + n,
            40 + n,
            *(
                (4000 + n, 5000, "below", "低于要求")
                if n % 3 == 0
                else (None, 5000, "not_submitted", "未报送")
                if n % 3 == 1
                else (None, None, "unknown", "无法计算")
            ),
        )
        for name in names
        for n in range(5)
    )


def _exceptions(lines: tuple[PlanLine, ...]) -> tuple[ExceptionLine, ...]:
    return tuple(
        ExceptionLine(
            lines[0].plan_name,
            f"北京通州第{n + 1}建筑工程有限公司工会委员会",
            name,
            f"110112********{n:03d}X",
            ("证件号码校验不通过",) if n % 2 else ("性别与证件不符", "手机号码缺失"),
        )
        for n, name in enumerate(("张*", "买买提·***", "赵*", "欧阳**"))
    )


def empty() -> RenewalReport:
    """A report with no row anywhere."""
    nobody = Tally(0, 0, 0, 0, 0, 0, 0)
    return replace(
        district(1, 1, 1),
        plans=(),
        total=nobody,
        persons=0,
        streets=(),
        reasons=(),
        participation=(),
        exceptions=(),
        payers=(),
        expiries=(),
        sheets=(),
        checks=(),
    )
