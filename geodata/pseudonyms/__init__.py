"""Keyed pseudonyms for NIK and KK, and the city's secret (the key)."""
