"""Where a record lies in one version of the boundaries: by coordinates, nearest RT or address."""
