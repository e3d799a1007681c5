"""Which column of a file is which field, by its heading in Indonesian or English."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from geodata.errors import RecordError
from geodata.records.kinds import Kind

_NEEDED: Final = {"cases": ("status", "confirmed_on"), "newcomers": ("arrived_on",)}
"""One of these, or the file says nothing that can be used."""
_MOST_SHOWN: Final = 20
_LOOKS_LIKE_DATA: Final = re.compile(r"\d{5}")


def plain(text: str) -> str:
    """Text without what typing varies: ``"Tgl. konfirmasi"`` and ``"tgl_konfirmasi"`` are one."""
    return re.sub(r"[\W_]+", "", text.casefold())


def match_headings(headings: Sequence[str], kind: Kind) -> dict[str, tuple[int, ...]]:
    """Positions of the columns of each field that the file has, best first.

    A file may have several for one field: the address where somebody lives and the one on the
    identity card, the day of recovery and the day of death. Each row is what its first says
    that says anything.

    Parameters
    ----------
    headings
        As in the file. What is not known is left out, and so dropped.

    Raises
    ------
    RecordError
        ``no-usable-columns`` where the file lacks what every record of the kind must say.
    """
    positions: dict[str, int] = {}
    for position, heading in enumerate(headings):
        positions.setdefault(plain(heading), position)
    found = {}
    for field, spellings in known_headings(kind).items():
        columns = tuple(positions[spelling] for spelling in spellings if spelling in positions)
        if columns:
            found[field] = columns
    if not any(field in found for field in _NEEDED[kind.name]):
        raise _no_usable_columns(headings, kind)
    return found


@cache
def known_headings(kind: Kind) -> dict[str, tuple[str, ...]]:
    """Spellings of each field's heading, without spaces and capitals, best first."""
    text = files("geodata.records").joinpath("headings.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    spellings: dict[str, list[str]] = tables["both"] | tables[kind.name]
    return {
        field.name: tuple(plain(spelling) for spelling in spellings[field.name])
        for field in kind.fields
    }


def describe_headings(headings: Sequence[str]) -> str:
    """The headings of a file as an error may name them."""
    if any(_LOOKS_LIKE_DATA.search(heading) for heading in headings):
        # Without a row of headings the first record stands there, and is nobody's business.
        return "what looks like a record in place of headings"
    return "the headings " + ", ".join(h or "(blank)" for h in headings[:_MOST_SHOWN])


def _no_usable_columns(headings: Sequence[str], kind: Kind) -> RecordError:
    wanted = " or ".join(_NEEDED[kind.name])
    own = ", ".join(field.name for field in kind.fields if field.form != "person")
    return RecordError(
        "no-usable-columns",
        f"The file has {describe_headings(headings)}; none of them says {wanted}, without which "
        f"a file of {kind.name} cannot be used. These are understood, and their Indonesian names: "
        f"{own}.",
    )
