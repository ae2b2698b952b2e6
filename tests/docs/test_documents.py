"""The documents tell the truth: links lead somewhere, commands exist, both languages say the same."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|<img[^>]*src=\"([^\"]+)\"")
FENCE = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _commands(path: Path) -> list[str]:
    """Command lines of the shell blocks, without their comments."""
    lines = [
        line for kind, block in FENCE.findall(_text(path)) if kind == "sh" for line in block.splitlines()
    ]
    return [line.partition("#")[0].strip() for line in lines if line.startswith("./run")]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    targets = [first or second for first, second in LINK.findall(FENCE.sub("", _text(path)))]
    local = [
        target.partition("#")[0] for target in targets if "://" not in target and not target.startswith("#")
    ]
    assert [target for target in local if not (path.parent / target).exists()] == []


def test_every_decision_is_in_the_list() -> None:
    folder = ROOT / "docs" / "adr"
    listed = _text(folder / "README.md")
    numbered = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [name for name in numbered if f"({name})" not in listed] == []
    assert [int(name[:4]) for name in numbered] == list(range(1, len(numbered) + 1))


def test_both_readmes_show_the_same_commands() -> None:
    assert _commands(ROOT / "README.md") == _commands(ROOT / "README.zh-CN.md") != []


def test_no_document_names_the_place_where_it_was_written() -> None:
    assert [path.name for path in DOCUMENTS if re.search(r"/(work|root|tmp|home)/\w", _text(path))] == []
