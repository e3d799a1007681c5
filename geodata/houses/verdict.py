"""Result of a comparison of two houses, streets or names."""

from enum import IntEnum


class Verdict(IntEnum):
    """Whether two texts mean the same thing."""

    DIFFERENT = 0
    UNCLEAR = 1
    SAME = 2
