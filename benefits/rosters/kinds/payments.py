"""Roster of payments (缴费明细): which unit's money came in, from whom, on which bank slip."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select

from benefits.contributions.models import Payer, Payment, PaymentState
from benefits.kernel.errors import Problem, say
from benefits.kernel.money import yuan
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.organisations.models import Organisation
from benefits.organisations.queries import OrganisationRow
from benefits.plans.models import Plan
from benefits.rosters.finding import once, rows_blamed, units
from benefits.rosters.kind import Chunk, Column, Job, Kind, Option, Outcome, Step, Trace, Wanted
from benefits.rosters.kinds.entries import undo_entries, write_entries
from benefits.rosters.kinds.plans import plan_named
from benefits.rosters.kinds.present import pages
from benefits.rosters.kinds.who import HOME, NOTE
from benefits.rosters.values import choice, fen, number, past_day, text

PAYERS: dict[str, Payer] = {
    "市总工会": Payer.CITY,
    "市总": Payer.CITY,
    "区总工会": Payer.DISTRICT,
    "区总": Payer.DISTRICT,
    "街道（乡镇）总工会": Payer.SUBDISTRICT,
    "街道总工会": Payer.SUBDISTRICT,
    "乡镇总工会": Payer.SUBDISTRICT,
    "街道/乡镇总工会": Payer.SUBDISTRICT,
    "街道": Payer.SUBDISTRICT,
    "乡镇": Payer.SUBDISTRICT,
    "工会经费": Payer.UNION,
    "基层工会经费": Payer.UNION,
    "基层工会": Payer.UNION,
    "单位工会": Payer.UNION,
    "行政": Payer.EMPLOYER,
    "行政（单位）": Payer.EMPLOYER,
    "单位行政": Payer.EMPLOYER,
    "单位": Payer.EMPLOYER,
    "个人": Payer.PERSON,
    "职工个人": Payer.PERSON,
    "本人": Payer.PERSON,
    "平台企业": Payer.PLATFORM,
    "平台": Payer.PLATFORM,
    "平台/企业": Payer.PLATFORM,
    "财政": Payer.TREASURY,
    "持卡优惠": Payer.CARD_DISCOUNT,
    "保费优惠": Payer.CARD_DISCOUNT,
}
"""出资方 as DOMAIN 2.3 lists them."""
AMOUNT = Column("amount", ("金额", "到账金额", "缴费金额", "缴款金额", "实缴金额"), fen, required=True)
PAID_ON = Column("paid_on", ("到账日期", "缴费日期", "缴款日期", "付款日期", "日期"), past_day, width=14)
PAYER = Column(
    "payer",
    ("出资方", "付款方", "资金来源", "出资来源"),
    choice(PAYERS),
    choices=(
        "市总工会",
        "区总工会",
        "街道（乡镇）总工会",
        "工会经费",
        "行政",
        "个人",
        "平台企业",
        "财政",
        "持卡优惠",
    ),
    meanings=PAYERS,
    width=18,
)
PLAN = Column("plan", ("保障计划", "计划", "险种", "产品", "计划名称", "计划代码"), text(200), width=24)
REFERENCE = Column(
    "reference", ("回单号", "银行回单号", "流水号", "交易流水号", "凭证号"), number(64), width=20
)
PAYER_NAME = Column("payer_name", ("付款户名", "付款单位", "付款账户名称", "户名"), text(120), width=24)


@dataclass(frozen=True, slots=True)
class _Paid:
    """One payment to be recorded."""

    organisation_id: int
    plan_id: int | None
    payer: Payer
    fen: int
    paid_on: date
    reference: str
    payer_name: str
    note: str


@dataclass(slots=True)
class _Known:
    """What is in the books already: by slip; and without one, how often just so."""

    slips: dict[tuple[int, str], Payment]
    others: Counter[tuple[int, Payer, int, date]]


def judge(job: Job, chunk: Chunk) -> list[Step | None]:
    """What each row records; nothing for what is in the books just so."""
    homes = units(job, chunk)
    known = _known(job.unit, homes, chunk)
    return [_step(job, chunk, at, home, known) for at, home in enumerate(homes)]


def _known(unit: ReadUnit, homes: Sequence[OrganisationRow | None], chunk: Chunk) -> _Known:
    ids = {home.id for home in homes if home is not None}
    slips = {one for one in chunk.get("reference") if one is not None}
    query = select(Payment).where(
        col(Payment.organisation_id).in_(ids),
        col(Payment.state) == PaymentState.ACTIVE,
        or_(col(Payment.reference) == "", col(Payment.reference).in_(slips)),
    )
    found = _Known({}, Counter())
    for paid in unit.exec(query):
        if paid.reference:
            found.slips[paid.organisation_id, paid.reference] = paid
        else:
            found.others[paid.organisation_id, paid.payer, paid.fen, paid.paid_on] += 1
    return found


def _step(job: Job, chunk: Chunk, at: int, home: OrganisationRow | None, known: _Known) -> Step | None:
    amount: int | None = chunk.get("amount")[at]
    if amount is not None and amount <= 0:
        chunk.blame(at, "amount", "contributions.amount", amount=yuan(amount))
    paid_on, payer = _said(job, chunk, at, "paid_on"), _said(job, chunk, at, "payer")
    plan_id = plan_named(job, chunk, at)
    reference = chunk.get("reference")[at] or ""
    if home is None or amount is None or paid_on is None or payer is None:
        return None
    before = known.slips.get((home.id, reference)) if reference else None
    if reference:
        once(job, chunk, at, "reference", (home.id, reference))
    if before is not None and (before.fen, before.paid_on, before.payer) != (amount, paid_on, payer):
        words = {"amount": yuan(before.fen), "day": before.paid_on}
        chunk.blame(at, "reference", "contributions.reference_taken", reference=reference, **words)
    if at in chunk.bad:
        return None
    row = chunk.rows[at]
    if before is not None or (not reference and _again(job, known, (home.id, payer, amount, paid_on))):
        return Step(row, Outcome.SAME, name=home.name)
    words_of = {name: chunk.get(name)[at] or "" for name in ("payer_name", "note")}
    made = _Paid(home.id, plan_id, payer, amount, paid_on, reference, **words_of)
    return Step(row, Outcome.ADDED, made, organisation_id=home.id, name=home.name)


def _said(job: Job, chunk: Chunk, at: int, name: str) -> Any:
    value = job.option(chunk, at, name)
    if value is None and at not in rows_blamed(chunk, name):
        chunk.blame(at, name, "rosters.said_nowhere", column=say(f"rosters.column.{name}"), option=name)
    return value


def _again(job: Job, known: _Known, payment: tuple[int, Payer, int, date]) -> bool:
    """Whether a payment without a slip is in the books: as many alike as there were before this file are."""
    left: dict[tuple[int, Payer, int, date], int] = job.memory.setdefault("payments.left", {})
    count = left.setdefault(payment, known.others[payment])
    left[payment] = count - 1
    return count > 0


def write(unit: WriteUnit, job: Job, steps: Sequence[Step]) -> Iterable[Trace]:
    """All payments at once."""
    return write_entries(unit, Payment, "payment", steps, state=PaymentState.ACTIVE)


def undo(unit: WriteUnit, traces: Sequence[Trace]) -> list[Problem]:
    """Payments go again, unless one was voided since."""
    named = select(Payment.id, col(Payment.state), Organisation.name).join(
        Organisation, col(Organisation.id) == col(Payment.organisation_id)
    )
    return undo_entries(unit, Payment, traces, named, state=PaymentState.ACTIVE)


def rows(unit: ReadUnit, wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    """Payments in the books, of one plan if it is said."""
    choose: Any = select
    query = (
        choose(Payment.id, Payment, Organisation.code, Organisation.name, Plan.code)
        .join(Organisation, col(Organisation.id) == col(Payment.organisation_id))
        .join(Plan, col(Plan.id) == col(Payment.plan_id), isouter=True)
        .where(path_within(col(Organisation.path), wanted.path), col(Payment.state) == PaymentState.ACTIVE)
    )
    if plan := wanted.options.get("plan"):
        query = query.where(or_(col(Plan.code) == plan, col(Plan.name_zh) == plan))
    for page in pages(unit, query, Payment.id):
        for _, paid, code, name, plan_code in page:
            yield {
                "unit_code": code,
                "unit_name": name,
                "amount": paid.fen,
                "paid_on": paid.paid_on,
                "payer": paid.payer,
                "plan": plan_code,
                "reference": paid.reference or None,
                "payer_name": paid.payer_name or None,
                "note": paid.note or None,
            }


PAYMENTS = Kind(
    name="payments",
    permission="contribution.edit",
    columns=(*HOME, AMOUNT, PAID_ON, PAYER, PLAN, REFERENCE, PAYER_NAME, NOTE),
    judge=judge,
    write=write,
    undo=undo,
    rows=rows,
    options=(Option("paid_on", past_day), Option("payer", choice(PAYERS)), Option("plan", text(200))),
)
