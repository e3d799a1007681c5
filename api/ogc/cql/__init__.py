"""CQL2 filters: read by the library `cql2`, evaluated here over whole columns at once."""

from api.ogc.cql.cost_estimate import Features
from api.ogc.cql.evaluating import Test
from api.ogc.cql.reading import Filter, read_filter

__all__ = ["Features", "Filter", "Test", "read_filter"]
