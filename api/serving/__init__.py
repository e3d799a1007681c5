"""The server below the application: connections, their limits, file descriptors, memory.

Knows bytes, clients and time; knows no routes and no city.
"""
