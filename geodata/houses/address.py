"""Parts of a house address: names, and numbers with their roles."""

from typing import NamedTuple


class Name(NamedTuple):
    """Name of a street, a gang or an estate: words, and numbers that belong to the name.

    ``Mawar III`` is ``(("mawar",), ("3",))``.
    """

    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    is_person: bool = False
    """Whether the name has a person's title (``Dr Wahidin``); `words` omits the title."""

    @property
    def joined(self) -> str:
        """Words without spaces: ``Tlogo Sari`` is ``tlogosari``."""
        return "".join(self.words)


class HouseNumber(NamedTuple):
    """Number of a house.

    Attributes
    ----------
    first
        Number, of a range the first.
    suffix
        Suffix that distinguishes houses of one number: ``a``, ``bis``, ``/2``; else empty.
    last
        Last number of a range (``5-7``), else None.
    last_suffix
        Suffix of the last number.
    """

    first: int
    suffix: str = ""
    last: int | None = None
    last_suffix: str = ""


class HouseAddress(NamedTuple):
    """House address, parsed into parts.

    Attributes
    ----------
    street, gang, estate, cluster, kampung, building
        Names; None if the address has no such name.
    free
        Name without a kind: ``Mawar 5``.
    extra
        Another name, mostly after the number; not the name of an area.
    corner, corner_number
        Second street of a corner house, and the house number in that street.
    block
        Block, tower or plot: ``a1``; empty for none.
    number
        House number; in a building the number of the flat. `HouseReader` always gives a number.
    floor, unit
        Floor, and room or unit.
    other_numbers
        Numbers and single letters without a known role: ``Mawar 5 Gg Kelinci 2``,
        ``Mawar 5 (A)``, ``Km 5``. Addresses that differ in them may be different houses.
    """

    street: Name | None = None
    gang: Name | None = None
    estate: Name | None = None
    cluster: Name | None = None
    kampung: Name | None = None
    building: Name | None = None
    free: Name | None = None
    extra: Name | None = None
    corner: Name | None = None
    corner_number: HouseNumber | None = None
    block: str = ""
    number: HouseNumber | None = None
    floor: int | None = None
    unit: str = ""
    other_numbers: tuple[str, ...] = ()
