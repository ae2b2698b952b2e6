"""What is done from the list of members (会员名单): narrowing it, a new one, and moving many at once
(批量调动)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from benefits.kernel.messages import render
from tui.gateways import members
from tui.modals.dialogs import Tell
from tui.modals.form import Form
from tui.presenters import members as list_words
from tui.presenters import person as words
from tui.presenters.forms import Field
from tui.screens.base import BaseScreen
from tui.screens.member import Person

if TYPE_CHECKING:
    from benefits.members.service_transfer import Transferred

_NAMED = 12
"""So many names stand in the question."""


async def ask_narrow(screen: BaseScreen, now: members.Narrowed, then: Callable[[Any], None]) -> None:
    """The form of unit, status and plan (范围); ``then`` is told what was chosen, None: left."""
    plans = await screen.gateway.plans()

    async def submit(values: dict[str, Any]) -> members.Narrowed:
        if values.pop("whom", None) == "everybody":
            return members.Narrowed()
        return await members.narrowed(screen.gateway, values)

    fields = list_words.narrow_fields(now, plans, screen.lang)
    said = screen.t("tui.members.narrow_words")
    form = Form(screen.t("tui.cmd.members.narrow"), said, fields, submit, keys="tui.members.narrow_keys")
    screen.app.push_screen(form, then)


def ask_add(screen: BaseScreen) -> None:
    """The form of a new member; when it is done, the person's page opens."""
    session = screen.gateway.session
    assert session is not None

    async def submit(values: dict[str, Any]) -> tuple[int, str]:
        return await members.add(screen.gateway, values), str(values["name"])

    def done(made: Any) -> None:
        if made is not None:
            screen.app.push_screen(Person(*made))

    fields = words.record_fields(None, session.today.isoformat(), screen.lang)
    said = screen.t("tui.members.add_words")
    screen.app.push_screen(
        Form(screen.t("tui.cmd.members.add"), said, fields, submit, draft="members.add"), done
    )


def ask_transfer(screen: BaseScreen, chosen: dict[int, str]) -> None:
    """Ask to which unit and from when, naming who is meant; who did not move is told with the reason, and
    stays marked."""
    session = screen.gateway.session
    assert session is not None
    people = list(chosen)

    async def submit(values: dict[str, Any]) -> "Transferred":
        return await members.transfer_many(screen.gateway, people, values["organisation"], values["on"])

    def done(result: Any) -> None:
        if result is None:
            return
        for member_id in result.moved:
            chosen.pop(member_id, None)
        said = screen.t(
            "tui.members.transferred", moved=f"{len(result.moved):,}", left=f"{len(result.left_out):,}"
        )
        lines = [said, *(render(problem.say, screen.lang) for problem in result.left_out[:50])]
        screen.app.push_screen(
            Tell(screen.t("tui.cmd.members.transfer"), "\n".join(lines)), lambda _: screen.refill()
        )

    mark = screen.t("tui.name_mark")
    names = mark.join(list(chosen.values())[:_NAMED]) + ("…" if len(chosen) > _NAMED else "")
    said = screen.t("tui.members.transfer_words", count=f"{len(people):,}", names=names)
    fields = (
        Field("organisation", screen.t("tui.person.to_unit"), "unit"),
        words.on_field("tui.person.from", session.today.isoformat(), screen.lang),
    )
    form = Form(screen.t("tui.cmd.members.transfer"), said, fields, submit, draft="members.transfer")
    screen.app.push_screen(form, done)
