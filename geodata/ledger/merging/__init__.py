"""The content of a record after a row: the row's values where there are any, else the known values."""
