"""Pictures and maps of a day: one palette for all of them."""
