"""Cells of records parsed: numbers, dates, moments, coordinates and coded values."""
