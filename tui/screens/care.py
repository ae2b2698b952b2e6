"""Care lists (慰问): birthdays of a month and consolation visits are campaigns for their list."""

from functools import partial
from typing import Any

from benefits.kernel.errors import Refused
from tui.gateways import care, goods
from tui.modals.dialogs import Choose, Tell
from tui.modals.form import Form
from tui.presenters import care as words
from tui.screens.base import BaseScreen
from tui.screens.campaign import Campaign
from tui.widgets.virtual_table import Column, Row


async def ask_care(screen: BaseScreen) -> None:
    """Birthdays or visits, then the form of it; the campaign opens when it is made."""
    rows = [Row(one, (screen.t(f"tui.care.{one}"),)) for one in ("birthdays", "visits")]
    dialog = Choose(
        screen.t("tui.cmd.kits.care"), [Column("what", screen.t("tui.care.which"), 20, flex=1)], rows
    )

    def chosen(what: object) -> None:
        if what is not None:
            screen.work(partial(_ask, screen, str(what)))

    screen.app.push_screen(dialog, chosen)


async def _ask(screen: BaseScreen, what: str) -> None:
    session = screen.gateway.session
    assert session is not None
    offered = [one for one in await goods.items(screen.gateway) if one.kind.value != "material"]
    if what == "birthdays" and not offered:
        raise Refused("tui.kits.no_goods")
    fields = words.birthday_fields(offered, screen.lang)
    submit: Any = partial(care.add_birthdays, screen.gateway)
    if what == "visits":
        fields = words.visit_fields(session.today.isoformat(), screen.lang)
        submit = partial(care.add_visits, screen.gateway)

    def done(result: Any) -> None:
        if result is None:
            return
        screen.app.push_screen(Campaign(result.campaign_id, ""))
        if what == "birthdays":
            said = words.birthdays_words(result, screen.lang)
            screen.app.push_screen(Tell(screen.t("tui.care.birthdays"), said))

    said = screen.t(f"tui.care.{what}_words")
    form = Form(screen.t(f"tui.care.{what}"), said, fields, submit, draft=f"care:{what}")
    screen.app.push_screen(form, done)
