"""What the commands on paper share: their group, and telling where a paper lies."""

from typing import TYPE_CHECKING, Any

from benefits.commands.options import Call, group
from benefits.commands.show import emit, words

if TYPE_CHECKING:
    from reports.output import RenderedReport

app = group("report")


def tell(
    call: Call, made: "RenderedReport", digest: str, first: dict[str, Any], last: dict[str, Any] | None = None
) -> None:
    """Say where a paper lies, how long it is, and which characters no face has."""
    missing = [_missing(one) for one in made.missing]
    data = {
        "report": str(made.path.resolve()),
        **first,
        "pages": made.pages,
        "bytes": made.bytes,
        "sha256": made.sha256,
        "digest": digest,
        "missing_glyphs": missing,
        **(last or {}),
    }
    lines = [
        words(
            call,
            "commands.report.made",
            path=data["report"],
            pages=made.pages,
            size=f"{made.bytes / 1024:,.0f}",
        ),
        f"SHA-256 {made.sha256}",
    ]
    if missing:
        lines.append(words(call, "commands.report.missing", chars=" ".join(one["char"] for one in missing)))
    emit(call, data, *lines)


def _missing(one: object) -> dict[str, str]:
    """A character that no face has."""
    char = str(getattr(one, "char", one))
    return {"char": char, "code": " ".join(f"U+{ord(each):04X}" for each in char)}
