"""The sample city put together: RT, and files of cases, newcomers, places and indicators."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.language import Bilingual, Progress
from geodata.sample_city.columns import CASE_COLUMNS, tidied, with_days
from geodata.sample_city.epidemic import CITY_PEOPLE, Cases, simulate, with_late_reports
from geodata.sample_city.facts import chosen, kelurahan_facts
from geodata.sample_city.homes import build_homes
from geodata.sample_city.land import grow
from geodata.sample_city.mess import edges, rewrite, unusable
from geodata.sample_city.newcomers import arrivals, fallen_ill, verifications
from geodata.sample_city.portal import indicators, places
from geodata.sample_city.redivision import before
from geodata.sample_city.reports import case_reports, newcomer_reports, verified
from geodata.sample_city.settlement import Settlement, person_rows
from geodata.tessellate import divide
from geodata.tessellate.ridges import Ints
from geodata.tessellate.shares import apportion_within

GROWING: Final = Bilingual("Membentuk kelurahan", "Growing kelurahan")
EPIDEMIC: Final = Bilingual("Mengarang wabah", "Inventing the epidemic")


class SampleCity(NamedTuple):
    """A city as its files would be, and what it knew when.

    Attributes
    ----------
    rt
        RT since 1 January 2021, with the canonical columns of boundaries.
    cases, newcomers, places, indicators
        Files with the own column names of records, dates as ISO text, missing cells null: what
        stands in the end.
    rt_before
        RT until 31 December 2020, with the columns of ``rt``.
    case_reports, newcomer_reports
        Every version of the records of persons, with ``recorded_at`` (UTC), oldest first.
    withdrawals
        ``kind, id, reason, recorded_at``.
    verifications
        ``newcomer_id, verified_on, verified_by, recorded_at``.
    """

    rt: gpd.GeoDataFrame
    cases: pd.DataFrame
    newcomers: pd.DataFrame
    places: pd.DataFrame
    indicators: pd.DataFrame
    rt_before: gpd.GeoDataFrame
    case_reports: pd.DataFrame
    newcomer_reports: pd.DataFrame
    withdrawals: pd.DataFrame
    verifications: pd.DataFrame


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
    tell(GROWING, 0, 1)
    ground = grow(facts, seed)
    tell(GROWING, 1, 1)
    rt = divide(ground, int(facts["rt"].sum()), seed, progress=progress)
    rng = np.random.default_rng([seed, 2])
    rt["population"] = _people(rt, rng)
    tell(EPIDEMIC, 0, 2)
    homes = build_homes(rt, rng)
    # What was added later draws by itself, so that the rest stays as it was.
    more = np.random.default_rng([seed, 4])
    settlement = Settlement(
        rt=rt,
        homes=homes,
        before=before(rt, homes, more),
        edge=edges(rt),
        aliases=dict(zip(facts["kelurahan"], facts["aliases"], strict=True)),
    )
    total = int(facts["population"].sum())
    cases = simulate(homes, pd.factorize(rt["kelurahan_code"])[0], total, rng)
    cases = _in_order(with_late_reports(cases, more))
    rows = _case_rows(settlement, cases, rng, more)
    file = rewrite(rows, rng)
    tell(EPIDEMIC, 1, 2)
    newcomers = arrivals(settlement, total / CITY_PEOPLE, rng, more)
    ill_rows, ill = fallen_ill(newcomers, more)
    told = case_reports(
        pd.concat([tidied(rows), ill_rows], ignore_index=True),
        Cases._make(np.concatenate(pair) for pair in zip(cases, ill, strict=True)),
        unusable(file),
        more,
    )
    tell(EPIDEMIC, 2, 2)
    other = np.random.default_rng([seed, 3])
    return SampleCity(
        rt=rt,
        cases=pd.concat([file, ill_rows], ignore_index=True),
        newcomers=newcomers.rows,
        places=places(rt, other),
        indicators=indicators(rt, other),
        rt_before=settlement.before.rt,
        case_reports=told.versions,
        newcomer_reports=newcomer_reports(newcomers, more),
        withdrawals=told.withdrawals,
        verifications=verified(newcomers, *verifications(newcomers, more)),
    )


def _people(rt: gpd.GeoDataFrame, rng: np.random.Generator) -> Ints:
    """People per RT: a kelurahan's, shared out with some unevenness."""
    weights = np.exp(rng.normal(0.0, 0.22, len(rt)))
    kelurahan = pd.factorize(rt["kelurahan_code"])[0]
    total = np.bincount(kelurahan, rt["population"].to_numpy(np.float64))
    return apportion_within(weights, kelurahan, np.rint(total).astype(np.int64))


def _in_order(cases: Cases) -> Cases:
    return cases.pick(np.lexsort((cases.member, cases.house, cases.reported)))


def _case_rows(
    settlement: Settlement, cases: Cases, rng: np.random.Generator, more: np.random.Generator
) -> pd.DataFrame:
    rows = person_rows(settlement, (cases.house, cases.member), cases.reported, rng, more)
    rows["case_id"] = [f"SMG-{number:06d}" for number in range(1, len(rows) + 1)]
    return with_days(rows, cases)[list(CASE_COLUMNS)]
