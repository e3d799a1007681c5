"""Where a record lies on one version of the boundaries: by coordinates, nearness or address."""
