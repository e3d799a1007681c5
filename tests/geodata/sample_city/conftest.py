"""The whole sample city, built once for the tests of this folder."""

import pytest

from geodata import sample_city
from geodata.sample_city import SampleCity


@pytest.fixture(scope="session")
def city() -> SampleCity:
    return sample_city.build()
