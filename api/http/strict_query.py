"""Strict query parameters: unknown and repeated parameters are rejected.

A data path that ignored ``dat=2021-07-01`` would answer for another day. Other sites link to pages
and add their own parameters (``utm_source``, ``fbclid``, a number against caches); no list of
these is complete. So a page ignores an unknown parameter, unless the parameter looks like a
misspelling or a synonym of a parameter of some page. The same holds for a tile.
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
    **dict.fromkeys(("lebar",), "width"),
    **dict.fromkeys(("pola",), "pattern"),
    **dict.fromkeys(("warna", "risk", "zona"), "colour"),
}
"""Synonyms of the parameters of pages."""


def read_parameters(request: Request, known: Collection[str]) -> dict[str, str]:
    """The query parameters of a request by name.

    Parameters
    ----------
    known
        Names of the known parameters.

    Raises
    ------
    InputError
        ``unknown-parameter``; ``invalid-parameter`` where a parameter comes twice.
    """
    parameters: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in known:
            raise unknown_parameter(known)
        if name in parameters:
            raise _repeated_parameter(name)
        parameters[name] = value
    return parameters


async def reject_unknown_parameters(request: Request) -> None:
    """Reject parameters that the requested path does not know.

    Raises
    ------
    InputError
        See `read_parameters`.
    """
    if request.query_params:
        read_parameters(request, _parameter_names(request.scope["route"].dependant))


class RejectMisspelledParameters:
    """Rejects a misspelling or a synonym of a parameter, and a parameter of another page.

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
        known = _parameter_names(request.scope["route"].dependant)
        for name in request.query_params if known else ():
            if name not in known and self._is_misspelled(name):
                raise unknown_parameter(known)
            if name in known and len(request.query_params.getlist(name)) > 1:
                raise _repeated_parameter(name)

    def _is_misspelled(self, name: str) -> bool:
        word = name.strip().lower()
        is_synonym = _SYNONYMS.get(word) in self._known
        matches = get_close_matches(word, self._known, cutoff=_SIMILARITY_CUTOFF)
        return is_synonym or bool(matches)


def _parameter_names(dependant: Dependant) -> list[str]:
    """Names of the query parameters of a path and of its dependencies."""
    return list(dict.fromkeys(_iterate_names(dependant)))


def _iterate_names(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for dependency in dependant.dependencies:
        yield from _iterate_names(dependency)


def _repeated_parameter(name: str) -> InputError:
    return InputError(
        "invalid-parameter",
        f"{name}: The parameter comes more than once. Write it once.",
        indonesian=f"{name}: Parameter ini tertulis lebih dari sekali. Tulis sekali saja.",
    )


def unknown_parameter(known: Collection[str]) -> InputError:
    """The error for an unknown parameter; names the known parameters."""
    return InputError(
        "unknown-parameter",
        "This address does not know one of the parameters. "
        f"Its parameters are: {', '.join(known) or 'none'}.",
        indonesian="Alamat ini tidak mengenal salah satu parameternya. "
        f"Parameternya: {', '.join(known) or 'tidak ada'}.",
    )
