"""Actions (操作): what a user may ask for, each with a name, a permission, and one audit event.

Every public service function that takes a ``WriteUnit`` is declared with ``@action``. The outermost action of
a unit opens its audit frame; a service that calls another's action stays inside the same event.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from benefits.kernel.errors import Refused, say
from benefits.kernel.scope import ROOT

if TYPE_CHECKING:
    from benefits.kernel.unit import WriteUnit

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user with permissions and a scope (``kernel.scope``)."""

    login: str
    name: str
    permissions: frozenset[str]
    scope: str
    user_id: int | None = None

    def may(self, permission: str) -> bool:
        return permission in self.permissions or "*" in self.permissions


@dataclass(frozen=True, slots=True)
class Action:
    """A declared action: dotted name (also the catalogue key of its sentence, ``<package>.action.<verb>``)
    and permission. ``everywhere``: it touches what belongs to all, so whoever sees only a part of the tree
    may not do it, whatever the role. ``brief``: many ask for it at once and it changes what they share by
    conditional statements only, so on PostgreSQL it waits for whoever came first (READ COMMITTED) instead of
    failing and being tried again."""

    name: str
    permission: str
    everywhere: bool = False
    brief: bool = False


@dataclass(slots=True)
class Frame:
    """The open action of a write unit, on its way to one audit event."""

    action: Action
    target: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


ACTIONS: dict[str, Action] = {}


def action(
    name: str, *, permission: str | None = None, everywhere: bool = False, brief: bool = False
) -> Callable[[Callable[Concatenate["WriteUnit", P], R]], Callable[Concatenate["WriteUnit", P], R]]:
    """Declare a service function as an action; ``permission`` is its own name unless given.

    Raises Refused ``access.not_permitted`` when the actor lacks the permission, ``access.whole_only`` when an
    action on what belongs to all is asked for by somebody who sees a part.
    """
    declared = ACTIONS.setdefault(name, Action(name, permission or name, everywhere, brief))

    def decorate(verb: Callable[Concatenate["WriteUnit", P], R]) -> Callable[Concatenate["WriteUnit", P], R]:
        @functools.wraps(verb)
        def run(unit: "WriteUnit", /, *args: P.args, **kwargs: P.kwargs) -> R:
            if not unit.actor.may(declared.permission):
                raise Refused("access.not_permitted", user=unit.actor.name, action=say(action_key(name)))
            if declared.everywhere and unit.actor.scope != ROOT:
                raise Refused("access.whole_only", user=unit.actor.name, action=say(action_key(name)))
            with unit.acting(declared):
                return verb(unit, *args, **kwargs)

        run.__action__ = declared  # type: ignore[attr-defined]
        return run

    return decorate


def action_key(name: str) -> str:
    """Catalogue key of an action's sentence: ``renewal.apply`` -> ``renewal.action.apply``."""
    package, _, verb = name.partition(".")
    return f"{package}.action.{verb}"
