"""``benefits user``: who may do what, and where."""

import typer

from benefits.commands.options import Call, group, one_of, verb
from benefits.commands.show import emit, table, words
from benefits.commands.work import opened, read

app = group("user")


@verb(app, "commands.user.add")
def add(
    call: Call,
    login: str = typer.Argument(..., metavar="LOGIN", help="commands.option.login"),
    name: str = typer.Option("", "--name", metavar="NAME", help="commands.option.name"),
    role: str = typer.Option(
        ...,
        "--role",
        metavar="ROLE",
        parser=one_of("clerk", "reviewer", "admin", "auditor"),
        help="commands.option.role",
    ),
    org: str | None = typer.Option(None, "--org", metavar="CODE", help="commands.option.org_scope"),
) -> None:
    """Add a user (新增用户)."""
    from benefits.access.models import Role
    from benefits.access.service import add_user
    from benefits.organisations.queries import by_code

    with opened(call) as (database, actor):
        place = None
        if org:
            with database.read(actor) as unit:
                place = by_code(unit, org)
        database.act(
            actor,
            add_user,
            login=login,
            name=name,
            role=Role(role),
            organisation_id=place.id if place else None,
        )
    data = {"login": login.strip(), "name": name, "role": role, "organisation": place.code if place else None}
    emit(
        call,
        data,
        words(call, "commands.user.added", login=login.strip(), role=words(call, f"access.role.{role}")),
    )


@verb(app, "commands.user.list")
def list_users(call: Call) -> None:
    """All users (用户列表)."""
    from benefits.access.queries import users

    found = read(call, users)
    rows = [
        (
            row.login,
            row.name,
            words(call, f"access.role.{row.role.value}"),
            row.organisation or words(call, "commands.everything"),
            words(call, "commands.yes" if row.active else "commands.no"),
        )
        for row in found
    ]
    heads = [f"commands.head.{name}" for name in "login name role scope active".split()]
    emit(call, {"users": found}, *table(call, heads, rows))
