"""Papers from a campaign's screen (打印): which, to which file; drawn with a progress bar."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.gateway import Paper
from tui.gateways import papers
from tui.modals.dialogs import Tell
from tui.modals.form import Form
from tui.modals.progress import Progress
from tui.presenters.forms import Field
from tui.presenters.renewal import paper_words

if TYPE_CHECKING:
    from tui.screens.campaign import Campaign


def ask_paper(screen: "Campaign") -> None:
    """Which paper, and where it goes; the sign-off sheet is that of the station under the cursor."""
    if (view := screen.view) is None:
        return
    station = screen.station
    kinds = [kind for kind in papers.KINDS if kind != "signoff" or station is not None]
    kinds += ["care"] if view.row.kind.value in ("birthday", "visit") else []
    name = station.name if station is not None else ""
    options = tuple((kind, screen.t(f"tui.paper.{kind}", station=name)) for kind in kinds)
    path = str(Path.cwd() / screen.t("tui.paper.file", number=view.row.number))
    fields = (
        Field("kind", screen.t("tui.paper.which"), "pick", options=options),
        Field("path", screen.t("tui.out.path"), initial=path),
    )

    async def submit(values: dict[str, Any]) -> dict[str, Any]:
        return values

    heading = screen.t("tui.cmd.campaign.paper")

    def drawn(result: object) -> None:
        if isinstance(result, Exception):
            screen.benefits.trouble(result)
        elif isinstance(result, Paper):
            screen.app.push_screen(Tell(heading, paper_words(result, screen.lang)))

    def asked(values: Any) -> None:
        if values is None:
            return
        where = Path(values["path"]).expanduser()
        of = (values["kind"], screen.campaign_id, station.id if station is not None else None)
        job = partial(papers.draw, screen.gateway, *of, where, screen.lang)
        screen.app.push_screen(Progress(heading, screen.t("tui.report.busy", path=where), job), drawn)

    screen.app.push_screen(Form(heading, screen.t("tui.paper.words"), fields, submit), asked)
