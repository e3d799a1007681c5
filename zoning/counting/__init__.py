"""How many houses, cases and active cases each RT has on each day of a range, at once."""
