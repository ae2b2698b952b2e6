"""Who follows a person when two records become one (合并重复): each package that points to a person says what
speaks against it, and moves its rows.

The members package imports none of them: they register here, and ``benefits.tables`` makes sure that they
have.
"""

from collections.abc import Callable
from dataclasses import dataclass

from benefits.kernel.errors import Problem
from benefits.kernel.unit import WriteUnit

Blocks = Callable[[WriteUnit, int, int], tuple[Problem, ...]]
"""(unit, survivor, other) -> what speaks against the merge; nothing is written."""
Moves = Callable[[WriteUnit, int, int], int]
"""(unit, survivor, other) -> rows moved from the other person to the survivor."""


@dataclass(frozen=True, slots=True)
class Follower:
    """What a package does when two records become one. Both run beyond the actor's scope: a person has rows
    wherever he or she has been."""

    tables: tuple[str, ...]
    """Tables with a person in them; a test knows that none is forgotten."""
    blocks: Blocks
    moves: Moves


FOLLOWERS: dict[str, Follower] = {}
"""By name, in order of registration."""


def follows(name: str, *, tables: tuple[str, ...], blocks: Blocks, moves: Moves) -> None:
    """Rows of ``tables`` follow the person."""
    FOLLOWERS[name] = Follower(tables, blocks, moves)
