"""What requests are answered from: opened once, typed, read by dependencies."""
