"""Every sentence that the program says, one typed function each, so that the type checker sees its facts.

One module a listener's subject: ``setup`` (the administrator), ``answers`` (what an answer should look like), ``intake``
(the sender of a file), ``casework``, ``register`` and ``documents`` (the curator and the secretary), ``commands`` (who
types ``nastavnik``).
"""
