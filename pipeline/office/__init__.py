"""The office formats, each library in its own module, plain data on the other side."""
