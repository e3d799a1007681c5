"""Find an RT by its name: the two files for the phone, and the form for a browser without scripts.

The form is sent with POST and answered with a redirect, so no address has the text of a search.
"""

import json
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.http.caching import A_MINUTE, FOREVER, set_cache_headers
from api.http.files.packed import PackedFile
from api.http.links import base_path
from api.http.parameters import LATEST, BoundariesId, RunId
from api.http.strict_query import reject_unknown_parameters, unknown_parameter
from api.pages.portal.texts import search
from api.pages.portal.zone.search_page import SearchFields, kelurahan_text, search_page
from api.routes.portal import portal_page
from api.services.portal import CurrentPortal, PrivatePortal
from api.services.public import CurrentCity
from geodata.errors import InputError, UnsupportedError
from zoning.public.search.city_search import colours_of, name_index
from zoning.public.search.finding import NOTHING, find
from zoning.public.search.queries import LONGEST, read_query

router = APIRouter(tags=["portal"])
_FORM: Final = "application/x-www-form-urlencoded"
_FIELDS: Final = ("kelurahan", "rw", "rt")
_FILE: Final[dict[str, Any]] = {"content": {"application/octet-stream": {}}}


@router.get(
    "/names/{boundaries}",
    summary="Names and numbers of all RT",
    dependencies=[Depends(reject_unknown_parameters)],
)
def names(request: Request, boundaries: BoundariesId, city: CurrentCity) -> Response:
    """Every kelurahan with its RT, in the order of `/colours`, for a search on the phone.

    docs/portal.md describes the form.
    """
    version = city.published_key().boundaries if boundaries == LATEST else boundaries
    index = name_index(city, version)
    set_cache_headers(request, version, A_MINUTE if boundaries == LATEST else FOREVER)
    document = city.cache.get_or_build(
        ("packed names", version),
        lambda: PackedFile.of(
            json.dumps(index.document(), ensure_ascii=False, separators=(",", ":")).encode()
        ),
        lambda packed: packed.nbytes,
    )
    return document.response(request, "application/json")


@router.get(
    "/colours/{run}",
    summary="Colours of all RT in a run",
    dependencies=[Depends(reject_unknown_parameters)],
    responses={200: _FILE},
    response_class=Response,
)
def colours(request: Request, run: RunId, city: CurrentCity) -> Response:
    """The colours of a run, few bits for each RT, in the order of `/names`.

    docs/portal.md describes the form.
    """
    day = city.day(city.published_key()) if run == LATEST else city.run(run)
    set_cache_headers(request, day.run, A_MINUTE if run == LATEST else FOREVER)
    packed = city.cache.get_or_build(
        ("packed colours", day.run),
        lambda: PackedFile.of(colours_of(city, day)),
        lambda packed: packed.nbytes,
    )
    return packed.response(request, "application/octet-stream")


@router.get("/rt", summary="The form to find an RT", response_class=HTMLResponse)
def search_form(portal: CurrentPortal, city: CurrentCity) -> HTMLResponse:
    """A form for kelurahan, RW and RT."""
    page = search_page(city, portal.day, NOTHING)
    return portal_page("search.html", portal, search.TEXTS, search=page)


async def _read_form(request: Request) -> dict[str, str]:
    """The fields of a form.

    Raises
    ------
    UnsupportedError
        ``content-type``.
    InputError
        ``unknown-parameter``; ``invalid-parameter`` where a field comes twice, or there are too
        many fields.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise UnsupportedError(
            "content-type",
            f"Send the fields of the form as {_FORM}.",
            indonesian=f"Kirim isian formulir sebagai {_FORM}.",
        )
    body = await request.body()
    try:
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise _invalid_form() from None
    fields = dict(pairs)
    if not fields.keys() <= set(_FIELDS):
        raise unknown_parameter(_FIELDS)
    if len(fields) < len(pairs):
        raise _invalid_form()
    return fields


@router.post(
    "/rt",
    summary="Find an RT by its name",
    response_class=HTMLResponse,
    responses={303: {"description": "To the page of the RT"}},
    openapi_extra={
        "requestBody": {
            "content": {
                _FORM: {
                    "schema": {
                        "type": "object",
                        "properties": {name: {"type": "string"} for name in _FIELDS},
                        "additionalProperties": False,
                    }
                }
            }
        }
    },
)
def search_by_form(
    request: Request,
    portal: PrivatePortal,
    city: CurrentCity,
    fields: Annotated[dict[str, str], Depends(_read_form)],
) -> Response:
    """Redirect to the page of the RT, or ask which of several is meant.

    The field `kelurahan` has the name or the code of a kelurahan, or a whole text like
    `Tanjungmas RT 3 RW 5`.
    """
    index = name_index(city, portal.day.boundaries)
    text, rw, rt = (fields.get(name, "") for name in _FIELDS)
    code = text if text in index.kelurahan_rows else ""
    query = read_query("" if code else text, rw, rt, kelurahan=code)
    finding = find(index, query)
    if finding.outcome == "found":
        zone = index.zones[finding.zones[0]]
        shown = {"lang": portal.address.language, "date": portal.address.day}
        parameters = {name: value for name, value in shown.items() if value not in {None, "id"}}
        address = f"{base_path(request)}/rt/{zone.code}"
        return RedirectResponse(
            f"{address}?{urlencode(parameters)}" if parameters else address, status_code=303
        )
    shown_text = kelurahan_text(index, code) if code else text[:LONGEST]
    sent = SearchFields(shown_text, rw[:LONGEST], rt[:LONGEST])
    kept = query.pairs[0] if query.pairs else (None, None)
    page = search_page(city, portal.day, finding, sent, kept=kept)
    status = 404 if finding.outcome == "unknown" else 200
    return portal_page("search.html", portal, search.TEXTS, status, search=page)


def _invalid_form() -> InputError:
    return InputError(
        "invalid-parameter",
        "The form has a field more than once. Fill in the form again.",
        indonesian="Sebuah isian formulir tertulis lebih dari sekali. Isi formulir lagi.",
    )
