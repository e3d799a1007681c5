"""The server under the application: connections, their limits, file descriptors.

Knows bytes, clients and time; knows no routes and no city.
"""
