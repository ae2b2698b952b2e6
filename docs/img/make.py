"""Make the pictures of the READMEs from the running program: ``./run python docs/img/make.py``.

Screens of the terminal as SVG and a page of the report as PNG. All of them show the sample district, whose
people cannot exist.
"""

import asyncio
import sys
import tempfile
from datetime import date
from pathlib import Path

import pypdfium2
from PIL import Image
from textual.pilot import Pilot

from benefits.access.queries import actor_for
from benefits.database import create_database
from benefits.kernel.clock import FixedClock
from benefits.kernel.unit import Database
from benefits.renewal import service
from benefits.renewal.report import renewal_report
from docs.img.screen import svg
from reports.renewal import render
from sample_data.generate import TODAY, fill
from tui import _compat
from tui.app import BenefitsApp
from tui.gateway import Gateway

HERE = Path(__file__).resolve().parent
USER = "qu"
PLAN = "bj-women-disease-1y"
SIZE = (112, 28)


def prepare(database: Database) -> str:
    """A district with one previewed run; the run's number."""
    fill(database, today=TODAY)
    actor = actor_for(database, USER)
    first, last = date(2026, 10, 22), date(2027, 1, 21)
    return database.act(
        actor,
        service.preview,
        plan=PLAN,
        window_from=first,
        window_to=last,
        with_class=True,
        grace_days=30,
        grace_reason="样例：按三十日计",
    )


async def settled(pilot: Pilot[int]) -> None:
    """Wait until the program rests."""
    for _ in range(20):
        await pilot.pause(0.1)
        if all(worker.is_finished for worker in pilot.app.workers):
            return


async def screens(address: str, lang: str) -> dict[str, str]:
    """Pictures of the screens by name, as SVG."""
    app = BenefitsApp(Gateway(address, USER, FixedClock(TODAY)), lang)
    taken: dict[str, str] = {}
    async with app.run_test(size=SIZE) as pilot:
        for name, keys in (("home", ("1",)), ("renewal", ("4", "enter"))):
            for key in keys:
                await pilot.press(key)
                await settled(pilot)
            taken[name] = svg(_compat.screen_strips(app.screen), "benefits")
    return taken


def report_pages(database: Database, run: str, folder: Path) -> None:
    """The first page of the renewal report, and beside it the one about reasons, as PNG."""
    actor = actor_for(database, USER)
    with database.read(actor) as unit:
        dataset = renewal_report(unit, [run])
    path = folder / "report.pdf"
    render(dataset, path)
    pages = list(pypdfium2.PdfDocument(path))
    reasons = next(page for page in pages if "四、" in page.get_textpage().get_text_range())
    shown = [page.render(scale=1.2).to_pil() for page in (pages[0], reasons)]
    width, height = shown[0].size
    sheet = Image.new("RGB", (width * 2 + 30, height + 20), "#d9dddd")
    for place, picture in enumerate(shown):
        sheet.paste(picture, (10 + place * (width + 10), 10))
    sheet.quantize(48).save(HERE / "report.png", optimize=True)


def main() -> int:
    """Make all pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        address = str(folder / "sample.sqlite")
        database = create_database(address, clock=FixedClock(TODAY))
        run = prepare(database)
        for lang in ("zh", "en"):
            for screen, svg in asyncio.run(screens(address, lang)).items():
                (HERE / f"{screen}-{lang}.svg").write_text(svg, encoding="utf-8")
        report_pages(database, run, folder)
        database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
