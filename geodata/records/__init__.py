"""Records: the columns of cases and newcomers, and the check every row must pass.

Knows cells, words, dates and keys; where a record lies on the map is known one floor up.
"""

from geodata.records.checks import Checked, check
from geodata.records.kinds import CASES, KINDS, NEWCOMERS, Field, Kind, kind_of

__all__ = ["CASES", "KINDS", "NEWCOMERS", "Checked", "Field", "Kind", "check", "kind_of"]
