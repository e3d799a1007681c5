"""What is known: areas, boundaries, records, and where they are kept.

The lowest of the three floors; it imports neither ``zoning`` nor ``api``.
"""
