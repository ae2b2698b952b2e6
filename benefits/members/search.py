"""Finding people as one types (会员检索): by a part of the name, pinyin, initials, last digits or a whole
number. Numbers are masked.

One index serves on both engines (``MemberKey``, DESIGN law 15): "contains" is the prefix of some suffix, the
tail of a number a prefix of it reversed. Keys are walked in order and people looked up until a page is full.
Where a search is narrowed to few people, theirs are looked at instead; the order is the same.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from benefits.kernel.ids import Sex, check_id
from benefits.kernel.pinyin import KeyKind, classify_query
from benefits.kernel.text import plain
from benefits.kernel.unit import ReadUnit
from benefits.members.derive import identifier_digest, phone_digest
from benefits.members.identity import identity_digest
from benefits.members.matching import FEW, Cursor, agreeing, first_hit, told_twice
from benefits.members.models import (
    IdentifierKind,
    Member,
    MemberIdentifier,
    MemberIdentity,
    MemberKey,
    Membership,
    Status,
)
from benefits.organisations.models import Organisation
