"""Versions of the boundaries: areas, storage, and the version in force on a day."""
