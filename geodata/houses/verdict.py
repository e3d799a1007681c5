"""The three answers to the question whether two things are one."""

from enum import IntEnum


class Verdict(IntEnum):
    """Whether two writings mean one thing."""

    DIFFERENT = 0
    UNCLEAR = 1
    SAME = 2
