"""Data of the portal besides zones: places, and indicators by area and day."""
