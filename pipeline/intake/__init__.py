"""A file becomes a submission, or a form sent back. Nothing dropped is ever lost, and every sender gets an answer."""
