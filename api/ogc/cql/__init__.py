"""CQL2 filters: read by the library `cql2`, evaluated here over whole columns at once."""

from api.ogc.cql.evaluating import Features, Test
from api.ogc.cql.reading import Filter, read_filter

__all__ = ["Features", "Filter", "Test", "read_filter"]
