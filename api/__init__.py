"""The application: HTTP, pages and the command line. The top layer."""
