"""What the command line says when something is wrong, and with which exit code (``benefits.commands``)."""

import contextlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any

from typer.exceptions import Abort, Exit, TyperException

from benefits.commands.options import Misuse
from benefits.kernel.errors import Refused, Say, say
from benefits.kernel.messages import render, text

REFUSED, USAGE, INTERRUPTED, PIPE_GONE = 1, 2, 130, 141


def guarded(command: Callable[[], Any], lang: str, as_json: bool) -> int:
    """Run a command; whatever a person can do something about becomes one message and an exit code."""
    _speak_utf8(as_json)
    try:
        code = command()
        sys.stdout.flush()
        if code == INTERRUPTED:
            return _interrupted(lang)
        return int(code or 0)
    except Exit as done:
        return done.exit_code
    except (KeyboardInterrupt, Abort):
        return _interrupted(lang)
    except BrokenPipeError:
        return _pipe_gone()
    except Misuse as misuse:
        return _tell(misuse.say, (), lang, as_json, USAGE)
    except Refused as refusal:
        return _refused(refusal, lang, as_json)
    except TyperException as error:
        return _usage(error, lang, as_json)
    except OSError as error:
        why = error.strerror or str(error)
        return _refused(Refused("commands.os_error", path=error.filename or "-", why=why), lang, as_json)
    except Exception as error:
        known = _from_database(error)
        if known is None:
            raise
        return _refused(known, lang, as_json)


def _speak_utf8(as_json: bool) -> None:
    """JSON is UTF-8 everywhere; words in another encoding show ``?`` for what it lacks."""
    for stream in (sys.stdout, sys.stderr):
        change = getattr(stream, "reconfigure", None)
        if change is None or (stream.encoding or "").lower().replace("-", "") == "utf8":
            continue
        if as_json and stream is sys.stdout:
            change(encoding="utf-8")
        else:
            change(errors="replace")


def _interrupted(lang: str) -> int:
    print(f"\n{text('commands.interrupted', lang)}", file=sys.stderr)
    return INTERRUPTED


def _pipe_gone() -> int:
    """Nobody reads any more: quiet, and quiet too when Python flushes at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PIPE_GONE


def _refused(refusal: Refused, lang: str, as_json: bool) -> int:
    return _tell(refusal.say, refusal.problems, lang, as_json, REFUSED)


def _tell(message: Say, problems: Any, lang: str, as_json: bool, code: int) -> int:
    if as_json:
        details = [
            {"code": one.code, "row": one.row, "field": one.field, "message": render(one.say, lang)}
            for one in problems
        ]
        error = {"code": message.key, "message": render(message, lang), "problems": details}
        print(json.dumps({"error": error}, ensure_ascii=False))
        return code
    print(render(message, lang), file=sys.stderr)
    for one in problems:
        row = "" if one.row is None else text("commands.problem_row", lang, row=one.row) + " "
        print(f"  - {row}{render(one.say, lang)}", file=sys.stderr)
    return code


def _usage(error: Any, lang: str, as_json: bool) -> int:
    """What typer found wrong, in the user's language; its own words where there are none of ours."""
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.message, file=sys.stderr)
        return USAGE
    if not as_json and getattr(error, "ctx", None) is not None:
        from benefits.commands.helptext import usage

        print(usage(error.ctx.command, error.ctx), file=sys.stderr)
    return _tell(_usage_words(error), (), lang, as_json, USAGE)


def _usage_words(error: Any) -> Say:
    kind = type(error).__name__
    if kind == "NoSuchOption":
        near = ", ".join(sorted(error.possibilities or ()))
        if near:
            return say("commands.usage.no_such_option_near", option=error.option_name, near=near)
        return say("commands.usage.no_such_option", option=error.option_name)
    if kind == "MissingParameter":
        from benefits.commands.helptext import _left

        return say("commands.usage.missing", name=_left(error.param))
    if kind == "BadOptionUsage":
        return say("commands.usage.option_value", option=error.option_name)
    message = error.format_message()
    if message.startswith("No such command"):
        return say(
            "commands.usage.no_such_command", name=message.split("'")[1] if "'" in message else message
        )
    if message.startswith("Got unexpected extra argument"):
        return say("commands.usage.extra", words=message.rpartition("(")[2].rstrip(".)"))
    return say("commands.usage.other", why=message)


def _from_database(error: Exception) -> Refused | None:
    """A database error that no unit translated, as a refusal; None for a programmer's error."""
    if "sqlalchemy" not in sys.modules:
        return None
    from sqlalchemy.exc import DBAPIError, IntegrityError

    from benefits.kernel.faults import code_of

    if not isinstance(error, DBAPIError):
        return None
    why = str(error.orig).strip().splitlines()[0]
    if isinstance(error, IntegrityError):
        return Refused("commands.integrity", why=why)
    code = code_of(
        error,
        "sqlite"
        if "sqlite" in type(error.orig).__module__ or "sqlcipher" in type(error.orig).__module__
        else "postgresql",
    )
    return Refused(code or "commands.database_error", why=why)
