"""The sample city put together: RT, and files of cases, newcomers, places and indicators."""

from collections.abc import Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.sample_city.columns import CASE_COLUMNS, dates, known, people, whereabouts
from geodata.sample_city.epidemic import CITY_PEOPLE, Cases, simulate
from geodata.sample_city.facts import chosen, kelurahan_facts
from geodata.sample_city.homes import Homes, build_homes
from geodata.sample_city.land import grow
from geodata.sample_city.mess import edges, lose_numbers, rewrite, soil_addresses, soil_places
from geodata.sample_city.newcomers import arrivals
from geodata.sample_city.portal import indicators, places
from geodata.tessellate import divide
from geodata.tessellate.borders import Geometries
from geodata.tessellate.ridges import Ints
from geodata.tessellate.shares import apportion_within
from geodata.tessellate.tiles import Progress


class SampleCity(NamedTuple):
    """A city as its files would be.

    ``rt`` has the canonical columns of boundaries; the others the own column names of records,
    dates as ISO text, missing cells null.
    """

    rt: gpd.GeoDataFrame
    cases: pd.DataFrame
    newcomers: pd.DataFrame
    places: pd.DataFrame
    indicators: pd.DataFrame


def build(
    seed: int = 7,
    progress: Progress | None = None,
    kecamatan: Sequence[str] | None = None,
) -> SampleCity:
    """Make the sample city.

    Parameters
    ----------
    seed
        Same seed, same bytes.
    progress
        Called with what is being done, how many are done and how many there are.
    kecamatan
        Codes (``33.74.01``) of the kecamatan to make, for a small city; all where None. RT have
        the codes they have in the whole city, but not the same shapes.

    Returns
    -------
    SampleCity
        The whole: 16 kecamatan, 177 kelurahan, 10,628 RT, some 95,000 rows of cases.

    Raises
    ------
    InputError
        ``unknown-kecamatan``.
    """
    tell = progress or (lambda *_: None)
    facts = chosen(kelurahan_facts(), kecamatan)
    tell("growing kelurahan", 0, 1)
    ground = grow(facts, seed)
    tell("growing kelurahan", 1, 1)
    rt = divide(ground, int(facts["rt"].sum()), seed, progress=progress)
    rng = np.random.default_rng([seed, 2])
    rt["population"] = _people(rt, rng)
    tell("telling the epidemic", 0, 2)
    homes = build_homes(rt, rng)
    aliases = dict(zip(facts["kelurahan"], facts["aliases"], strict=True))
    edge = edges(rt)
    total = int(facts["population"].sum())
    cases = simulate(homes, pd.factorize(rt["kelurahan_code"])[0], total, rng)
    case_rows = _case_rows(rt, homes, cases, aliases, edge, rng)
    tell("telling the epidemic", 1, 2)
    share = total / CITY_PEOPLE
    newcomers = arrivals(rt, homes, share, aliases, edge, rng)
    tell("telling the epidemic", 2, 2)
    other = np.random.default_rng([seed, 3])
    return SampleCity(rt, case_rows, newcomers, places(rt, other), indicators(rt, other))


def _people(rt: gpd.GeoDataFrame, rng: np.random.Generator) -> Ints:
    """People per RT: a kelurahan's, shared out with some unevenness."""
    weights = np.exp(rng.normal(0.0, 0.22, len(rt)))
    kelurahan = pd.factorize(rt["kelurahan_code"])[0]
    total = np.bincount(kelurahan, rt["population"].to_numpy(np.float64))
    return apportion_within(weights, kelurahan, np.rint(total).astype(np.int64))


def _case_rows(
    rt: gpd.GeoDataFrame,
    homes: Homes,
    cases: Cases,
    aliases: dict[str, list[str]],
    edge: Geometries,
    rng: np.random.Generator,
) -> pd.DataFrame:
    cases = cases.pick(np.lexsort((cases.member, cases.house, cases.reported)))
    rows = pd.DataFrame(people(homes, cases.house, cases.member))
    rows = rows.join(whereabouts(rt, homes, cases.house))
    rows["case_id"] = [f"SMG-{number:06d}" for number in range(1, len(rows) + 1)]
    rows["status"] = cases.status.astype(object)
    for column, days in (
        ("confirmed_on", cases.confirmed),
        ("onset_on", cases.onset),
        ("specimen_on", cases.specimen),
        ("reported_on", cases.reported),
        ("outcome_on", cases.ended),
    ):
        rows[column] = dates(days)
    rows["outcome"] = known(cases.outcome, cases.outcome != "")
    soil_places(rows, edge[homes.rt[cases.house]], rng)
    soil_addresses(rows, aliases, rng)
    lose_numbers(rows, rng)
    return rewrite(rows[list(CASE_COLUMNS)], rng)
