"""Verbs on plans: publish an edition (发布计划版本), install the program's catalogue. A published edition
never changes."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlmodel import col, select

from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.unit import WriteUnit
from benefits.plans import load
from benefits.plans.models import Plan, PlanEdition, PlanKind
from benefits.plans.parse import Document, document, read
from benefits.plans.vocabulary import Unknown


def check_file(path: Path) -> Document:
    """Read a plan file and prove it, alone (检查计划文件). Raises Refused with every fault; nothing is
    written."""
    return read(path)


@action("plans.add_edition", permission="plan.edit", everywhere=True)
def add_edition(unit: WriteUnit, *, path: Path | None = None, text: str | None = None) -> int:
    """Publish an edition from a file or from its text; the id of its row.

    Raises Refused: faults of the file, ``plans.draft_add``, ``plans.already_there``, ``plans.past_edition``
    (a new edition takes effect after all others), ``plans.breaks_days`` (a gap or an overlap of days),
    ``plans.kind_changed``.
    """
    assert (path is None) != (text is None), "either a file or its text"
    found = read(path) if path is not None else document((text or "").encode("utf-8"), "text")
    return _publish(unit, found, path.name if path is not None else found.edition.code)


@action("plans.install_catalogue", permission="plan.edit", everywhere=True)
def install_catalogue(unit: WriteUnit) -> int:
    """Publish every edition of the program's catalogue that the database does not have yet; how many that
    were.

    Raises Refused ``plans.edited`` where the database holds another text for the same edition.
    """
    added = 0
    for each in load.catalogue().documents():
        if each.edition.draft:
            continue
        digest = _digest_of(unit, each.edition.code, each.edition.edition)
        if digest is None:
            _publish(unit, each, f"{each.edition.code}@{each.edition.edition}.toml")
            added += 1
        elif digest != each.digest:
            raise Refused("plans.already_there", plan=each.edition.code, edition=each.edition.edition)
    unit.record("catalogue", added=added)
    return added


def _digest_of(unit: WriteUnit, code: str, edition: str) -> str | None:
    query = select(PlanEdition.digest).join(Plan)
    return unit.exec(query.where(col(Plan.code) == code, col(PlanEdition.edition) == edition)).first()


def _publish(unit: WriteUnit, found: Document, name: str) -> int:
    edition = found.edition
    if edition.draft or isinstance(edition.effective, Unknown):
        raise Refused("plans.draft_add", file=name)
    plan = unit.exec(select(Plan).where(col(Plan.code) == edition.code)).first()
    if plan is None:
        plan = Plan(
            code=edition.code, name_zh=edition.name.zh, name_en=edition.name.en, kind=PlanKind(edition.kind)
        )
        unit.session.add(plan)
        unit.session.flush()
    assert plan.id is not None
    if plan.kind is not PlanKind(edition.kind):
        raise Refused("plans.kind_changed", plan=edition.code)
    held = unit.exec(select(PlanEdition).where(col(PlanEdition.plan_id) == plan.id)).all()
    _fits(found, edition.effective, held)
    row = PlanEdition(
        plan_id=plan.id,
        edition=edition.edition,
        effective=edition.effective,
        ended=edition.ended,
        digest=found.digest,
        document=found.text,
        published_at=unit.clock.now(),
    )
    unit.session.add(row)
    unit.session.flush()
    assert row.id is not None
    unit.record(f"plan_edition:{row.id}", plan=edition.code, edition=edition.edition, digest=found.digest)
    return row.id


def _fits(found: Document, effective: date, held: Sequence[PlanEdition]) -> None:
    """The new edition follows those that are there, so that each day keeps exactly one."""
    edition = found.edition
    for other in held:
        if other.edition == edition.edition:
            raise Refused("plans.already_there", plan=edition.code, edition=edition.edition)
        if other.effective >= effective:
            raise Refused(
                "plans.past_edition", plan=edition.code, effective=effective.isoformat(), other=other.edition
            )
    published = [document(row.document.encode("utf-8"), row.edition).edition for row in held if not row.draft]
    problems = load.prove_days(edition.code, [*published, edition])
    if problems:
        raise Refused(
            "plans.breaks_days", plan=edition.code, edition=edition.edition, problems=tuple(problems)
        )
