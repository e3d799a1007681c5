"""CQL2 filters: the library `cql2` parses a filter, this package evaluates it over columns."""

from api.ogc.cql.cost_estimate import Features
from api.ogc.cql.evaluating import FilterEvaluator
from api.ogc.cql.reading import Filter, read_filter

__all__ = ["Features", "Filter", "FilterEvaluator", "read_filter"]
