"""Names of places for merging: codes of areas, and houses. Merging uses no polygons."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.houses import HouseReader


class PlaceNames(NamedTuple):
    """Names of the city's places.

    Attributes
    ----------
    kecamatan
        Code of each kecamatan by its name, folded by `geodata.text.area_names.fold_name`.
    kelurahan
        Gives the kelurahan codes of ``n`` records, object ``(n,)``, None if a record names no
        kelurahan; from a table with the columns ``rt, rw, kelurahan, kecamatan``.
    houses
        Reads the house of an address.
    """

    kecamatan: Mapping[str, str]
    kelurahan: Callable[[pa.Table], NDArray[np.object_]]
    houses: HouseReader
