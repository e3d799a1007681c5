"""Map tiles of any day: geometry prepared per boundary version, joined with a day's colours."""
