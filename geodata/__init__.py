"""Areas, boundaries, records, and the database.

The lowest of the three layers; it imports neither ``zoning`` nor ``api``.
"""
