"""The demonstration: the whole job on invented people, played once."""
