"""Fill a database with a seeded district (样例数据): ``python -m sample_data.generate --members 5000 --seed
1 --database FILE``.

The same seed makes the same rows. Identity numbers carry area code 119999, which no authority ever issued;
phones are eleven-digit numbers of a thirteen-digit range: both are valid in form and belong to nobody
(``sample_data.people``).
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from sample_data.load import Options, Progress, Source, Summary, generated, load_source
from sample_data.places import require_enough

TODAY = date(2026, 11, 22)
"""The business day of the sample: a renewal window is open."""
DISTRICT_FILES = Path(__file__).parent / "district"


def fill(
    database: Database,
    members: int = 5000,
    seed: int = 1,
    today: date = TODAY,
    progress: Progress | None = None,
    *,
    search_keys: bool = True,
    sealed: bool = True,
    years: int = 2,
    dense: bool = False,
    files: Path | None = None,
) -> Summary:
    """Fill an empty database. ``years``: past terms a cover; ``dense``: everybody is covered (some 1.2
    expiring terms a member); ``search_keys`` and ``sealed`` may be left out for speed; ``files``: read
    this folder instead of generating.

    Raises Refused ``kernel.already_initialised``, ``members.sample_too_small`` for fewer people than the
    cases need.
    """
    source: Source
    if files is None:
        source = generated(members, seed, today, years=years, dense=dense)
    else:
        from sample_data.files import read_district

        source = read_district(files)
    return load_source(database, source, Options(search_keys, sealed), progress)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m sample_data.generate", description="Make a synthetic district."
    )
    parser.add_argument("--members", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--today", type=date.fromisoformat, default=TODAY, help="business day, ISO")
    parser.add_argument("--database", help="URL or SQLite file; it is made if there is none")
    parser.add_argument("--write", type=Path, metavar="DIR", help="write the district as CSV files instead")
    parser.add_argument("--files", type=Path, metavar="DIR", help="read CSV files instead of generating")
    parser.add_argument(
        "--dense", action="store_true", help="everybody is covered, some 1.2 expiring terms a member"
    )
    parser.add_argument(
        "--lean", action="store_true", help="one past term, no sealed numbers, no search keys"
    )
    given = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        if given.write is not None:
            from sample_data.files import write_district

            print(json.dumps(write_district(given.write, given.members, given.seed, given.today)))
            return 0
        if given.database is None:
            parser.error("give --database or --write")
        summary = _fill(given)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(
        json.dumps(
            summary.figures() | {"seconds": round(time.perf_counter() - started, 2)}, ensure_ascii=False
        )
    )
    return 0


def _fill(given: argparse.Namespace) -> Summary:
    from benefits.database import create_database
    from benefits.kernel.clock import FixedClock

    if given.files is None:
        require_enough(given.members)  # before there is a database
    database = create_database(given.database, clock=FixedClock(given.today))
    try:
        return fill(
            database,
            given.members,
            given.seed,
            given.today,
            _progress if sys.stderr.isatty() else None,
            search_keys=not given.lean,
            sealed=not given.lean,
            years=1 if given.lean else 2,
            dense=given.dense,
            files=given.files,
        )
    finally:
        database.close()


def _progress(done: int, total: int) -> None:
    print(f"\r{done:,}/{total:,}", end="\n" if done >= total else "", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
