"""Money (金额): whole fen (分), never a float. Amounts are read from what people write and written in the two
ways of paper."""

import re
import unicodedata
from collections.abc import Sequence

from benefits.kernel.errors import Refused
from benefits.kernel.text import shown

Fen = int  # 1 yuan = 100 fen

_LARGEST: Fen = 10**14 - 1  # 9999亿…: what fits twelve digits of yuan, and a 64-bit column with room for sums
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
_WRITTEN = re.compile(r"(-?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{1,2}))?")


def yuan(fen: Fen) -> str:
    """Figures in yuan with separators and two decimals.

    >>> yuan(123450), yuan(-5)
    ('1,234.50', '-0.05')
    """
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def parse_yuan(text: str) -> Fen:
    """Fen from an amount in yuan as people write it: 1234.5, ¥1,234.50, １２３４元, 人民币1,234元整.

    At most two decimals, separators only between threes, no 万, no more than twelve digits of yuan; a minus
    sign is read (it is for the caller to say where it makes no sense). Raises Refused.

    >>> parse_yuan("￥1,234.50"), parse_yuan("25元")
    (123450, 2500)
    """
    cleaned = unicodedata.normalize("NFKC", text).strip()
    cleaned = cleaned.removeprefix("人民币").strip().removeprefix("¥").strip()
    match = _WRITTEN.fullmatch(re.sub(r"\s*元[整正]?$", "", cleaned))
    if match is None:
        raise Refused("kernel.amount_form", text=shown(text))
    sign, whole, rest = match.groups()
    digits = whole.replace(",", "").lstrip("0")
    if len(digits) > 12:
        raise Refused("kernel.amount_large", text=shown(text), largest=yuan(_LARGEST))
    fen = int(digits or "0") * 100 + int((rest or "0").ljust(2, "0"))
    return -fen if sign else fen


def capitals(fen: Fen) -> str:
    """The amount in words (人民币大写) for receipts and payment lists, by DOMAIN 4.2 [S102].

    Prefix 人民币 with no gap; 整 after 元 or 角, nothing after 分; a run of zeros is one 零; 零 after 元
    where the 角 digit or the units digit of the yuan is 0 and something follows. Raises Refused for a
    negative amount or one beyond twelve digits.

    >>> capitals(25877800), capitals(1640902), capitals(5)
    ('人民币贰拾伍万捌仟柒佰柒拾捌元整', '人民币壹万陆仟肆佰零玖元零贰分', '人民币伍分')
    """
    if fen < 0:
        raise Refused("kernel.words_negative", amount=yuan(fen))
    if fen > _LARGEST:
        raise Refused("kernel.words_large", amount=yuan(fen), largest=yuan(_LARGEST))
    whole, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    words = f"{_integer(whole)}元" if whole or not rest else ""
    if not rest:
        return f"人民币{words}整"
    if whole and (jiao == 0 or whole % 10 == 0):
        words += "零"
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    return f"人民币{words}" + (f"{_DIGITS[cents]}分" if cents else "整")


def _integer(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    words, gap = "", False
    for position in reversed(range(len(_GROUPS))):
        group = number // 10 ** (4 * position) % 10000
        if group == 0:
            gap = bool(words)  # a whole group of zeros: one 零 before what follows, if anything does
            continue
        if words and (gap or group < 1000):
            words += _DIGITS[0]
        words += _group(group) + _GROUPS[position]
        gap = False
    return words


def _group(group: int) -> str:
    words, gap = "", False
    for position in reversed(range(4)):
        digit = group // 10**position % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += (_DIGITS[0] if gap else "") + _DIGITS[digit] + _PLACES[position]
        gap = False
    return words


def split(fen: Fen, weights: Sequence[int]) -> tuple[Fen, ...]:
    """``fen`` shared out by ``weights`` so that the parts add up to it exactly (largest remainder; a tie goes
    to the earlier).

    Weights are whole and not negative and at least one is above zero, else ValueError: they come from a plan,
    not from a person.

    >>> split(100, (1, 1, 1)), split(3600, (15, 10, 11))
    ((34, 33, 33), (1500, 1000, 1100))
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError(f"weights must be whole, not negative and not all zero: {weights!r}")
    shares = [divmod(abs(fen) * weight, total) for weight in weights]
    parts = [share for share, _ in shares]
    left = abs(fen) - sum(parts)
    for position in sorted(range(len(parts)), key=lambda place: -shares[place][1])[:left]:
        parts[position] += 1
    return tuple(-part if fen < 0 else part for part in parts)
