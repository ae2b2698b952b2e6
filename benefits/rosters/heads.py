"""The head of a roster (表头): found wherever it stands, each column matched by what its heading means.

The Beijing template's data begins at row 21, after twenty rows of notes (DOMAIN 2.2 [S15]); units head their
own lists as they please. A heading means a column if it is one of its names; failing that, if what it has
besides says nothing (会员姓名 is 姓名, 配偶姓名 is not), or if it sounds the same (身份征号码). Single Han
characters are never exchanged otherwise: 转入单位 and 转出单位 differ by one.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, Literal, TypeVar

from benefits.kernel.errors import Problem, say
from benefits.kernel.pinyin import by_phrase
from benefits.kernel.text import plain, shown
from benefits.rosters.files.cells import Block, Cell, Row, letter

How = Literal["exact", "alias", "remembered", "similar"]

SEARCHED = 60
"""Rows in which the head is looked for."""
_RANK: dict[How | None, int] = {"remembered": 0, "exact": 1, "alias": 2, "similar": 3}
_BRACKETS = re.compile(r"[(\[{<【〔〈《「『][^)\]}>】〕〉》」』]*[)\]}>】〕〉》」』]")
_FILLERS = (
    "必填项 必填 选填 可不填 填写 请 会员 女职工 职工 员工 人员 本人 参保人 被保险人 被保障人 个人 信息 "
    "的 所在 所属 基层 号码 号 码 名称 全称 内容 情况 数字 文本 格式 年月日"
)
_FILLER = re.compile("|".join([*sorted(_FILLERS.split(), key=len, reverse=True), "[0-9]+位?"]))

Item = TypeVar("Item", Block, list[Row])


class Peekable(Generic[Item]):
    """Blocks whose beginning can be looked at: ``Peekable(opened.blocks())``, ``Peekable(opened)``."""

    def __init__(self, blocks: Iterable[Item]) -> None:
        self._blocks: Iterator[Item] = iter(blocks)
        self._seen: list[Item] = []

    def first(self, count: int) -> list[Row]:
        """The first rows; they stay."""
        rows: list[Row] = [row for item in self._seen for row in _rows(item)]
        while len(rows) < count and (item := next(self._blocks, None)) is not None:
            self._seen.append(item)
            rows += _rows(item)
        return rows[:count]

    def after(self, number: int) -> Iterator[Item]:
        """The blocks of the rows after that one, once."""
        for item in chain(self._seen, self._blocks):
            rest = item.after(number) if isinstance(item, Block) else [r for r in item if r.number > number]
            if rest:
                yield rest
        self._seen = []


def _rows(item: Block | list[Row]) -> list[Row]:
    return item.rows() if isinstance(item, Block) else item


@dataclass(frozen=True, slots=True)
class HeadCell:
    """One heading (列标题): where it stands, and which column of the kind it means, if any."""

    index: int
    """Counted from 0, as in ``Row.cells``."""
    letter: str
    text: str
    key: str | None
    how: How | None


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a file. ``row`` is its last row, the list begins after it; 0 where none was found."""

    row: int
    columns: tuple[HeadCell, ...]
    missing: tuple[str, ...]
    """Required keys that no column means."""
    doubled: tuple[Problem, ...]
    """Columns that mean the same, equally well; the first has the key."""
    digest: str
    """SHA-256 of the headings in their plain form: the same head gives the same."""
    seen: tuple[str, ...] = ()
    """Where none was found: what the first rows hold instead, for the sentence."""


def plain_heading(text: str) -> str:
    r"""A heading without what only adorns it: full-width forms, spaces, line ends, stars, brackets, marks,
    case. Key of ``remembered``.

    >>> plain_heading("＊身份证\n号码（必填）"), plain_heading("Phone No.")
    ('身份证号码', 'phoneno')
    """
    folded = unicodedata.normalize("NFKC", plain(text)).casefold()
    folded = re.sub(r"[(\[【<]\s*(?:必填项?|选填|\*)\s*[)\]】>]", "", folded)
    return "".join(char for char in folded if char.isalnum())


def find_head(
    rows: "Peekable[Block] | Peekable[list[Row]]",
    names: Mapping[str, tuple[str, ...]],
    required: Collection[str],
    remembered: Mapping[str, str],
) -> Head:
    """The row, or two rows, among the first 60 that have the most of the wanted columns.

    ``names``: key -> its headings, our own first; ``remembered``: plain heading -> key, or "" for a column to
    be left out, which goes before everything. The rows stay in ``rows``; go on with ``rows.after(head.row)``.
    """
    first = rows.first(SEARCHED)
    matcher = _Matcher(names, remembered)
    best: tuple[tuple[bool, int, int], int, list[str], list[HeadCell]] | None = None
    for number, row in enumerate(first):
        above = first[number - 1] if number and first[number - 1].number == row.number - 1 else None
        for texts in _readings(row, above):
            columns = matcher.columns(texts)
            found = {cell.key for cell in columns if cell.key}
            sure = sum(1 for cell in columns if cell.key and cell.how != "similar")
            worth = (found.issuperset(required), len(found), sure)
            enough = len(found) > 1 or (found and worth[0])
            if enough and (best is None or worth > best[0]):
                best = worth, row.number, texts, columns
    if best is None:
        fullest = max(first, key=lambda row: sum(1 for text in _texts(row.cells) if text), default=None)
        seen = tuple(shown(text) for text in _texts(fullest.cells) if text)[:8] if fullest else ()
        return Head(0, (), tuple(required), (), "", seen)
    _, number, texts, columns = best
    settled, doubled = _settle(matcher.by_sound(columns), number)
    met = {cell.key for cell in settled}
    plain_texts = "\x1f".join(plain_heading(text) for text in texts).rstrip("\x1f")
    digest = hashlib.sha256(plain_texts.encode()).hexdigest()
    return Head(number, settled, tuple(key for key in required if key not in met), doubled, digest)


