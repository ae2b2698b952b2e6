"""Problems and refusals: what is said when something is wrong.

Data problems are values (``Problem``), collected and shown together; people problems are exceptions with a
code (``Refused``); programmer errors are assertions. Each says what, where, why and what to do, through the
message catalogue, so in the reader's language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Say:
    """A catalogue message with its parameters, not yet in any language. A parameter may itself be a
    ``Say``."""

    key: str
    params: Mapping[str, object] = field(default_factory=lambda: _NOTHING, hash=False)


@dataclass(frozen=True, slots=True)
class Both:
    """Words that are there in both languages already, as a parameter of a message: names of data, rules."""

    zh: str
    en: str


def say(key: str, /, **params: object) -> Say:
    """A message to be rendered later by ``messages.render``."""
    return Say(key, MappingProxyType(params)) if params else Say(key)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with data (数据问题): a stable code, a sentence, and where it stands."""

    code: str
    say: Say
    row: int | None = None
    field: str | None = None


class Refused(Exception):
    """A person's request is refused, nothing has changed; the command line exits with 1.

    ``code`` is a catalogue key as well as the stable code that ``--json`` shows; ``problems`` lists the
    details.
    """

    def __init__(self, code: str, /, *, problems: tuple[Problem, ...] = (), **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.say = say(code, **params)
        self.problems = problems

    def __str__(self) -> str:
        from benefits.kernel.messages import render  # only an unhandled refusal needs words

        return render(self.say, "en")
