"""Number of days within which another date of a person is a correction."""

from typing import Final

CORRECTION_DAYS: Final = 14
"""Another date within this many days of the first date is a correction; a later date is another
test."""
