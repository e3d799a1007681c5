"""What everyone may know of a city: values that hold no counts, and questions about them.

Public answers, pages, tiles and map data are made from these and nothing else. Nothing here may
import what can read a count: an import contract in pyproject.toml holds that.
"""
