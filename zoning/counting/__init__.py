"""Houses, cases and active cases of every RT on every day of a range, counted in one sweep."""
