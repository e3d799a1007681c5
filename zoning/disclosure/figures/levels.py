"""Kelurahan, kecamatan and kota: the counts of larger areas, and the ranges of all levels."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.boundaries import AreaTable
from zoning.disclosure.figures.counts import AreaCounts, area_positions
from zoning.disclosure.figures.ranges import Ranges, ranges_of_sums, sums_of_parts
from zoning.public.figures import FIGURE_LEVELS

Ints = NDArray[np.int64]


class Hierarchy(NamedTuple):
    """Codes of the areas of each level, and the position of the parent of each area."""

    codes: dict[Level, "pd.Series[str]"]
    kecamatan_of_kelurahan: NDArray[np.intp]
    kota_of_kecamatan: NDArray[np.intp]

    @classmethod
    def of(cls, boundaries: AreaTable) -> "Hierarchy":
        """The areas of boundaries."""
        areas = {level: boundaries.level(level) for level in FIGURE_LEVELS}
        codes = {level: areas[level]["code"] for level in FIGURE_LEVELS}
        return cls(
            codes,
            area_positions(areas["kelurahan"]["parent"].tolist(), codes["kecamatan"]),
            area_positions(areas["kecamatan"]["parent"].tolist(), codes["kota"]),
        )

    @property
    def areas(self) -> list[tuple[str, Level]]:
        """Code and level of each area, the kota first."""
        return [(code, level) for level in FIGURE_LEVELS for code in self.codes[level].tolist()]


def larger_areas(counts: AreaCounts, hierarchy: Hierarchy) -> tuple[Ints, Ints]:
    """Counts of the kota and of the kecamatan."""
    n_kota, n_kecamatan = (len(hierarchy.codes[level]) for level in FIGURE_LEVELS[:2])
    by_kecamatan = sums_of_parts(counts.kelurahan, hierarchy.kecamatan_of_kelurahan, n_kecamatan)
    by_kota = sums_of_parts(by_kecamatan, hierarchy.kota_of_kecamatan, n_kota)
    return counts.without_rt + by_kota, by_kecamatan


def nested_ranges(
    counts: AreaCounts, kelurahan: Ranges, without_rt: Ranges, hierarchy: Hierarchy, widths: Ints
) -> list[Ranges]:
    """Ranges of the kota, the kecamatan and the kelurahan.

    Parameters
    ----------
    kelurahan, without_rt
        The ranges of the parts; `ranges_of_sums` chooses the ranges of the larger areas.
    """
    by_kota, by_kecamatan = larger_areas(counts, hierarchy)
    to_kecamatan, to_kota = hierarchy.kecamatan_of_kelurahan, hierarchy.kota_of_kecamatan
    kecamatan = ranges_of_sums(by_kecamatan, kelurahan, to_kecamatan, widths)
    parts = Ranges(*(np.hstack(pair) for pair in zip(kecamatan, without_rt, strict=True)))
    group = np.concatenate([to_kota, np.arange(by_kota.shape[1])])
    return [ranges_of_sums(by_kota, parts, group, widths), kecamatan, kelurahan]
