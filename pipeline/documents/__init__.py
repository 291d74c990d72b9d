"""Documents: which are due, what a template sees, Russian grammar, what a person has touched."""
