"""The command reference is what the program says."""

import pytest

from benefits.kernel.messages import LANGUAGES
from docs.guide.make import FILES, HERE, guide


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_reference_is_what_the_program_says(lang: str) -> None:
    written = (HERE / FILES[lang]).read_text(encoding="utf-8")
    assert written == guide(lang), "write it anew: ./run python docs/guide/make.py"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_verb_has_a_section(lang: str) -> None:
    written = (HERE / FILES[lang]).read_text(encoding="utf-8")
    assert written.count("\n#### benefits ") > 15
    assert written.count("--as-of DATE") > 5
