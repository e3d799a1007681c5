"""What is asked after the question mark: nothing that is not known, and each thing once.

A path of data that took ``dat=2021-07-01`` without a word would answer for another day. Pages are
linked to by others, whose sites and programs add parameters of their own (``utm_source``,
``fbclid``, a number against caches) of which no list is ever whole: a page leaves aside what it
does not know, unless it is a slip of the pen for something it does.
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
            raise _unknown(takes)
        if name in found:
            raise InputError(
                "invalid-parameter",
                f"{name}: It comes more than once.",
                indonesian=f"{name}: Tertulis lebih dari sekali.",
            )
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
            ``unknown-parameter``.
        """
        takes = _names(request.scope["route"].dependant)
        for name in request.query_params if takes else ():
            word = name.strip().lower()
            if name not in takes and get_close_matches(word, self._meant, n=1, cutoff=_ALIKE):
                raise _unknown(takes)


def _names(dependant: Dependant) -> list[str]:
    """Query parameters of a path and of all it depends on."""
    return list(dict.fromkeys(_each_name(dependant)))


def _each_name(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _each_name(inner)


def _unknown(takes: Collection[str]) -> InputError:
    return InputError(
        "unknown-parameter",
        "There is a parameter here that this address does not take. "
        f"It takes: {', '.join(takes) or 'none'}.",
        indonesian="Ada parameter yang tidak dikenal di alamat ini. "
        f"Yang dikenal: {', '.join(takes) or 'tidak ada'}.",
    )
