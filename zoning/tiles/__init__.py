"""Map tiles of any day: geometry prepared once per boundaries, joined with a day's colours."""
