"""Reading plans and their editions from the database; the document is stored with its digest and checked on
the way out."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.kernel.unit import ReadUnit
from benefits.plans import load, terms_words, words
from benefits.plans.edition import Edition
from benefits.plans.models import Plan, PlanEdition, PlanKind
from benefits.plans.parse import document
from benefits.plans.vocabulary import Unknown


@dataclass(frozen=True, slots=True)
class InForce:
    """An edition of the database with the keys of its rows."""

    edition: Edition
    edition_id: int
    plan_id: int


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan as lists show it, with the edition in force (None: none on that day)."""

    code: str
    name_zh: str
    name_en: str
    kind: PlanKind
    edition: str | None
    effective: date | None
    ended: date | None
    unknowns: int
    """How many values are 待核实."""
    draft: bool
    """A template of the program's catalogue that must be filled in before it can be used."""


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One edition of a plan and the days on which it is in force, inclusive (``last`` None: still)."""

    edition: str
    first: date | None
    last: date | None
    digest: str
    draft: bool


@dataclass(frozen=True, slots=True)
class EditionDetail:
    """An edition in words, as the screen and ``plan show`` tell it."""

    code: str
    name: str
    edition: str
    kind: PlanKind
    issuer: str
    effective: date | None
    ended: date | None
    draft: bool
    digest: str
    frame: tuple[str, ...]
    rules: tuple[str, ...]
    class_rule: str | None
    benefits: tuple[str, ...]
    exclusions: tuple[str, ...]
    funding: tuple[tuple[str, str], ...]
    """(code, who pays)."""
    unknowns: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    editions: tuple[EditionRow, ...]


@lru_cache(maxsize=256)
def _parsed(digest: str, text: str, code: str, name: str) -> Edition:
    data = text.encode("utf-8")
    if hashlib.sha256(data).hexdigest() != digest:
        raise Refused("plans.bad_digest", plan=code, edition=name)
    return document(data, f"{code}@{name}").edition


def _read(row: PlanEdition, code: str) -> InForce:
    """The edition of a row. Raises Refused ``plans.bad_digest`` where its text is not the one that was
    published."""
    assert row.id is not None
    return InForce(_parsed(row.digest, row.document, code, row.edition), row.id, row.plan_id)


def _rows(unit: ReadUnit, code: str) -> list[PlanEdition]:
    """Editions of a plan by effective day. Raises Refused ``plans.unknown_plan``."""
    plan_id = unit.exec(select(Plan.id).where(col(Plan.code) == code)).first()
    if plan_id is None:
        raise _unknown(unit, code)
    found = (
        select(PlanEdition).where(col(PlanEdition.plan_id) == plan_id).order_by(col(PlanEdition.effective))
    )
    return list(unit.exec(found))


def _unknown(unit: ReadUnit, code: str) -> Refused:
    if code in load.catalogue().plans and all(edition.draft for edition in load.editions_of(code)):
        return Refused("plans.only_draft", plan=code, edition=load.editions_of(code)[0].edition)
    known = ", ".join(unit.exec(select(Plan.code).order_by(col(Plan.code)))) or "–"
    return Refused("plans.unknown_plan", code=code, known=known)


def edition_in_force(unit: ReadUnit, code: str, day: date) -> InForce:
    """The edition in force on ``day``.

    Raises Refused: ``plans.unknown_plan``, ``plans.only_draft``, or ``plans.no_edition`` (no rule for a
    date is an error, never "the last one").
    """
    held = [_read(row, code) for row in _rows(unit, code) if not row.draft]
    wanted = load.in_force(code, [each.edition for each in held], day)
    return next(each for each in held if each.edition is wanted)


def last_edition(unit: ReadUnit, code: str) -> InForce | None:
    """The edition with the latest effective day, in force or not; None where none is published."""
    held = [row for row in _rows(unit, code) if not row.draft]
    return _read(held[-1], code) if held else None


def edition_by_id(unit: ReadUnit, edition_id: int) -> InForce:
    """The edition of a row that exists (an enrollment keeps the edition it was sold under)."""
    row, code = unit.exec(
        select(PlanEdition, Plan.code).join(Plan).where(col(PlanEdition.id) == edition_id)
    ).one()
    return _read(row, code)


def plans(unit: ReadUnit, day: date | None = None) -> tuple[PlanRow, ...]:
    """All plans, with the edition in force on ``day`` (today); templates of the program's catalogue last."""
    found = [
        _plan_row(unit, plan, day or unit.today) for plan in unit.exec(select(Plan).order_by(col(Plan.code)))
    ]
    held = {row.code for row in found}
    for code, documents in load.catalogue().plans.items():
        edition = documents[-1].edition
        if code not in held and edition.draft:
            unknown = len(terms_words.unknowns(edition))
            kind = PlanKind(edition.kind)
            name = edition.name
            found.append(PlanRow(code, name.zh, name.en, kind, edition.edition, None, None, unknown, True))
    return tuple(found)


def _plan_row(unit: ReadUnit, plan: Plan, day: date) -> PlanRow:
    try:
        edition = edition_in_force(unit, plan.code, day).edition
    except Refused as refusal:
        if refusal.code not in ("plans.no_edition", "plans.only_draft"):
            raise
        return PlanRow(plan.code, plan.name_zh, plan.name_en, plan.kind, None, None, None, 0, False)
    unknown = len(terms_words.unknowns(edition))
    first = load.first_day(edition)
    name = edition.name
    return PlanRow(
        plan.code, name.zh, name.en, plan.kind, edition.edition, first, edition.ended, unknown, False
    )


def edition_detail(unit: ReadUnit, code: str, day: date | None = None, lang: str = "zh") -> EditionDetail:
    """The edition in force on ``day`` (today) in words, or the template of a plan that has nothing else.

    Raises Refused as ``edition_in_force`` does.
    """
    if unit.exec(select(Plan.id).where(col(Plan.code) == code)).first() is None:
        drafts = [each for each in load.catalogue().plans.get(code, ()) if each.edition.draft]
        if not drafts:
            raise _unknown(unit, code)
        row = EditionRow(drafts[0].edition.edition, None, None, drafts[0].digest, True)
        return _detail(drafts[0].edition, drafts[0].digest, (row,), lang)
    chosen = edition_in_force(unit, code, day or unit.today)
    rows = _rows(unit, code)
    spans = load.spans(_read(row, code).edition for row in rows)
    editions = tuple(
        EditionRow(row.edition, first, last, row.digest, row.draft)
        for row, (first, last) in zip(rows, spans, strict=True)
    )
    digest = next(row.digest for row in rows if row.id == chosen.edition_id)
    return _detail(chosen.edition, digest, editions, lang)


def _detail(edition: Edition, digest: str, editions: tuple[EditionRow, ...], lang: str) -> EditionDetail:
    group = edition.added_class
    return EditionDetail(
        edition.code,
        words.named(edition.name, edition.code, lang),
        edition.edition,
        PlanKind(edition.kind),
        words.shown(edition.issuer, lang),
        None if isinstance(edition.effective, Unknown) else edition.effective,
        edition.ended,
        edition.draft,
        digest,
        terms_words.frame(edition, lang),
        words.rules(edition, lang),
        words.named(group.say, words.sentence(group.test, lang), lang) if group else None,
        words.benefits(edition, lang),
        tuple(words.named(each.say, each.id, lang) for each in edition.exclusions),
        tuple((split.code, words.split_words(split, lang)) for split in edition.funding),
        terms_words.unknowns(edition, lang),
        tuple(edition.sources.items()),
        editions,
    )
