"""Daily figures: ranges of the numbers of people who were confirmed, recovered or died.

`counts` counts people and is the only module here that reads records. `colour_bounds` says what the
public colours disclose about these counts; `ranges` chooses ranges that stay wide although a reader
knows the colours, all other ranges and the rules of the choice. docs/privacy.md has the argument.
"""
