"""Rigs that break the machine under the running program, and judges that look at what is left."""
