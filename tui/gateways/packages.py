"""Packages of stations through the door (离线包): out, home again, lost, and what needs a decision."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benefits.kernel.actions import Actor
    from benefits.kernel.unit import Database
    from benefits.kits.package_collect import Packed
    from benefits.kits.package_merge import Merged
    from benefits.kits.queries_package import Conflict, PackageRow
    from benefits.kits.service_package import Made
    from tui.gateway import Gateway


async def packages(gateway: "Gateway", campaign_id: int) -> "tuple[PackageRow, ...]":
    """The packages of a campaign."""
    from benefits.kits.queries_package import packages

    return await gateway.read(packages, campaign_id)


async def conflicts(gateway: "Gateway", campaign_id: int) -> "tuple[Conflict, ...]":
    """Hand-outs about which somebody must decide."""
    from benefits.kits.queries_package import conflicts

    return await gateway.read(conflicts, campaign_id)


async def make(gateway: "Gateway", values: Mapping[str, Any]) -> "tuple[Made, Path, str]":
    """Make a package of a station; where its file is, and the code that opens it."""
    path = Path(values["path"]).expanduser()

    def job(database: "Database", actor: "Actor") -> "tuple[Made, Path, str]":
        from benefits.kernel.parcel import new_code
        from benefits.packages import make_file

        code = new_code()
        asked = {
            "station_id": int(values["station"]),
            "everybody": values["whom"] == "everybody",
            "login": values["login"] or "",
        }
        return make_file(database, actor, path, code, **asked), path, code

    return await gateway.with_database(job)


async def take_back(gateway: "Gateway", values: Mapping[str, Any]) -> "Merged":
    """Take in what a package brought home."""
    path = Path(values["path"]).expanduser()

    def job(database: "Database", actor: "Actor") -> "Merged":
        from benefits.packages import take_back_file

        return take_back_file(database, actor, path)

    return await gateway.with_database(job)


async def pack(gateway: "Gateway", values: Mapping[str, Any]) -> "tuple[Packed, Path]":
    """Write what was done in this package into the file that brings it home."""
    path = Path(values["path"]).expanduser()

    def job(database: "Database", actor: "Actor") -> "tuple[Packed, Path]":
        from benefits.packages import pack_file

        return pack_file(database, actor, path), path

    return await gateway.with_database(job)


async def lose(gateway: "Gateway", package_id: int, reason: str) -> None:
    """Declare a package lost."""
    from benefits.kits.service_package import lose_package

    await gateway.act(lose_package, package_id=package_id, reason=reason)


async def settle(gateway: "Gateway", handout_id: int, reason: str) -> None:
    """Write how a conflict was settled."""
    from benefits.kits.service_package import settle

    await gateway.act(settle, handout_id=handout_id, reason=reason)
