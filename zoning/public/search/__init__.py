"""Find an RT by its name: the index of names, the colours of a day, and how a text is read.

The scripts of the portal do the same on the phone (`api/pages/assets/own/portal`), so that no text
of a search leaves the phone. ``tests/search_cases.csv`` has cases for both.
"""
