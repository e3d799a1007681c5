"""Names of the kinds of records, for modules that offer a choice of kinds and read no records.

The kinds themselves are modules of `geodata.records.kinds`.
"""

from typing import Final, Literal, get_args

KindName = Literal["cases", "newcomers", "places", "indicators"]
KIND_NAMES: Final[tuple[KindName, ...]] = get_args(KindName)
