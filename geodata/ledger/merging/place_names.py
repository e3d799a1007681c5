"""Names of places that merging compares: codes of areas, and houses. No polygon is asked."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.houses import HouseReader


class PlaceNames(NamedTuple):
    """What merging knows of the city's places.

    Attributes
    ----------
    kecamatan
        Code of each kecamatan by its name, folded by `geodata.text.area_names.fold_name`.
    kelurahan
        Codes of the kelurahan that ``n`` records name, object ``(n,)``, None where a record names
        none; from the columns ``rt, rw, kelurahan, kecamatan``.
    houses
        Reads the house that an address names.
    """

    kecamatan: Mapping[str, str]
    kelurahan: Callable[[pa.Table], NDArray[np.object_]]
    houses: HouseReader
