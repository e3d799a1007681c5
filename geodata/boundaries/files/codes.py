"""Codes of the leaves, made of the code of their kelurahan and their numbers or labels."""

import geopandas as gpd
import pandas as pd

from geodata.areas import OTHER, RtNumber, label_code, other_code, rt_code, rw_code


def name_leaves(found: gpd.GeoDataFrame) -> None:
    """Add ``code`` and ``rw_code``; areas that are no zone are numbered by name, then by place.

    Parameters
    ----------
    found
        With ``kind``, ``name``, ``rw``, ``rt`` and ``kelurahan_code``.
    """
    corner = found.geometry.bounds
    order = found.assign(x=corner["minx"], y=corner["miny"]).sort_values(
        ["kelurahan_code", "name", "x", "y"], kind="stable"
    )
    others = order[order["kind"] == OTHER]
    serial = (others.groupby("kelurahan_code").cumcount() + 1).reindex(found.index)
    rows = zip(
        *(found[name] for name in ("kind", "kelurahan_code", "name", "rw", "rt")),
        serial,
        strict=True,
    )
    codes: list[str] = []
    above: list[str | None] = []
    for kind, kelurahan, name, rw, rt, number in rows:
        own = rw_code(kelurahan, rw) if kind in {"rt", "rw"} else None
        above.append(own if kind == "rt" else None)
        if kind == "rt":
            codes.append(rt_code(kelurahan, RtNumber(rw=rw, rt=rt)))
        elif kind == OTHER:
            codes.append(other_code(kelurahan, int(number)))
        else:
            codes.append(own or label_code(kelurahan, name))
    found["code"], found["rw_code"] = codes, pd.Series(above, index=found.index, dtype="str")
