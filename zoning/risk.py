"""The four risks of a zone and their names. Which count makes which risk: `zoning.rules`."""

from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from geodata.language import Bilingual

_Number = TypeVar("_Number", bound=np.integer)


class Risk(NamedTuple):
    """One of the four risks; its number is its place in `RISKS`."""

    name: Bilingual
    letter: str
    """For who cannot tell the colours apart, and for print."""


RISKS: Final = (
    Risk(Bilingual("hijau", "green"), "H"),
    Risk(Bilingual("kuning", "yellow"), "K"),
    Risk(Bilingual("oranye", "orange"), "O"),
    Risk(Bilingual("merah", "red"), "M"),
)
GREEN: Final = 0
NO_RISK: Final = 255
"""Risk of an area that is no RT."""
ACTIVE_CASES: Final = "active-cases"
"""Flag of a green zone that still has active cases, all confirmed before the window."""


def highest_risks(risks: NDArray[_Number], above: NDArray[np.intp], n: int) -> NDArray[_Number]:
    """Risk of areas above the RT: the highest among their RT.

    The law colours only RT, so this says where to look, no more.

    Parameters
    ----------
    risks
        0 to 3, of RT in any order; an RT may come once for each area it lies in.
    above
        Number of the area each of them lies in; below zero where that is none.
    n
        How many areas there are.

    Returns
    -------
    ndarray, shape ``(n,)``
        Green where an area has none of the RT.
    """
    held = above >= 0
    highest = np.zeros(n, dtype=risks.dtype)
    np.maximum.at(highest, above[held], risks[held])
    return highest
