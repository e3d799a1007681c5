"""A house as an address names it: names, and numbers that each keep their role."""

from typing import NamedTuple


class Name(NamedTuple):
    """Name of a street, a gang, an estate: its words, and the numbers that belong to the name.

    ``Mawar III`` is ``(("mawar",), ("3",))``.
    """

    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    is_person: bool = False
    """Whether it has a person's title, which is none of its words: ``Dr Wahidin``."""

    @property
    def joined(self) -> str:
        """The words without the spaces between them: ``Tlogo Sari`` is ``tlogosari``."""
        return "".join(self.words)


class HouseNumber(NamedTuple):
    """Number of a house.

    Attributes
    ----------
    first
        The number.
    suffix
        What distinguishes houses of one number: ``a``, ``bis``, ``/2``; else empty.
    last
        The last number of a house that has several (``5-7``), else None.
    last_suffix
        The suffix of the last number.
    """

    first: int
    suffix: str = ""
    last: int | None = None
    last_suffix: str = ""


class HouseAddress(NamedTuple):
    """What an address says of a house.

    Attributes
    ----------
    street, gang, estate, cluster, kampung, building
        Names; None where the address names none.
    free
        A name that the address gives without saying of what: ``Mawar 5``.
    extra
        Another name that is no area's, mostly behind the number.
    corner, corner_number
        The other street of a corner house, and its number there.
    block
        Block, tower or plot: ``a1``.
    number
        The house number, in a building the number of the flat; `HouseReader` always gives one.
    floor, unit
        Floor, and room or unit.
    rest
        Numbers and single letters whose role is not known: ``Mawar 5 Gg Kelinci 2``,
        ``Mawar 5 (A)``, ``Km 5``. Where two addresses have others, they may be two houses.
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
    rest: tuple[str, ...] = ()
