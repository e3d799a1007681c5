"""Text as people write it: cells, names of areas, numbers of RT and RW."""
