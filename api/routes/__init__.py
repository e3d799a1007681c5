"""One module for each resource; a route reads typed parameters, asks a service, and answers."""
