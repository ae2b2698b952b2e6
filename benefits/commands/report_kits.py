"""Papers of the kits (健康包文书): ``benefits report kit-signoff``, ``kit-undelivered``, ``kit-care``,
``kit-allocation``, ``kit-delivery``, ``kit-stock``, ``kit-campaign``.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from benefits.commands.options import Call, verb
from benefits.commands.reports import app, tell
from benefits.commands.show import progress, words
from benefits.commands.work import read

if TYPE_CHECKING:
    from benefits.kernel.unit import ReadUnit

CAMPAIGN: Any = typer.Argument(..., metavar="CAMPAIGN", help="commands.option.kit_campaign")
OUT: Any = typer.Option(None, "--out", metavar="FILE", help="commands.option.out_pdf")


@verb(app, "commands.report.kit_signoff")
def signoff(
    call: Call,
    campaign: str = CAMPAIGN,
    station: str = typer.Option(..., "--station", metavar="STATION", help="commands.option.kit_station"),
    out: str | None = OUT,
) -> None:
    """A station's sign-off sheet (发放签收表)."""

    def dataset(unit: "ReadUnit") -> Any:
        from benefits.kits.dataset import signoff
        from benefits.kits.references import campaign_of, station_of

        found = campaign_of(unit, campaign).id
        assert found is not None
        return signoff(unit, found, station_of(unit, station, found).id or 0, call.lang)

    _made(call, "signoff", dataset, out)


@verb(app, "commands.report.kit_undelivered")
def undelivered(call: Call, campaign: str = CAMPAIGN, out: str | None = OUT) -> None:
    """Who has not collected (未领取名单)."""

    def dataset(unit: "ReadUnit") -> Any:
        from benefits.kits.dataset import undelivered

        return undelivered(unit, _campaign(unit, campaign), call.lang)

    _made(call, "undelivered", dataset, out)


@verb(app, "commands.report.kit_care")
def care(call: Call, campaign: str = CAMPAIGN, out: str | None = OUT) -> None:
    """A care list to be signed (慰问名单)."""

    def dataset(unit: "ReadUnit") -> Any:
        from benefits.kits.dataset import care

        return care(unit, _campaign(unit, campaign), call.lang)

    _made(call, "care", dataset, out)


@verb(app, "commands.report.kit_allocation")
def allocation(call: Call, campaign: str = CAMPAIGN, out: str | None = OUT) -> None:
    """What every station is to get (分配表)."""

    def dataset(unit: "ReadUnit") -> Any:
        from benefits.kits.dataset_goods import allocation_sheet

        return allocation_sheet(unit, _campaign(unit, campaign), call.lang)

    _made(call, "allocation", dataset, out)


@verb(app, "commands.report.kit_delivery")
def delivery(
    call: Call,
    transfer: str = typer.Argument(..., metavar="TRANSFER", help="commands.option.kit_transfer"),
    out: str | None = OUT,
) -> None:
    """A delivery note (调拨单)."""

    def dataset(unit: "ReadUnit") -> Any:
        from benefits.kits.dataset_goods import delivery
        from benefits.kits.references import transfer_of

        return delivery(unit, transfer_of(unit, transfer))

    _made(call, "delivery", dataset, out)


@verb(app, "commands.report.kit_stock")
def stock(
    call: Call,
    campaign: str | None = typer.Option(
        None, "--campaign", metavar="CAMPAIGN", help="commands.option.kit_campaign"
    ),
    out: str | None = OUT,
) -> None:
    """What lies where (库存表)."""

    def dataset(unit: "ReadUnit") -> Any:
        from benefits.kits.dataset_goods import stock_report

        return stock_report(unit, _campaign(unit, campaign) if campaign else None)

    _made(call, "stock", dataset, out)


@verb(app, "commands.report.kit_campaign")
def report(call: Call, campaign: str = CAMPAIGN, out: str | None = OUT) -> None:
    """The report of a campaign (发放情况报告)."""

    def dataset(unit: "ReadUnit") -> Any:
        from benefits.kits.dataset_report import campaign_report

        return campaign_report(unit, _campaign(unit, campaign), call.lang)

    _made(call, "campaign", dataset, out)


def _campaign(unit: "ReadUnit", said: str) -> int:
    from benefits.kits.references import campaign_of

    found = campaign_of(unit, said).id
    assert found is not None
    return found


def _made(call: Call, kind: str, dataset: Any, out: str | None) -> None:
    """Read, draw, say where it lies; without ``--out`` the file is called after the campaign."""
    from reports.kits import render

    found = read(call, dataset)
    number = getattr(found, "number", "") or found.head.number
    path = Path(out) if out else Path(words(call, f"commands.report.kit_file_{kind}", number=number))
    made = render(found, path, call.lang, progress(call, "commands.report.drawing"))
    tell(call, made, found.head.digest, {"kind": f"kit-{kind}", "number": number})
