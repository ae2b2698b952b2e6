"""Lists that go out (导出, 模板): what is asked before they are written, and where they went."""

from pathlib import Path
from typing import Any

from benefits.kernel.messages import render
from tui.gateways import organisations, rosters
from tui.gateways.child import Stopped
from tui.modals.dialogs import Tell
from tui.modals.form import Form
from tui.modals.progress import Progress
from tui.presenters.forms import Field
from tui.screens.base import BaseScreen

FORMS = ("xlsx", "csv", "parquet")


async def ask_template(screen: BaseScreen) -> None:
    """Which template, for which unit, empty or filled, to which file."""
    kinds = await rosters.kinds(screen.gateway)
    fields = (
        *_what(screen, kinds),
        Field(
            "filled",
            screen.t("tui.out.filled"),
            "pick",
            options=(("", screen.t("tui.out.empty")), ("yes", screen.t("tui.out.last_term"))),
            needed=False,
        ),
        Field("path", screen.t("tui.out.path"), initial=str(Path.cwd() / screen.t("tui.out.template_file"))),
    )

    async def submit(values: dict[str, Any]) -> dict[str, Any]:
        given = await _given(screen, values)
        return given | {"filled": values["filled"] == "yes"}

    _ask(screen, "roster.template", fields, submit, rosters.template)


async def ask_export(screen: BaseScreen) -> None:
    """Which list, of which unit, in which form, masked or in clear, to which file."""
    kinds = await rosters.kinds(screen.gateway)
    shown = [("", screen.t("tui.out.masked"))]
    if screen.benefits.permits("identity.reveal"):
        shown.append(("yes", screen.t("tui.out.clear")))
    fields = (
        *_what(screen, kinds),
        Field(
            "form",
            screen.t("tui.out.form"),
            "pick",
            options=tuple((one, screen.t(f"tui.out.form_of.{one}")) for one in FORMS),
        ),
        Field("purpose", screen.t("tui.out.purpose"), needed=False, hint=screen.t("tui.out.purpose_hint")),
        Field("clear", screen.t("tui.out.numbers"), "pick", options=tuple(shown), needed=False),
        Field("reason", screen.t("tui.out.reason"), needed=False, hint=screen.t("tui.out.reason_hint")),
        Field("path", screen.t("tui.out.path"), initial=str(Path.cwd() / screen.t("tui.out.export_file"))),
    )
    titles = {kind.name: render(kind.title, screen.lang) for kind in kinds}

    async def submit(values: dict[str, Any]) -> dict[str, Any]:
        given = await _given(screen, values)
        path: Path = given["path"]
        return given | {
            "form": values["form"],
            "path": path.with_suffix(f".{values['form']}"),
            "title": titles[values["kind"]],
            "purpose": values["purpose"] or "",
            "clear": values["clear"] == "yes",
            "reason": values["reason"] or "",
        }

    _ask(screen, "roster.export", fields, submit, rosters.export)


def _what(screen: BaseScreen, kinds: tuple[rosters.KindInfo, ...]) -> tuple[Field, ...]:
    options = tuple((kind.name, render(kind.title, screen.lang)) for kind in kinds)
    return (
        Field("kind", screen.t("tui.roster.field.kind"), "pick", options=options),
        Field(
            "unit",
            screen.t("tui.roster.field.unit"),
            "unit",
            needed=False,
            hint=screen.t("tui.out.unit_hint"),
        ),
    )


async def _given(screen: BaseScreen, values: dict[str, Any]) -> dict[str, Any]:
    code = ""
    if values["unit"] is not None:
        found, _ = await organisations.detail(screen.gateway, values["unit"])
        code = found.code
    path = Path(values["path"]).expanduser()
    return {"kind": values["kind"], "organisation": code, "path": path, "lang": screen.lang}


def _ask(screen: BaseScreen, id: str, fields: tuple[Field, ...], submit: Any, write: Any) -> None:
    """Ask, then write with a progress bar, then tell where it went."""
    heading = screen.t(f"tui.cmd.{id}")

    def told(result: Any) -> None:
        if isinstance(result, Exception):
            screen.benefits.trouble(result)
        elif not isinstance(result, Stopped) and result is not None:
            said = screen.t("tui.out.written", path=result.path, rows=f"{result.rows:,}")
            screen.app.push_screen(Tell(heading, said))

    def asked(given: Any) -> None:
        if given is None:
            return
        progress = Progress(
            heading,
            screen.t("tui.out.writing", path=given["path"]),
            lambda tell, stop: write(screen.gateway, given, tell, stop),
            stopping="check",
        )
        screen.app.push_screen(progress, told)

    said = screen.t(f"tui.out.words.{id.partition('.')[2]}")
    screen.app.push_screen(Form(heading, said, fields, submit, draft=id), asked)
