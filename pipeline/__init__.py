"""Nastavnik: facts come in, people decide in a workbook, documents come out."""

__version__ = "0.1.0"
