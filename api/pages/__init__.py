"""Pages for people: the map, the guide, errors. Values in, HTML out; no module here knows HTTP."""
