"""Phrases about answers: what is wanted in a cell, and the few words that cells hold."""

from __future__ import annotations

from collections.abc import Sequence

YES = "да"
NO = "нет"


def signer_label(post: str, surname: str) -> str:
    """Name an official in the drop-down «Подписывает»."""
    return f"{post} {surname}"


def want_date() -> str:
    """Ask for a date."""
    return "нужна дата, например 05.11.2026"


def want_number() -> str:
    """Ask for a number."""
    return "нужно число, например 2 или 1,5"


def want_option(options: Sequence[str]) -> str:
    """Ask for one of the closed answers."""
    shown = ", ".join(f"«{option}»" for option in options[:8])
    return f"нужен ответ из списка: {shown}{' …' if len(options) > 8 else ''}"
