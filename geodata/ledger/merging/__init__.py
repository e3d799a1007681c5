"""The content of a record after a row: the row's values if there are any, else the known values."""
