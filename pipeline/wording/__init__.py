"""Every sentence that the program says, one typed function each, so that the type checker sees its facts.

One module a listener: ``setup`` (the administrator), ``intake`` and ``gate`` (the sender of a file), ``casework``,
``register`` and ``documents`` (the curator and the secretary), ``pages`` (the two pages), ``commands`` (who types
``nastavnik``); ``answers`` says what is wanted in a cell.
"""