def _texts(cells: Sequence[Cell]) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in cells]


def _readings(row: Row, above: Row | None) -> Iterator[list[str]]:
    """The headings of a row by itself, and under those of the row above, which reach to the right until the
    next."""
    lower = _texts(row.cells)
    yield lower
    if above is None:
        return
    upper = _texts(above.cells)
    width = max(len(lower), len(upper))
    lower += [""] * (width - len(lower))
    upper += [""] * (width - len(upper))
    made, group = [], ""
    for over, under in zip(upper, lower, strict=True):
        group = over or group
        made.append(group + under if under else over)
    yield made


def _settle(columns: list[HeadCell], row: int) -> tuple[tuple[HeadCell, ...], tuple[Problem, ...]]:
    """One column a key: the one that means it best; equals are a problem."""
    holders: dict[str, HeadCell] = {}
    doubled = []
    for cell in columns:
        if not cell.key:
            continue
        held = holders.get(cell.key)
        if held is None or _RANK[cell.how] < _RANK[held.how]:
            holders[cell.key] = cell
        elif _RANK[cell.how] == _RANK[held.how] and cell.how != "similar":
            words = say(
                "rosters.head_doubled",
                row=row,
                first=f"{held.letter}「{shown(held.text)}」",
                second=f"{cell.letter}「{shown(cell.text)}」",
            )
            doubled.append(Problem("rosters.head_doubled", words, row=row, field=cell.key))
    settled = tuple(
        cell
        if cell.key is None or holders[cell.key] is cell
        else HeadCell(cell.index, cell.letter, cell.text, None, None)
        for cell in columns
    )
    return settled, tuple(doubled)


class _Matcher:
    """The headings that are known, in their plain form."""

    def __init__(self, names: Mapping[str, tuple[str, ...]], remembered: Mapping[str, str]) -> None:
        self.names = names
        self.remembered = remembered
        self.known: dict[str, tuple[str, How]] = {}
        for key, words in names.items():
            for place, word in enumerate((*words, key)):
                self.known.setdefault(plain_heading(word), (key, "alias" if place else "exact"))
        for key, words in names.items():
            if words:
                self.known[plain_heading(words[0])] = key, "exact"
        self.bare = _unique((_bare(word), key) for word, (key, _) in self.known.items())
        self.judged: dict[str, tuple[str | None, How | None]] = {}

    def columns(self, texts: list[str]) -> list[HeadCell]:
        """A row of headings with what each means by itself."""
        made = []
        for index, text in enumerate(texts):
            if text not in self.judged:
                self.judged[text] = self._judge(text)
            key, how = self.judged[text]
            made.append(HeadCell(index, letter(index), text, key, how))
        return made

    def _judge(self, text: str) -> tuple[str | None, How | None]:
        if not text or len(text) > 60:
            return None, None
        heading = plain_heading(text)
        wanted = self.remembered.get(heading)
        if wanted in self.names:
            return wanted, "remembered"
        if wanted == "":
            return None, "remembered"
        if heading in self.known:
            return self.known[heading]
        outside = plain_heading(_BRACKETS.sub("", unicodedata.normalize("NFKC", text)))
        if outside in self.known:
            return self.known[outside][0], "similar"
        key_of = self.bare.get(_bare(outside))
        return (key_of, "similar") if key_of else (None, None)

    def by_sound(self, columns: list[HeadCell]) -> list[HeadCell]:
        """Headings that only sound like a name which no column has: the slip of an input method (姓别)."""
        met = {cell.key for cell in columns}
        if met.issuperset(self.names) or not any(_may_be_a_slip(cell) for cell in columns):
            return columns
        read = by_phrase()

        def sound(text: str) -> str:
            return " ".join(read(text))

        sounds = _unique((sound(word), key) for word, (key, _) in self.known.items() if key not in met)
        made = []
        for cell in columns:
            key = sounds.get(sound(plain_heading(cell.text))) if _may_be_a_slip(cell) else None
            made.append(HeadCell(cell.index, cell.letter, cell.text, key, "similar") if key else cell)
        return made


def _may_be_a_slip(cell: HeadCell) -> bool:
    return cell.how is None and re.fullmatch("[\u4e00-\u9fff]{2,12}", plain_heading(cell.text)) is not None


def _bare(heading: str) -> str:
    """What a heading says without words that say nothing; all of it where too little would be left."""
    rest = _FILLER.sub("", heading)
    return rest if len(rest) > 1 else heading


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Words that mean one key and no other."""
    meanings: dict[str, set[str]] = {}
    for word, key in pairs:
        meanings.setdefault(word, set()).add(key)
    return {word: keys.pop() for word, keys in meanings.items() if word and len(keys) == 1}
