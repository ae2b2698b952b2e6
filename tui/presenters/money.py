"""Money on screens (金额)."""

from benefits.kernel.money import yuan
from tui.i18n import t


def amount(fen: int, lang: str) -> str:
    """``1,234.50 元``."""
    return t("tui.money", lang, yuan=yuan(fen))
