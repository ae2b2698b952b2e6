"""Papers of a campaign through the door (健康包报表): sign-off sheets, lists, notes and reports as PDF."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.gateway import Paper

if TYPE_CHECKING:
    from benefits.kernel.unit import ReadUnit
    from tui.gateway import Gateway

KINDS = ("signoff", "undelivered", "allocation", "stock", "campaign")
"""Papers of every campaign; the first is of one station."""


async def draw(
    gateway: "Gateway",
    kind: str,
    campaign_id: int,
    station_id: int | None,
    path: Path,
    lang: str,
    tell: Callable[[int, int], None],
    _stop: threading.Event,
) -> Paper:
    """Draw a paper and put it at ``path`` in one step."""
    from reports.kits import render

    def dataset(unit: "ReadUnit") -> Any:
        from benefits.kits import dataset, dataset_goods, dataset_report

        if kind == "signoff":
            assert station_id is not None
            return dataset.signoff(unit, campaign_id, station_id, lang)
        if kind == "stock":
            return dataset_goods.stock_report(unit, campaign_id)
        makers = {
            "undelivered": dataset.undelivered,
            "care": dataset.care,
            "allocation": dataset_goods.allocation_sheet,
            "campaign": dataset_report.campaign_report,
        }
        return makers[kind](unit, campaign_id, lang)

    found = await gateway.read(dataset)
    made = await gateway.in_thread(render, found, path, lang, tell)
    missing = tuple(str(one.char) for one in made.missing)
    return Paper(made.path.resolve(), made.pages, made.bytes, found.head.digest, missing, ())
