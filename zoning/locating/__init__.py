"""Which polygon holds each point: exact to the last bit, and most of it one load from an index."""
