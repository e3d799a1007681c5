"""Reporting delay of recoveries and deaths."""

from datetime import datetime, timedelta

import pandas as pd

from geodata.boundaries import save_boundaries
from geodata.store import open_store
from tests.cities import small_city
from tests.databases import NewDatabase
from zoning.disclosure.figures.lateness import LONGEST_DELAY, usual_delay
from zoning.records.intake import load_records
