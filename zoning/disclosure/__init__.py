"""Statistical disclosure control: what may be known to everyone, made from what is not.

The one place where public values meet counts: the public tables are read here, and figures of
people become bands. It hands out `zoning.public` values and nothing else.
"""
