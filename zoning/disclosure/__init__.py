"""Statistical disclosure control: makes public values from counts that are not public.

Only this package reads counts for public values. It reads the public tables, puts counts of people
into bands, and returns only values of `zoning.public`.
"""
