"""Build the sample city: RT, and files of cases, newcomers, places and indicators."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.language import Bilingual, Progress
from geodata.sample_city.epidemic import CITY_PEOPLE, Cases, add_late_reports, simulate
from geodata.sample_city.facts import kelurahan_facts, select_facts
from geodata.sample_city.file_errors import add_file_errors, city_edges, unusable_rows
from geodata.sample_city.houses import build_houses
from geodata.sample_city.kelurahan_polygons import grow_kelurahan
from geodata.sample_city.newcomers import draw_newcomers, positive_cases, verifications
from geodata.sample_city.portal import indicators, places
from geodata.sample_city.record_columns import CASE_COLUMNS, add_days, as_text
from geodata.sample_city.redivision import previous_division
from geodata.sample_city.reports import case_reports, newcomer_reports, verification_table
from geodata.sample_city.settlement import Settlement, person_rows
from geodata.tessellate import divide
from geodata.tessellate.ridges import Ints
from geodata.tessellate.shares import apportion_within

GROWING: Final = Bilingual("Membentuk kelurahan", "Growing kelurahan")
EPIDEMIC: Final = Bilingual("Mengarang wabah", "Inventing the epidemic")


class SampleCity(NamedTuple):
    """Files of a city, and the versions of its records with the moment of each.

    Attributes
    ----------
    rt
        RT since 1 January 2021, with the canonical columns of boundaries.
    cases, newcomers, places, indicators
        Files with the column names of the record kinds, dates as ISO text, missing cells null:
        the final state.
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
    """Build the sample city.

    Parameters
    ----------
    seed
        Equal seeds give equal bytes.
    progress
        Called with the step, the number of items done and their total.
    kecamatan
        Codes (``33.74.01``) of the kecamatan to build, for a small city; None for all. RT have the
        same codes as in the full city, but other shapes.

    Returns
    -------
    SampleCity
        The full city has 16 kecamatan, 177 kelurahan, 10,628 RT and about 95,000 rows of cases.

    Raises
    ------
    InputError
        ``unknown-kecamatan``.
    """
    report = progress or (lambda *_: None)
    facts = select_facts(kelurahan_facts(), kecamatan)
    report(GROWING, 0, 1)
    kelurahan = grow_kelurahan(facts, seed)
    report(GROWING, 1, 1)
    rt = divide(kelurahan, int(facts["rt"].sum()), seed, progress=progress)
    rng = np.random.default_rng([seed, 2])
    rt["population"] = _population(rt, rng)
    report(EPIDEMIC, 0, 2)
    houses = build_houses(rt, rng)
    # A separate generator for later features, so that older data do not change.
    extra_rng = np.random.default_rng([seed, 4])
    settlement = Settlement(
        rt=rt,
        houses=houses,
        previous=previous_division(rt, houses, extra_rng),
        edge=city_edges(rt),
        aliases=dict(zip(facts["kelurahan"], facts["aliases"], strict=True)),
    )
    total = int(facts["population"].sum())
    cases = simulate(houses, pd.factorize(rt["kelurahan_code"])[0], total, rng)
    cases = _sort_cases(add_late_reports(cases, extra_rng))
    rows = _case_rows(settlement, cases, rng, extra_rng)
    file = add_file_errors(rows, rng)
    report(EPIDEMIC, 1, 2)
    newcomers = draw_newcomers(settlement, total / CITY_PEOPLE, rng, extra_rng)
    ill_rows, ill_cases = positive_cases(newcomers, extra_rng)
    reports = case_reports(
        pd.concat([as_text(rows), ill_rows], ignore_index=True),
        Cases._make(np.concatenate(pair) for pair in zip(cases, ill_cases, strict=True)),
        unusable_rows(file),
        extra_rng,
    )
    report(EPIDEMIC, 2, 2)
    portal_rng = np.random.default_rng([seed, 3])
    return SampleCity(
        rt=rt,
        cases=pd.concat([file, ill_rows], ignore_index=True),
        newcomers=newcomers.rows,
        places=places(rt, portal_rng),
        indicators=indicators(rt, portal_rng),
        rt_before=settlement.previous.rt,
        case_reports=reports.versions,
        newcomer_reports=newcomer_reports(newcomers, extra_rng),
        withdrawals=reports.withdrawals,
        verifications=verification_table(newcomers, *verifications(newcomers, extra_rng)),
    )


def _population(rt: gpd.GeoDataFrame, rng: np.random.Generator) -> Ints:
    """Population per RT: the population of the kelurahan in random proportions."""
    weights = np.exp(rng.normal(0.0, 0.22, len(rt)))
    kelurahan = pd.factorize(rt["kelurahan_code"])[0]
    total = np.bincount(kelurahan, rt["population"].to_numpy(np.float64))
    return apportion_within(weights, kelurahan, np.rint(total).astype(np.int64))


def _sort_cases(cases: Cases) -> Cases:
    return cases.select(np.lexsort((cases.member, cases.house, cases.reported)))


def _case_rows(
    settlement: Settlement, cases: Cases, rng: np.random.Generator, extra_rng: np.random.Generator
) -> pd.DataFrame:
    rows = person_rows(settlement, (cases.house, cases.member), cases.reported, rng, extra_rng)
    rows["case_id"] = [f"SMG-{number:06d}" for number in range(1, len(rows) + 1)]
    return add_days(rows, cases)[list(CASE_COLUMNS)]
