"""Files that officials send: received, and read in a process that can be stopped."""
