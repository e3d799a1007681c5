"""Within how many days another date of a person is a correction of the first."""

from typing import Final

CORRECTION_DAYS: Final = 14
"""Within this many days another date is a correction of the first; later it is another test."""
