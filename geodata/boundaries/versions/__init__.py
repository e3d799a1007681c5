"""Versions of the boundaries: what one is, how it is stored, which is in force on a day."""
