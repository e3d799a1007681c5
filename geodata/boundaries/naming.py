"""Codes and names of the leaves: what each polygon of a file is, and in what it lies."""

import math
import re
from typing import Final

import geopandas as gpd
import pandas as pd

from geodata.areas import OTHER, RtNumber, other_code, parse_rt_label, rt_code, rt_name, rw_code
from geodata.boundaries.columns import (
    CANONICAL,
    Columns,
    common_code,
    parents_by_dots,
    required,
    texts,
)
from geodata.errors import BoundaryError

_NUMBER: Final = re.compile(r"^(?:R[TW][\s.:]*)?0*(\d{1,3})$", re.IGNORECASE)


def name_areas(frame: gpd.GeoDataFrame, columns: Columns = CANONICAL) -> gpd.GeoDataFrame:
    """Give every polygon its code and name, and those of the areas it lies in.

    Parameters
    ----------
    frame
        EPSG:4326.
    columns
        Which column says what.

    Returns
    -------
    GeoDataFrame
        By code, then shape: ``code``, ``kind`` (``rt`` or ``other``), ``name``, ``rw``, ``rt``,
        ``rw_code`` (null for ``other``), ``population``, code and name of the kelurahan, the
        kecamatan and the kota, ``geometry``. The order of rows in the file does not matter.

    Raises
    ------
    BoundaryError
        ``missing-column``, ``empty-cells``, ``no-rt``, ``no-kota-code``, ``code-not-nested``,
        ``two-names``, ``not-a-number``.
    """
    found = gpd.GeoDataFrame(geometry=frame.geometry.reset_index(drop=True))
    frame = frame.reset_index(drop=True)
    _name_parents(found, frame, columns)
    numbers = numbers_of(frame, columns)
    if numbers is None or all(number is None for number in numbers):
        raise _no_rt()
    found["rw"] = pd.array([None if n is None else n.rw for n in numbers], dtype="Int64")
    found["rt"] = pd.array([None if n is None else n.rt for n in numbers], dtype="Int64")
    found["kind"] = [OTHER if n is None else "rt" for n in numbers]
    found["name"] = _names(frame, columns, numbers)
    found["population"] = _populations(frame, columns)
    _name_leaves(found)
    _take_own_codes(found, frame, columns)
    _check_nesting(found)
    _check_names(found)
    return _in_order(found)


def _name_parents(found: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, columns: Columns) -> None:
    kelurahan = required(frame, columns, "kelurahan_code")
    kecamatan = texts(frame, columns, "kecamatan_code")
    if kecamatan is None:
        kecamatan = parents_by_dots(kelurahan)
    if kecamatan is None or bool(kecamatan.isna().any()):
        kecamatan = required(frame, columns, "kecamatan_code")
    kota = texts(frame, columns, "kota_code")
    if kota is None:
        kota = pd.Series(_kota_code(kecamatan), index=frame.index, dtype="str")
    for level, codes in (("kelurahan", kelurahan), ("kecamatan", kecamatan), ("kota", kota)):
        names = texts(frame, columns, f"{level}_name")
        usual = level.title() + " " + codes
        found[f"{level}_code"] = codes
        found[f"{level}_name"] = usual if names is None else names.fillna(usual)


def _kota_code(kecamatan: "pd.Series[str]") -> str:
    code = common_code(sorted(kecamatan.unique()))
    if code is None:
        raise BoundaryError(
            "no-kota-code",
            "The codes of the kecamatan do not say the code of the city. Say it with "
            "--kota-code =CODE; the codes of the kecamatan must begin with it.",
        )
    return code


def numbers_of(frame: gpd.GeoDataFrame, columns: Columns) -> list[RtNumber | None] | None:
    """Numbers of the RT from a column of labels or two of numbers; None where there are none.

    A single None is an area that is no RT.
    """
    labels = texts(frame, columns, "rt_label")
    rws, rts = texts(frame, columns, "rw"), texts(frame, columns, "rt")
    if labels is not None:
        numbers = [None if pd.isna(label) else parse_rt_label(label) for label in labels]
    elif rws is not None and rts is not None:
        numbers = [
            None
            if pd.isna(rw) or pd.isna(rt)
            else RtNumber(rw=_number(rw, columns.rw), rt=_number(rt, columns.rt))
            for rw, rt in zip(rws, rts, strict=True)
        ]
    else:
        return None
    kinds = texts(frame, columns, "kind")
    if kinds is None:
        return numbers
    return [None if kind == OTHER else n for kind, n in zip(kinds, numbers, strict=True)]


def _number(text: str, column: str) -> int:
    found = _NUMBER.match(text)
    if found is None or int(found[1]) == 0:
        raise BoundaryError(
            "not-a-number",
            f"The column {column} holds something that is no number from 1 to 999. Leave it empty "
            "for an area that is no RT.",
        )
    return int(found[1])


