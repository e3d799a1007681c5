"""What is asked after the question mark: nothing that is not known, and each thing once.

A path of data that took ``dat=2021-07-01`` without a word would answer for another day. Pages are
linked to by others, whose sites and programs add parameters of their own (``utm_source``,
``fbclid``, a number against caches) of which no list is ever whole: a page leaves aside what it
does not know, unless it is a slip of the pen, or another word, for something it does. So does a
tile, which no such number changes.
"""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Final

from fastapi import APIRouter, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from geodata.errors import InputError

_ALIKE: Final = 0.7
"""From here on a name is taken for another mistyped, as difflib measures it."""
_OTHER_WORDS: Final = {
    **dict.fromkeys(("language", "locale", "hl", "bahasa"), "lang"),
    **dict.fromkeys(("day", "hari", "tanggal", "tgl"), "date"),
    **dict.fromkeys(
        ("code", "kode", "region", "wilayah", "kecamatan", "kelurahan", "desa", "rt", "rw"), "area"
    ),
    **dict.fromkeys(("legenda",), "legend"),
    **dict.fromkeys(("ukuran",), "size"),
    **dict.fromkeys(("pola",), "pattern"),
}
"""What people call what a page takes."""


def checked(request: Request, takes: Collection[str]) -> dict[str, str]:
    """Parameters of a request by name.

    Parameters
    ----------
    takes
        Names of those that may come.

    Raises
    ------
    InputError
        ``unknown-parameter``; ``invalid-parameter`` where one comes twice.
    """
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in takes:
            raise unknown(takes)
        if name in found:
            raise _twice(name)
        found[name] = value
    return found


async def only_known(request: Request) -> None:
    """Refuse what the path asked does not take.

    Raises
    ------
    InputError
        See `checked`.
    """
    if request.query_params:
        checked(request, _names(request.scope["route"].dependant))


class NoSlips:
    """Refuses what a page takes under another name, or what another page takes.

    Parameters
    ----------
    pages
        Their routers.
    """

    def __init__(self, *pages: APIRouter) -> None:
        routes = (route for page in pages for route in page.routes if isinstance(route, APIRoute))
        self._meant = {name for route in routes for name in _names(route.dependant)}

    async def __call__(self, request: Request) -> None:
        """Check one request; a page that takes nothing lets everything pass.

        Raises
        ------
        InputError
            ``unknown-parameter``; ``invalid-parameter`` where one that it takes comes twice.
        """
        takes = _names(request.scope["route"].dependant)
        for name in request.query_params if takes else ():
            if name not in takes and self._means_another(name):
                raise unknown(takes)
            if name in takes and len(request.query_params.getlist(name)) > 1:
                raise _twice(name)

    def _means_another(self, name: str) -> bool:
        word = name.strip().lower()
        meant = _OTHER_WORDS.get(word) in self._meant
        return meant or bool(get_close_matches(word, self._meant, n=1, cutoff=_ALIKE))


def _names(dependant: Dependant) -> list[str]:
    """Query parameters of a path and of all it depends on."""
    return list(dict.fromkeys(_each_name(dependant)))


def _each_name(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _each_name(inner)


def _twice(name: str) -> InputError:
    return InputError(
        "invalid-parameter",
        f"{name}: It comes more than once.",
        indonesian=f"{name}: Tertulis lebih dari sekali.",
    )


def unknown(takes: Collection[str]) -> InputError:
    """That something was said which is not taken; names what is."""
    return InputError(
        "unknown-parameter",
        "There is a parameter here that this address does not take. "
        f"It takes: {', '.join(takes) or 'none'}.",
        indonesian="Ada parameter yang tidak dikenal di alamat ini. "
        f"Yang dikenal: {', '.join(takes) or 'tidak ada'}.",
    )
