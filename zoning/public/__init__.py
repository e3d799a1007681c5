"""The public values of a city: values without counts, and the questions that they answer.

Public answers, pages, tiles and map data are made only from these values. No module here may import
code that can read a count: an import contract in pyproject.toml checks this.
"""
