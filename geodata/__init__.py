"""What is known: areas, boundaries, records, and where they are kept.

The lowest of the three layers; it imports neither ``zoning`` nor ``api``.
"""
