"""Which polygon holds each point: exact to the last bit; most points need one read of an index."""
