"""Pseudonyms for numbers of persons, and the city's secret that keys them."""