def _no_rt() -> BoundaryError:
    return BoundaryError(
        "no-rt",
        "No polygon here is an RT. Name the column of labels like 'RT 002 RW 003' with "
        "--rt-label, or those of the numbers with --rw and --rt. If the polygons are kelurahan, "
        "mend them with `mikrozonasi boundaries mend` and divide them into RT with "
        "`mikrozonasi boundaries make`.",
    )


def _names(frame: gpd.GeoDataFrame, columns: Columns, numbers: list[RtNumber | None]) -> list[str]:
    given = texts(frame, columns, "rt_label")
    if given is None:
        given = texts(frame, columns, "name")
    own = [None] * len(frame) if given is None else [None if pd.isna(g) else g for g in given]
    return [
        (name or "Lain-lain") if number is None else rt_name(number)
        for name, number in zip(own, numbers, strict=True)
    ]


def _populations(frame: gpd.GeoDataFrame, columns: Columns) -> "pd.Series[float]":
    given = texts(frame, columns, "population")
    if given is None:
        return pd.Series(float("nan"), index=frame.index)
    numbers = pd.to_numeric(given, errors="coerce")
    if bool((numbers.isna() & given.notna()).any()) or bool((numbers < 0).any()):
        raise BoundaryError(
            "not-a-number",
            f"The column {columns.population} holds something that is no number of people.",
        )
    return numbers.astype("float64")


def _name_leaves(found: gpd.GeoDataFrame) -> None:
    """Codes of the leaves; areas that are no RT are numbered by name, then by place."""
    corner = found.geometry.bounds
    order = found.assign(x=corner["minx"], y=corner["miny"]).sort_values(
        ["kelurahan_code", "name", "x", "y"], kind="stable"
    )
    others = order[order["kind"] == OTHER]
    serial = (others.groupby("kelurahan_code").cumcount() + 1).reindex(found.index)
    codes: list[str] = []
    rws: list[str | None] = []
    rows = zip(found["kelurahan_code"], found["rw"], found["rt"], serial, strict=True)
    for kelurahan, rw, rt, number in rows:
        is_rt = math.isnan(number)
        codes.append(
            rt_code(kelurahan, RtNumber(rw=rw, rt=rt))
            if is_rt
            else other_code(kelurahan, int(number))
        )
        rws.append(rw_code(kelurahan, rw) if is_rt else None)
    found["code"], found["rw_code"] = codes, pd.Series(rws, dtype="str")


def _take_own_codes(found: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, columns: Columns) -> None:
    """Take a file's own codes of RT; they must begin with the parent's.

    A column that happens to be called ``code`` is believed in a canonical file only.
    """
    canonical = columns.kelurahan_code == CANONICAL.kelurahan_code
    given = texts(frame, columns, "code")
    if given is None or (columns.code == CANONICAL.code and not canonical):
        return
    codes = given.fillna(found["code"])
    parents = found["rw_code"].fillna(found["kelurahan_code"])
    _refuse_unnested(codes, parents, "RT", "RW")
    found["code"] = codes


def _check_nesting(found: gpd.GeoDataFrame) -> None:
    _refuse_unnested(found["kelurahan_code"], found["kecamatan_code"], "kelurahan", "kecamatan")
    _refuse_unnested(found["kecamatan_code"], found["kota_code"], "kecamatan", "kota")


def _refuse_unnested(
    children: "pd.Series[str]", parents: "pd.Series[str]", child: str, parent: str
) -> None:
    for own, above in dict.fromkeys(zip(children, parents, strict=True)):
        if not own.startswith(above) or own == above:
            raise BoundaryError(
                "code-not-nested",
                f"The code {own} of a {child} does not begin with the code {above} of its "
                f"{parent}. Codes must nest, like 33.74.06 and 33.74.06.1010: give columns whose "
                "codes do.",
            )


def _check_names(found: gpd.GeoDataFrame) -> None:
    for level in ("kelurahan", "kecamatan", "kota"):
        pairs = found[[f"{level}_code", f"{level}_name"]].drop_duplicates()
        twice = pairs[pairs[f"{level}_code"].duplicated()]
        if len(twice):
            raise BoundaryError(
                "two-names",
                f"The {level} {twice.to_numpy()[0, 0]} has more than one name. Make the column "
                "of names agree with the column of codes.",
            )


def _in_order(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """By code; rows of the same code by their shapes, whatever their order was."""
    twice = found["code"].duplicated(keep=False)
    shapes = found.geometry.normalize().to_wkb().where(twice, b"")
    return (
        found.assign(shape=shapes)
        .sort_values(["code", "shape"], ignore_index=True)
        .drop(columns="shape")
    )
