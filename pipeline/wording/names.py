"""Parts of names that tell something: whose patronymic it is, which small words belong to a surname."""

from __future__ import annotations

MAN, WOMAN = "м", "ж"
"""The answers to «Пол»."""

MALE_ENDING = "ич"
"""How a man's patronymic ends."""

FEMALE_ENDINGS = ("вна", "чна", "шна")
"""How a woman's patronymic ends."""

PATRONYMIC_WORDS = {
    **dict.fromkeys(("оглы", "оглу", "углы", "улы", "уулу"), MAN),
    **dict.fromkeys(("кызы", "гызы", "кизи"), WOMAN),
}
"""Words written apart and small within a patronymic («Али оглы»), and whose it then is."""

SURNAME_WORDS = frozenset(
    {"аль", "бен", "ван", "да", "де", "ди", "дер", "дель", "ибн", "ла", "ле", "сен", "тер", "фон", "эль"}
)
"""Small words that may stand before a surname («фон Бок»)."""

NONE_WORDS = frozenset({"нет", "не", "без", "отсутствует", "отчество", "отчества"})
"""Words that say that there is no patronymic and are no part of one."""
