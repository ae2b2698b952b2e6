"""``benefits kit package``: a station without the network (离线包): make, open, pack, take back."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from benefits.commands.options import Call, Misuse, group, number, verb
from benefits.commands.show import emit, table, words
from benefits.commands.work import act, clock_of, opened, read
from benefits.kernel.errors import say
from benefits.kernel.messages import render

if TYPE_CHECKING:
    from benefits.kits.queries_package import Conflict

app = group("kit.package")

FILE: Any = typer.Argument(..., metavar="FILE", help="commands.option.kit_package_file")
OUT: Any = typer.Option(..., "--out", metavar="FILE", help="commands.option.kit_package_out")
REASON: Any = typer.Option(..., "--reason", metavar="TEXT", help="commands.option.reason")


@verb(app, "commands.kit.package.make")
def make(
    call: Call,
    station: str = typer.Argument(..., metavar="STATION", help="commands.option.kit_station"),
    out: str = OUT,
    everybody: bool = typer.Option(False, "--everybody", help="commands.option.kit_package_everybody"),
    login: str = typer.Option("", "--login", metavar="LOGIN", help="commands.option.kit_package_login"),
) -> None:
    """Make a package of a station: the station is away until it comes back (制作离线包)."""
    from benefits.kernel.parcel import new_code
    from benefits.kits.references import station_of
    from benefits.packages import make_file

    code, path = new_code(), Path(out)
    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found = station_of(unit, station).id or 0
        made = make_file(database, actor, path, code, station_id=found, everybody=everybody, login=login)
    data = {
        **{"number": made.number, "package": made.uuid, "file": str(path), "code": code, "login": made.login},
        **{"campaign": made.campaign, "station": made.station, "people": made.people},
        **{"pieces": made.pieces, "given_before": made.given},
    }
    emit(
        call,
        data,
        words(call, "commands.kit.package.made", number=made.number, station=made.station, path=path),
        words(call, "commands.kit.package.holds", people=made.people, pieces=made.pieces, given=made.given),
        words(call, "commands.kit.package.code", code=code),
        words(call, "commands.kit.package.then_open", path=path.name),
    )


@verb(app, "commands.kit.package.open")
def open_(
    call: Call,
    file: str = FILE,
    code: str = typer.Option("", "--code", metavar="CODE", help="commands.option.kit_package_code"),
    to: str = typer.Option("", "--to", metavar="DATABASE", help="commands.option.kit_package_to"),
) -> None:
    """Make a database of a package, to hand out from it without the network (打开离线包)."""
    from benefits.packages import open_file

    path = Path(file)
    target = Path(to) if to else path.with_suffix(".sqlite")
    found = open_file(path, code or _asked(call), target, clock_of(call))
    data = {
        **{"number": found.number, "database": str(target), "login": found.login, "people": found.people},
        **{"campaign": found.campaign, "station": found.station, "pieces": found.pieces},
    }
    emit(
        call,
        data,
        words(call, "commands.kit.package.opened", number=found.number, path=target, station=found.station),
        words(call, "commands.kit.package.stands", people=found.people, pieces=found.pieces),
        words(call, "commands.kit.package.then_work", path=target, login=found.login),
    )


def _asked(call: Call) -> str:
    """The code, typed where nobody sees it."""
    import getpass
    import sys

    if not sys.stdin.isatty():
        raise Misuse(say("commands.usage.missing", name="--code"))
    return getpass.getpass(words(call, "commands.kit.package.ask_code") + " ")


@verb(app, "commands.kit.package.pack")
def pack(call: Call, out: str = OUT) -> None:
    """Write what was done in a package into a file that brings it home (打包交回)."""
    from benefits.packages import pack_file

    path = Path(out)
    with opened(call) as (database, actor):
        packed = pack_file(database, actor, path)
    data = {
        **{"number": packed.number, "file": str(path), "campaign": packed.campaign},
        **{"station": packed.station, "handouts": packed.handouts, "struck": packed.struck},
        **{"tallied": packed.tallied, "written_off": packed.written_off},
    }
    told = {"handouts": packed.handouts, "struck": packed.struck, "tallied": packed.tallied}
    emit(
        call,
        data,
        words(call, "commands.kit.package.packed", number=packed.number, path=path),
        words(call, "commands.kit.package.brings", **told, written_off=packed.written_off),
        words(call, "commands.kit.package.then_back"),
    )


@verb(app, "commands.kit.package.back")
def back(call: Call, file: str = FILE) -> None:
    """Take in what a package brought home; it may come again (交回离线包)."""
    from benefits.kits.queries_package import conflicts
    from benefits.packages import take_back_file

    with opened(call) as (database, actor):
        merged = take_back_file(database, actor, Path(file))
        with database.read(actor) as unit:
            open_ones = conflicts(unit, merged.campaign_id)
    data = {
        **{"number": merged.number, "campaign": merged.campaign, "station": merged.station},
        **{"in_file": merged.in_file, "new": merged.new, "known": merged.known, "struck": merged.struck},
        **{"moves": merged.moves, "found": merged.found, "again": merged.again},
        "conflicts": len(open_ones),
    }
    told = {"in_file": merged.in_file, "new": merged.new, "known": merged.known, "struck": merged.struck}
    key = "commands.kit.package.back_again" if merged.again else "commands.kit.package.back_first"
    lines = [words(call, key, number=merged.number, station=merged.station)]
    lines.append(words(call, "commands.kit.package.taken", **told))
    if merged.found:
        lines.append(words(call, "commands.kit.package.found", count=merged.found))
    if open_ones:
        lines.append(words(call, "commands.kit.package.look", count=len(open_ones)))
    emit(call, data, *lines)


@verb(app, "commands.kit.package.lost")
def lost(
    call: Call,
    package: str = typer.Argument(..., metavar="NUMBER", help="commands.option.kit_package"),
    reason: str = REASON,
) -> None:
    """Declare a package lost; its station works at home again (登记离线包丢失)."""
    from benefits.kits.queries_package import package_numbered
    from benefits.kits.service_package import lose_package

    wanted = read(call, package_numbered, package)
    act(call, lose_package, package_id=wanted, reason=reason)
    shown = package.strip().upper()
    emit(call, {"number": shown}, words(call, "commands.kit.package.lost_told", number=shown))


@verb(app, "commands.kit.package.list")
def list_(
    call: Call,
    campaign: str = typer.Option("", "--campaign", metavar="CAMPAIGN", help="commands.option.kit_campaign"),
) -> None:
    """Packages and where they are (离线包一览)."""
    from benefits.kits.queries_package import packages
    from benefits.kits.references import campaign_of

    with opened(call) as (database, actor), database.read(actor) as unit:
        chosen = campaign_of(unit, campaign).id if campaign else None
        found = packages(unit, chosen)
    heads = "package campaign station state people made_at back_at handouts twice".split()
    rows = [
        (
            *(one.number, one.campaign, one.station),
            words(call, f"commands.kit.package.state.{one.state.value}"),
            *(one.people, _time(one.made_at), _time(one.back_at), one.handouts, one.twice),
        )
        for one in found
    ]
    told = table(call, [f"commands.head.package_{name}" for name in heads], rows, numbers=(4, 7, 8))
    emit(call, {"packages": found}, *told)


@verb(app, "commands.kit.package.conflicts")
def conflicts_(
    call: Call,
    campaign: str = typer.Argument("", metavar="[CAMPAIGN]", help="commands.option.kit_campaign"),
    settled: bool = typer.Option(False, "--all", help="commands.option.kit_conflicts_all"),
) -> None:
    """Hand-outs that somebody has to decide on: given twice, not entitled, wrong time (离线发放问题)."""
    from benefits.kits.queries_package import conflicts
    from benefits.kits.references import campaign_of

    with opened(call) as (database, actor), database.read(actor) as unit:
        chosen = campaign_of(unit, campaign).id if campaign else None
        found = conflicts(unit, chosen, settled)
    heads = "handout name item station given_at package why settled".split()
    rows = [
        (
            *(one.handout_id, one.name, one.item, one.station, _time(one.given_at), one.package),
            *(_why(call, one), one.settled),
        )
        for one in found
    ]
    told = table(call, [f"commands.head.package_{name}" for name in heads], rows, numbers=(0,))
    emit(call, {"conflicts": found}, *told)


@verb(app, "commands.kit.package.settle")
def settle_(
    call: Call,
    handout: int = typer.Argument(
        ..., metavar="HANDOUT", parser=number(1), help="commands.option.kit_conflict"
    ),
    reason: str = REASON,
) -> None:
    """Write what was decided about a conflict (处理离线发放问题)."""
    from benefits.kits.service_package import settle

    act(call, settle, handout_id=handout, reason=reason)
    emit(call, {"handout": handout}, words(call, "commands.kit.package.settled", handout=handout))


def _why(call: Call, one: "Conflict") -> str:
    """What is wrong, in a sentence."""
    key = f"commands.kit.package.why.{one.kind.value}"
    reasons = "；".join(render(reason, call.lang) for reason in one.reasons)
    return words(call, key, first=_time(one.first_at), where=one.first_station, reasons=reasons)


def _time(moment: Any) -> str:
    """An instant as people of Beijing read it; empty: none."""
    from benefits.kernel.clock import SHANGHAI

    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if moment else ""
