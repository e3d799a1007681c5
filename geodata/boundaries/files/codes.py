"""Codes of the smallest zones, from the code of the kelurahan and numbers or labels."""

import geopandas as gpd
import pandas as pd

from geodata.areas import OTHER, RtNumber, label_code, other_code, rt_code, rw_code


def add_zone_codes(areas: gpd.GeoDataFrame) -> None:
    """Add ``code`` and ``rw_code``; other areas are numbered by name, then by position.

    Parameters
    ----------
    areas
        Rows with ``kind``, ``name``, ``rw``, ``rt`` and ``kelurahan_code``.
    """
    bounds = areas.geometry.bounds
    order = areas.assign(x=bounds["minx"], y=bounds["miny"]).sort_values(
        ["kelurahan_code", "name", "x", "y"], kind="stable"
    )
    others = order[order["kind"] == OTHER]
    serial = (others.groupby("kelurahan_code").cumcount() + 1).reindex(areas.index)
    rows = zip(
        *(areas[name] for name in ("kind", "kelurahan_code", "name", "rw", "rt")),
        serial,
        strict=True,
    )
    codes: list[str] = []
    rw_codes: list[str | None] = []
    for kind, kelurahan, name, rw, rt, number in rows:
        own_rw_code = rw_code(kelurahan, rw) if kind in {"rt", "rw"} else None
        rw_codes.append(own_rw_code if kind == "rt" else None)
        if kind == "rt":
            codes.append(rt_code(kelurahan, RtNumber(rw=rw, rt=rt)))
        elif kind == OTHER:
            codes.append(other_code(kelurahan, int(number)))
        else:
            codes.append(own_rw_code or label_code(kelurahan, name))
    areas["code"], areas["rw_code"] = codes, pd.Series(rw_codes, index=areas.index, dtype="str")
