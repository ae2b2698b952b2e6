"""How other numbers of a person are read (其他编号取值): in the form in which the register keeps them."""

import re
from datetime import date

from benefits.members.identifiers import check_identifier
from benefits.members.models import IdentifierKind
from benefits.rosters.files.cells import Cell
from benefits.rosters.kind import Misread, Reader
from benefits.rosters.values import number, words

_LONGEST = 32
_DIGITS = re.compile("[0-9]+")


def identifier(kind: IdentifierKind) -> Reader:
    """A member number, staff number or card as ``members.set_identifier`` stores it, and refused where that
    refuses it: 无 is no number."""
    unspoiled = number(_LONGEST)

    def read(cell: Cell, today: date) -> str | None:
        found: str | None = unspoiled(cell, today)
        if found is None or (str(cell) == found and _DIGITS.fullmatch(found)):
            return found
        checked = check_identifier(kind, words(cell) if isinstance(cell, str) else found)
        for problem in checked.problems:
            raise Misread(problem.say.key, **problem.say.params)
        return checked.number

    return read
