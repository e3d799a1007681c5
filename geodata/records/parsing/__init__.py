"""Parse cells of records: numbers, dates, moments, coordinates and coded values."""
