"""Shares of a whole (最大余数法): pieces given out in proportion to people, none lost and none made.

Each gets its exact share rounded down; what is then left goes, one piece each, to those whose rest is
largest, and of equal rests to whoever stands first.
"""

from collections.abc import Sequence


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` in proportion to ``weights``, which stand in the order that decides ties; all zero where all
    weights are.

    >>> shares(10, [1, 1, 1]), shares(7, [2, 1, 0]), shares(2000, [5, 3])
    ([4, 3, 3], [5, 2, 0], [1250, 750])
    """
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    given = [total * weight // whole for weight in weights]
    rests = sorted(range(len(weights)), key=lambda at: (-(total * weights[at] % whole), at))
    for at in rests[: total - sum(given)]:
        given[at] += 1
    return given
