"""Classes of risk: what a rule may call a zone, and how each looks.

Which count makes which class is in `zoning.rules`.

The risk of a zone is the number of its class: 0 for the lowest.
"""

from typing import Final, Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from geodata.language import Bilingual

_Number = TypeVar("_Number", bound=np.integer)
Pattern = Literal["plain", "dots", "stripes", "lattice"]


class RiskClass(NamedTuple):
    """One class of risk; its number is its place among the classes of its rule."""

    key: str
    """Its name in JSON and in the columns of tables."""
    name: Bilingual
    letter: str
    """For who cannot tell the colours apart, and for print."""
    fill: str
    """Colour of a zone, ``#RRGGBB``."""
    mark: str
    """Colour of the pattern on it."""
    pattern: Pattern


Classes = tuple[RiskClass, ...]
"""The classes of a rule, the lowest first."""

# The colours differ in lightness and blueness too, so that they stay apart for colour-blind
# readers; the letter and the pattern say the same a second and a third time.
FOUR_COLOURS: Final[Classes] = (
    RiskClass("green", Bilingual("hijau", "green"), "H", "#74C2A0", "#4E9C7B", "plain"),
    RiskClass("yellow", Bilingual("kuning", "yellow"), "K", "#FFE455", "#C79A00", "dots"),
    RiskClass("orange", Bilingual("oranye", "orange"), "O", "#EA7612", "#FFD9A8", "stripes"),
    RiskClass("red", Bilingual("merah", "red"), "M", "#9C1031", "#F2A3AF", "lattice"),
)
"""Classes of the instructions of the Ministry of Home Affairs; of a rule that names no others."""
LOWEST: Final = 0
NO_RISK: Final = 255
"""Risk of an area that is no RT."""
ACTIVE_CASES: Final = "active-cases"
"""Flag of a zone of the lowest class that still has active cases, all from before the window."""


def keys_of(classes: Classes) -> list[str]:
    """Keys of classes, the lowest first."""
    return [one.key for one in classes]


def highest_risks(risks: NDArray[_Number], above: NDArray[np.intp], n: int) -> NDArray[_Number]:
    """Risk of areas above the RT: the highest among their RT.

    The law colours only RT, so this says where to look, no more.

    Parameters
    ----------
    risks
        Of RT in any order; an RT may come once for each area it lies in.
    above
        Number of the area each of them lies in; below zero where that is none.
    n
        How many areas there are.

    Returns
    -------
    ndarray, shape ``(n,)``
        The lowest where an area has none of the RT.
    """
    held = above >= 0
    highest = np.zeros(n, dtype=risks.dtype)
    np.maximum.at(highest, above[held], risks[held])
    return highest
