"""The next term of cover (下一保障期): when it starts and ends, and whether a waiting period runs (DOMAIN
0.4).

Within grace the new term starts the day after the old one and the waiting period is waived; beyond it, the
person joins as for the first time. What the edition leaves 待核实 is never guessed: it is refused, or
reported in ``Term.notes``.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from benefits.kernel.dates import anniversary, term_end
from benefits.kernel.errors import Refused, Say, say
from benefits.plans.edition import Edition
from benefits.plans.vocabulary import Unknown

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """A term of cover, both days inclusive. ``waiting_until`` is the last day of the waiting period, None:
    none runs."""

    starts: date
    ends: date
    waiting_until: date | None
    first_time: bool
    notes: tuple[Say, ...] = ()


def new_term(
    edition: Edition,
    prior_ends: date,
    as_of: date,
    *,
    grace_days: int | None = None,
    first_start: date | None = None,
) -> Term:
    """The term after one that ends on ``prior_ends``, if it is renewed on ``as_of`` (续保).

    On time (``as_of <= prior_ends``) or within grace (``as_of <= prior_ends + grace``) the term follows
    without a gap and early renewal loses no day; beyond grace it is a first one. After expiry an edition
    whose grace is 待核实 is refused (``plans.grace_unknown``) unless the clerk gives ``grace_days`` and
    records why; where the edition knows its grace, another number is refused (``plans.grace_known``). Where
    the waiver of the waiting period on renewal is 待核实, cover is continuous and no waiting day is
    written, because the source that has a waiting period waives it (DOMAIN 1.10), and a note says that this
    must be confirmed before a claim of the first days is decided. ``first_start``, the first day of
    continuous cover, keeps a leap-day anniversary (DESIGN law 9: term n is computed from the first start).
    """
    grace = _grace(edition, prior_ends, as_of, grace_days)
    if as_of > prior_ends + timedelta(days=grace):
        return _first(edition, _first_day(edition, as_of), ())
    starts = prior_ends + _DAY
    ends = _end(edition, starts, first_start)
    waived = edition.waiting.waived_on_renewal
    if waived is True:
        return Term(starts, ends, None, False)
    if isinstance(waived, Unknown):
        unclear = edition.waiting.days != 0
        notes: tuple[Say, ...] = (say("plans.note.waiver_unknown", plan=edition.name.zh),) if unclear else ()
        return Term(starts, ends, None, False, notes)
    until, notes = _waiting(edition, starts)
    return Term(starts, ends, until, False, notes)


def added_term(edition: Edition, as_of: date, *, starts: date | None = None) -> Term:
    """The first term of somebody added at a renewal (续保时新增), on the unit's own first day ``starts``
    where there is one.

    A new person waits [S51][S54]; only an edition that says so waives it. Where that is 待核实 the waiting
    period is written and a note says so.
    """
    begins = starts or _first_day(edition, as_of)
    applies = edition.waiting.applies_to_added
    if applies is False:
        return Term(begins, _end(edition, begins, None), None, True)
    unsure = isinstance(applies, Unknown) and edition.waiting.days != 0
    return _first(edition, begins, (say("plans.note.added_unknown", plan=edition.name.zh),) if unsure else ())


def _grace(edition: Edition, prior_ends: date, as_of: date, given: int | None) -> int:
    known = edition.waiting.grace_days
    if not isinstance(known, Unknown):
        if given is not None and given != known:
            raise Refused("plans.grace_known", plan=edition.code, days=known)
        return known
    if given is not None:
        if not 0 <= given <= 366:
            raise Refused("plans.grace_range", days=given)
        return given
    if as_of <= prior_ends:
        return 0
    raise Refused(
        "plans.grace_unknown",
        plan=edition.code,
        edition=edition.edition,
        ends=prior_ends.isoformat(),
        day=as_of.isoformat(),
    )


def _first(edition: Edition, starts: date, notes: tuple[Say, ...]) -> Term:
    until, more = _waiting(edition, starts)
    return Term(starts, _end(edition, starts, None), until, True, notes + more)


def _waiting(edition: Edition, starts: date) -> tuple[date | None, tuple[Say, ...]]:
    days = edition.waiting.days
    if isinstance(days, Unknown):
        return None, (say("plans.note.waiting_unknown", plan=edition.name.zh),)
    return (starts + timedelta(days=days - 1) if days else None), ()


def _months(edition: Edition) -> int:
    if edition.draft:
        raise Refused("plans.only_draft", plan=edition.code, edition=edition.edition)
    if isinstance(edition.term.months, Unknown):
        raise Refused("plans.term_unknown", plan=edition.code, edition=edition.edition)
    return edition.term.months


def _end(edition: Edition, starts: date, first_start: date | None) -> date:
    months = _months(edition)
    if first_start is not None:
        gone = (starts.year - first_start.year) * 12 + starts.month - first_start.month
        for count in (gone, gone - 1):
            if count >= 0 and count % months == 0 and anniversary(first_start, count) == starts:
                return anniversary(first_start, count + months) - _DAY
    return term_end(starts, months)


def _first_day(edition: Edition, as_of: date) -> date:
    """A first term starts the day after ``as_of``, or on the plan's next fixed day."""
    _months(edition)
    if isinstance(edition.term.start, Unknown):
        raise Refused("plans.term_unknown", plan=edition.code, edition=edition.edition)
    fixed = edition.term.fixed
    if fixed is None:
        return as_of + _DAY
    days = (_on(date(year, fixed.month, 1), fixed.day) for year in (as_of.year, as_of.year + 1))
    return next(day for day in days if day > as_of)


def _on(first_of_month: date, day: int) -> date:
    try:
        return first_of_month.replace(day=day)
    except ValueError:  # the month has no such day: the first of the next, as everywhere (DESIGN law 9)
        return anniversary(first_of_month, 1)
