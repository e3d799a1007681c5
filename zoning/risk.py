"""Classes of risk: key, name, letter, colour and pattern of each class of a rule.

The risk of a zone is the number of its class: 0 for the lowest. The thresholds of the classes are
in `zoning.rules`.
"""

from typing import Final, Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from geodata.language import Bilingual

_Number = TypeVar("_Number", bound=np.integer)
Pattern = Literal["plain", "dots", "stripes", "lattice"]


class RiskClass(NamedTuple):
    """One class of risk; its number is its position among the classes of its rule."""

    key: str
    """Name in JSON and in columns of tables."""
    name: Bilingual
    letter: str
    """For colour-blind readers and for print."""
    fill: str
    """Colour of a zone, ``#RRGGBB``."""
    mark: str
    """Colour of the pattern, ``#RRGGBB``."""
    pattern: Pattern


Classes = tuple[RiskClass, ...]
"""The classes of a rule, the lowest first."""

# The colours also differ in lightness and blue, so colour-blind readers can distinguish them; the
# letter and the pattern repeat the information.
FOUR_COLOURS: Final[Classes] = (
    RiskClass("green", Bilingual("hijau", "green"), "H", "#74C2A0", "#4E9C7B", "plain"),
    RiskClass("yellow", Bilingual("kuning", "yellow"), "K", "#FFE455", "#C79A00", "dots"),
    RiskClass("orange", Bilingual("oranye", "orange"), "O", "#D96200", "#FFD9A8", "stripes"),
    RiskClass("red", Bilingual("merah", "red"), "M", "#8F0D33", "#F2A3AF", "lattice"),
)
"""Classes of the instructions of the Ministry of Home Affairs; the default of a rule."""
LOWEST_RISK: Final = 0
NO_RISK: Final = 255
"""Risk of an area that is no RT."""
ACTIVE_CASES: Final = "active-cases"
"""Flag of a zone of the lowest class with active cases from before the window."""


def class_keys(classes: Classes) -> list[str]:
    """Keys of classes, the lowest first."""
    return [risk_class.key for risk_class in classes]


def highest_risks(
    risks: NDArray[_Number], area_numbers: NDArray[np.intp], n_areas: int
) -> NDArray[_Number]:
    """Risk of areas above the RT: the highest among their RT.

    The law colours only RT; the risk of a larger area only shows where to look.

    Parameters
    ----------
    risks
        Risks of RT, in any order; an RT may appear once for each area that contains it.
    area_numbers
        Number of the area of each RT, negative for no area.
    n_areas
        Number of areas.

    Returns
    -------
    ndarray
        Shape ``(n_areas,)``; the lowest class for an area without RT.
    """
    in_area = area_numbers >= 0
    highest = np.zeros(n_areas, dtype=risks.dtype)
    np.maximum.at(highest, area_numbers[in_area], risks[in_area])
    return highest
