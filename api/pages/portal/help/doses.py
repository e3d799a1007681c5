"""Doses of vaccine of an area, as a share of its residents."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from api.pages.portal.help.amounts import Amount, AmountTable, Column, amount_table
from api.pages.portal.help.city_data import CityData
from geodata.language import Bilingual, format_indonesian

DOSES: Final = ("vaccination-1", "vaccination-2", "vaccination-booster")


@dataclass(frozen=True)
class DoseShare:
    """The doses of one kind.

    Attributes
    ----------
    share
        Doses for each resident, from 0 to 1; None if unknown or more than 1.
    people
        Number of residents; None if unknown.
    """

    column: Column
    amount: Amount | None
    share: float | None
    people: int | None

    @property
    def percent(self) -> Bilingual:
        """The share in percent, never rounded up: ``32%``, ``0,4%``."""
        tenths = int((self.share or 0) * 1000)
        floor, form = (tenths // 10, ",d") if tenths >= 100 else (tenths / 10, ",.1f")
        indonesian, english = format_indonesian(floor, form), format(floor, form)
        return Bilingual(f"{indonesian}%", f"{english}%")


def dose_table(data: CityData, code: str | None, until: date) -> AmountTable:
    """Doses of an area and of the areas below it, added up to a day; see `amount_table`."""
    return amount_table(data, DOSES, code, until, "total")


def dose_shares(table: AmountTable) -> list[DoseShare]:
    """The share of each kind of dose of the area of a table."""
    people = table.whole.area.population
    n_people = None if people is None or not people > 0 else round(people)
    return [
        DoseShare(column, amount, _share(amount, n_people), n_people)
        for column, amount in zip(table.columns, table.whole.amounts, strict=True)
    ]


def _share(amount: Amount | None, people: int | None) -> float | None:
    if amount is None or people is None:
        return None
    share = amount.value / people
    return share if 0 <= share <= 1 else None
