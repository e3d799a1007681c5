"""One file per resource, thin: ask the city, answer."""
