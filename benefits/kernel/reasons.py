"""A clerk's reason (理由): what must be said where somebody decides against what the program says, or sees
what it hides."""

from benefits.kernel.errors import Refused

LONGEST_REASON = 200


def reason_said(text: str, *, missing: str, long: str, least: int = 2) -> str:
    """The reason as it is kept. Raises Refused ``missing`` for fewer than ``least`` characters, ``long`` for
    more than 200."""
    said = text.strip()
    if len(said) < least:
        raise Refused(missing)
    if len(said) > LONGEST_REASON:
        raise Refused(long, length=len(said), most=LONGEST_REASON)
    return said
