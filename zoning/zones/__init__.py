"""What was said of zones, and what else can be: a day, many days, as known then, by other rules."""
