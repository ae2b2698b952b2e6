"""The message catalogue is whole: both languages, the same parameters, every key that is used, none that is
not."""

import ast
import re
import string
from collections.abc import Iterator
from functools import cache

import pytest

from benefits.kernel.actions import action_key
from benefits.kernel.messages import LANGUAGES, catalogue
from tests.architecture.code import ROOT, calls, dotted, modules, services

NOT_PARAMETERS = {"problems", "lang"}
SAYING = {"say", "Refused", "text", "template"}


def _packages() -> list[str]:
    files = [*ROOT.glob("benefits/*/messages*.toml"), *ROOT.glob("tui/messages*.toml")]
    return sorted({path.parent.name for path in [*files, *ROOT.glob("reports/messages*.toml")]})


@cache
def _all_messages() -> dict[str, dict[str, str]]:
    return {key: message for package in _packages() for key, message in catalogue(package).items()}


def _fields(template: str) -> set[str]:
    return {
        name.partition(".")[0] for _, name, _, _ in string.Formatter().parse(template) if name is not None
    }


@pytest.mark.parametrize("package", _packages())
def test_each_message_is_there_in_both_languages_with_the_same_parameters(package: str) -> None:
    wrong = []
    for key, message in catalogue(package).items():
        if set(message) != set(LANGUAGES) or not all(message.values()):
            wrong.append(f"{key}: languages {sorted(message)}")
        elif _fields(message["zh"]) != _fields(message["en"]):
            wrong.append(f"{key}: {_fields(message['zh'])} in zh, {_fields(message['en'])} in en")
        elif key.partition(".")[0] != package:
            wrong.append(f"{key} stands in the catalogue of {package}")
    assert wrong == []


def _spoken() -> Iterator[tuple[str, ast.Call, str]]:
    """Calls that name a message by a literal: where, the call, the key."""
    prefixes = tuple(f"{package}." for package in _packages())
    for module in modules():
        for call in calls(module.tree):
            name = dotted(call.func).rpartition(".")[2]
            first = call.args[0] if call.args else None
            if (
                name in SAYING
                and isinstance(first, ast.Constant)
                and isinstance(first.value, str)
                and first.value.startswith(prefixes)
            ):
                yield f"{module.path}:{call.lineno}", call, first.value


def test_every_message_that_is_used_exists() -> None:
    assert [f"{where}: {key}" for where, _, key in _spoken() if key not in _all_messages()] == []


def test_every_message_gets_its_parameters() -> None:
    wrong = []
    for where, call, key in _spoken():
        message = _all_messages().get(key)
        if message is None or any(word.arg is None for word in call.keywords):
            continue
        given = {str(word.arg) for word in call.keywords} - NOT_PARAMETERS
        missing = _fields(message["zh"]) - given
        if missing:
            wrong.append(f"{where}: {key} lacks {sorted(missing)}")
    assert wrong == []


def _pattern(node: ast.JoinedStr) -> str:
    return "".join(
        re.escape(part.value) if isinstance(part, ast.Constant) and isinstance(part.value, str) else ".+"
        for part in node.values
    )


def _actions() -> list[str]:
    """Names of the actions that the services declare (tests declare more)."""
    verbs = [verb for service in services() for verb in vars(service).values()]
    return sorted({verb.__action__.name for verb in verbs if hasattr(verb, "__action__")})


def _literals() -> tuple[set[str], list[re.Pattern[str]]]:
    """All strings of the source, and its f-strings as patterns."""
    plain: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                plain.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                pattern = _pattern(node)
                if "\\." in pattern and not pattern.startswith(".+\\.") and " " not in pattern:
                    patterns.append(re.compile(pattern))
    return plain, patterns


def test_no_message_is_left_over() -> None:
    plain, patterns = _literals()
    declared = {action_key(name) for name in _actions()}
    unused = [
        key
        for key in _all_messages()
        if key not in plain
        and key not in declared
        and not any(pattern.fullmatch(key) for pattern in patterns)
    ]
    assert unused == []


def test_every_action_has_a_sentence() -> None:
    assert [name for name in _actions() if action_key(name) not in _all_messages()] == []
