"""Strict query parameters: unknown and repeated parameters are refused.

A data path that ignored ``dat=2021-07-01`` would answer for another day. Other sites link to pages
and add parameters of their own (``utm_source``, ``fbclid``, a number against caches); no list of
these is complete. So a page ignores an unknown parameter, unless the parameter looks like a
misspelling or a synonym of a parameter that some page takes. The same holds for a tile.
"""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Final

from fastapi import APIRouter, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from geodata.errors import InputError

_SIMILARITY_CUTOFF: Final = 0.7
"""Ratio of `difflib` from which on a name counts as a misspelling of another."""
_SYNONYMS: Final = {
    **dict.fromkeys(("language", "locale", "hl", "bahasa"), "lang"),
    **dict.fromkeys(("day", "hari", "tanggal", "tgl"), "date"),
    **dict.fromkeys(
        ("code", "kode", "region", "wilayah", "kecamatan", "kelurahan", "desa", "rt", "rw"), "area"
    ),
    **dict.fromkeys(("legenda",), "legend"),
    **dict.fromkeys(("ukuran",), "size"),
    **dict.fromkeys(("pola",), "pattern"),
}
"""Other words for the parameters of pages."""


def read_parameters(request: Request, takes: Collection[str]) -> dict[str, str]:
    """The query parameters of a request by name.

    Parameters
    ----------
    takes
        Names of the known parameters.

    Raises
    ------
    InputError
        ``unknown-parameter``; ``invalid-parameter`` where a parameter comes twice.
    """
    parameters: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in takes:
            raise unknown_parameter(takes)
        if name in parameters:
            raise _repeated_parameter(name)
        parameters[name] = value
    return parameters


async def reject_unknown_parameters(request: Request) -> None:
    """Refuse parameters that the requested path does not take.

    Raises
    ------
    InputError
        See `read_parameters`.
    """
    if request.query_params:
        read_parameters(request, _parameter_names(request.scope["route"].dependant))


class RejectMisspelledParameters:
    """Refuses a misspelling or a synonym of a parameter, and a parameter of another page.

    Parameters
    ----------
    pages
        Routers of the pages.
    """

    def __init__(self, *pages: APIRouter) -> None:
        routes = (route for page in pages for route in page.routes if isinstance(route, APIRoute))
        self._known = {name for route in routes for name in _parameter_names(route.dependant)}

    async def __call__(self, request: Request) -> None:
        """Check one request; a page without parameters accepts every parameter.

        Raises
        ------
        InputError
            ``unknown-parameter``; ``invalid-parameter`` where a known parameter comes twice.
        """
        takes = _parameter_names(request.scope["route"].dependant)
        for name in request.query_params if takes else ():
            if name not in takes and self._is_misspelled(name):
                raise unknown_parameter(takes)
            if name in takes and len(request.query_params.getlist(name)) > 1:
                raise _repeated_parameter(name)

    def _is_misspelled(self, name: str) -> bool:
        word = name.strip().lower()
        is_synonym = _SYNONYMS.get(word) in self._known
        alike = get_close_matches(word, self._known, n=1, cutoff=_SIMILARITY_CUTOFF)
        return is_synonym or bool(alike)


def _parameter_names(dependant: Dependant) -> list[str]:
    """Query parameters of a path and of all it depends on."""
    return list(dict.fromkeys(_each_name(dependant)))


def _each_name(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _each_name(inner)


def _repeated_parameter(name: str) -> InputError:
    return InputError(
        "invalid-parameter",
        f"{name}: It comes more than once.",
        indonesian=f"{name}: Tertulis lebih dari sekali.",
    )


def unknown_parameter(takes: Collection[str]) -> InputError:
    """The error for an unknown parameter; names the known parameters."""
    return InputError(
        "unknown-parameter",
        "There is a parameter here that this address does not take. "
        f"It takes: {', '.join(takes) or 'none'}.",
        indonesian="Ada parameter yang tidak dikenal di alamat ini. "
        f"Yang dikenal: {', '.join(takes) or 'tidak ada'}.",
    )
