"""The colours of a day as a small file, in the order of the index of names.

Eight bytes of header: format, bits of a zone, number of classes, zero, and the number of zones in
four bytes. Then the risks of the zones one after another, the lowest bit first. An area that is
no zone has the number of classes instead of a risk.
"""

import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zoning.public.search.name_index import NameIndex
from zoning.risk import NO_RISK

FORMAT: Final = 1
_HEADER: Final = struct.Struct("<BBBxI")


def colour_file(index: NameIndex, risks: NDArray[np.uint8], classes: int) -> bytes:
    """The colours of a day.

    Parameters
    ----------
    index
        The index of the boundaries of the day.
    risks
        Risk of each of the smallest areas, `NO_RISK` for an area that is no zone.
    classes
        Number of classes of the city's rules.
    """
    values = risks[index.rows]
    values = np.where(values == NO_RISK, classes, values).astype(np.uint8)
    has_other_areas = not all(zone.is_zone for zone in index.zones)
    bits = max(1, (classes - 1 + has_other_areas).bit_length())
    header = _HEADER.pack(FORMAT, bits, classes, len(values))
    lowest_first = values[:, np.newaxis] >> np.arange(bits, dtype=np.uint8) & 1
    return header + np.packbits(lowest_first.ravel(), bitorder="little").tobytes()
