"""Plans that rows name (行内计划): by code or by name."""

from sqlmodel import select

from benefits.kernel.text import shown
from benefits.plans.models import Plan
from benefits.rosters.kind import Chunk, Job


def plan_named(job: Job, chunk: Chunk, at: int) -> int | None:
    """The id of the plan that a row, or else the whole file, names; None: none, or blamed."""
    found = _found(job, chunk, at)
    return None if found is None else found[0]


def plan_code(job: Job, chunk: Chunk, at: int) -> str | None:
    """The code of that plan."""
    found = _found(job, chunk, at)
    return None if found is None else found[1]


def _found(job: Job, chunk: Chunk, at: int) -> tuple[int, str] | None:
    typed = job.option(chunk, at, "plan")
    if typed is None:
        return None
    known: dict[str, tuple[int, str]] | None = job.memory.get("plans.known")
    if known is None:
        known = job.memory["plans.known"] = {}
        for plan in job.unit.exec(select(Plan)):
            for name in (plan.name_zh, plan.name_en, plan.code):
                known[name.casefold()] = plan.id or 0, plan.code
    found = known.get(typed.casefold())
    if found is None:
        codes = ", ".join(sorted({code for _, code in known.values()})) or "–"
        chunk.blame(at, "plan", "plans.unknown_plan", code=shown(typed), known=codes)
    return found
