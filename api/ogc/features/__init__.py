"""OGC API Features: the collections, and the features that a request selects."""
