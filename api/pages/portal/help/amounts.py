"""Amounts of things by area: totals of doses, parcels and donations; the newest count of beds.

A reported value of doses, parcels or donations is the amount of the period that ends on its day:
the total of an area is the sum of its values. A value of beds is a count on its day: the newest
counts. Reports of the area itself and sums of the areas below are never added to each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.pages.portal.help.city_data import CityData
from geodata.areas import Level
from geodata.boundaries import AreaFacts, Boundaries
from geodata.language import Bilingual, format_indonesian
from geodata.records.indicator_names import known_indicators

Reading = Literal["total", "newest"]
_CELL: Final = 400
"""Bytes of one number in the cache, about."""
_BELOW: Final[dict[Level, Level]] = {"kota": "kecamatan", "kecamatan": "kelurahan"}


@dataclass(frozen=True)
class Amount:
    """A number for an area.

    Attributes
    ----------
    first, last
        First and last reported day in the number.
    is_sum
        Whether the number is a sum of the areas below.
    """

    value: float
    first: date
    last: date
    is_sum: bool

    @property
    def text(self) -> Bilingual:
        """The number in words of both languages."""
        form = ",.0f" if self.value == round(self.value) else ",.1f"
        return Bilingual(format_indonesian(self.value, form), format(self.value, form))


@dataclass(frozen=True)
class Column:
    """An indicator in one unit."""

    indicator: str
    title: Bilingual
    unit: Bilingual

    @property
    def names_unit(self) -> bool:
        """Whether the title begins with the unit: ``Tempat tidur terisi``."""
        return self.title.id.lower().startswith(self.unit.id.lower())


@dataclass(frozen=True)
class AreaRow:
    """The amounts of an area, one for each column; None where there is no data."""

    area: AreaFacts
    amounts: list[Amount | None]


@dataclass(frozen=True)
class AmountTable:
    """Amounts of an area and of the areas below it.

    Attributes
    ----------
    whole
        The area itself.
    parts
        The areas below; empty for a kelurahan.
    above
        The area that contains the area; None for the city.
    """

    columns: list[Column]
    whole: AreaRow
    parts: list[AreaRow]
    above: AreaFacts | None

    @property
    def shown(self) -> list[int]:
        """Columns in which a part has data: a table of the parts shows these."""
        return [
            number
            for number in range(len(self.columns))
            if any(part.amounts[number] is not None for part in self.parts)
        ]

    @property
    def missing(self) -> list[int]:
        """For each column, the parts without data; 0 if the area itself reports."""
        return [
            0
            if whole is None or not whole.is_sum
            else sum(part.amounts[number] is None for part in self.parts)
            for number, whole in enumerate(self.whole.amounts)
        ]


class _Reports(NamedTuple):
    """The reports of an area in order of their days."""

    days: NDArray[np.datetime64]
    values: NDArray[np.float64]
    is_sum: NDArray[np.bool_]


def amount_table(
    data: CityData, indicators: Sequence[str], code: str | None, until: date, reading: Reading
) -> AmountTable:
    """The amounts of some indicators up to a day.

    Parameters
    ----------
    indicators
        Names of known indicators of things. An indicator without reports has one column, without
        data; an indicator in two units has two columns.
    code
        Code of an area; the city for None. For an RW or RT, the kelurahan that contains it,
        because figures of smaller areas are not public.

    Raises
    ------
    NotFoundError
        ``no-area``.
    """
    area = _public_area(data.boundaries, code)
    return data.city.cache.get_or_build(
        ("amounts of the portal", data.stamp, (*indicators,), area.code, until, reading),
        lambda: _build_table(data, indicators, area, until, reading),
        lambda table: _CELL * len(table.columns) * (1 + len(table.parts)),
    )


def _build_table(
    data: CityData, indicators: Sequence[str], area: AreaFacts, until: date, reading: Reading
) -> AmountTable:
    boundaries = data.boundaries
    below = boundaries.level(_BELOW[area.level]) if area.level in _BELOW else None
    part_codes = [] if below is None else below.loc[below["parent"] == area.code, "code"].tolist()
    reports = {name: _reports(data, name) for name in indicators}
    pairs = [
        (name, unit)
        for name in indicators
        for unit in dict.fromkeys([unit for _, unit in reports[name]] or [""])
    ]

    def row(facts: AreaFacts) -> AreaRow:
        found = [reports[name].get((facts.code, unit)) for name, unit in pairs]
        return AreaRow(facts, [_read(each, until, reading) for each in found])

    return AmountTable(
        columns=[_column(name, unit) for name, unit in pairs],
        whole=row(area),
        parts=[row(boundaries.area(part)) for part in part_codes],
        above=None if area.parent is None else boundaries.area(area.parent),
    )


def _public_area(boundaries: Boundaries, code: str | None) -> AreaFacts:
    """The area, or the kelurahan around an RW or RT."""
    area = boundaries.area(code or boundaries.level("kota")["code"].iloc[0])
    while area.level not in {"kota", "kecamatan", "kelurahan"} and area.parent is not None:
        area = boundaries.area(area.parent)
    return area


def _read(reports: _Reports | None, until: date, reading: Reading) -> Amount | None:
    if reports is None:
        return None
    is_known = reports.days <= np.datetime64(until)
    is_own = is_known & ~reports.is_sum
    is_sum = is_known & reports.is_sum
    if not is_known.any():
        return None
    # The source that is up to date; the area itself, if both are.
    use_own = is_own.any() and (
        not is_sum.any() or reports.days[is_own][-1] >= reports.days[is_sum][-1]
    )
    rows = is_own if use_own else is_sum
    days, values = reports.days[rows], reports.values[rows]
    if reading == "newest":
        days, values = days[-1:], values[-1:]
    return Amount(float(values.sum()), days[0].item(), days[-1].item(), not use_own)


def _reports(data: CityData, name: str) -> dict[tuple[str, str], _Reports]:
    """The reports of an indicator by area and unit, from the cache."""
    published = data.indicators
    return data.city.cache.get_or_build(
        ("reports of the portal", published.stamp, name),
        lambda: _group(published.table, name),
        lambda reports: sum(200 + 3 * each.days.nbytes for each in reports.values()),
    )


def _group(table: pd.DataFrame, name: str) -> dict[tuple[str, str], _Reports]:
    # A value that disclosure control hides is no amount of things.
    rows = table[(table["indicator"] == name) & table["value"].notna()].sort_values(
        "date", kind="stable"
    )
    rows = rows.assign(unit=rows["unit"].fillna(""))
    return {
        (str(code), str(unit)): _Reports(
            group["date"].to_numpy().astype("datetime64[D]"),
            group["value"].to_numpy(np.float64),
            (group["summed"].fillna(0) > 0).to_numpy(np.bool_),
        )
        for (code, unit), group in rows.groupby(["code", "unit"], sort=True)
    }


def _column(name: str, unit: str) -> Column:
    known = known_indicators()[name]
    is_usual = unit in {"", known.unit_id, known.unit_en}
    words = Bilingual(known.unit_id, known.unit_en) if is_usual else Bilingual(unit, unit)
    return Column(name, Bilingual(known.title_id, known.title_en), words)
