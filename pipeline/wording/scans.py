"""Sentences to whoever dropped a scan of signed sheets; nobody is named."""

from __future__ import annotations

_WHY = {
    "locked": "PDF защищён паролем, и программа не может его прочитать. Снимите пароль и положите файл снова.",
    "too large": "Картинка больше 40 миллионов точек. Отсканируйте с разрешением 150–300 точек на дюйм.",
    "too many": "В скане больше 200 страниц. Разделите его на несколько файлов.",
    "died": "Скан не удалось прочитать, он отложен. Отсканируйте листы заново.",
    "hung": "Скан не удалось прочитать, он отложен. Отсканируйте листы заново.",
}


def unreadable(reason: str) -> str:
    """Say why a scan cannot be read and what to do."""
    return _WHY.get(reason, "Файл повреждён или скопирован не до конца. Отсканируйте или скопируйте его ещё раз.")


def taken(sheets: int, unread: int, strangers: int) -> str:
    """Say how many sheets were recognised, how many pages the curator is asked about, how many are of others."""
    parts = [f"Скан: распознано листов согласий – {sheets}."]
    if unread:
        parts.append(f"Страниц, код которых не читается, – {unread}: о них спросят куратора.")
    if strangers:
        parts.append(f"Листов с кодом другого реестра – {strangers}: они не приняты.")
    return " ".join(parts)


def blank() -> str:
    """Say that there is nothing on any page."""
    return "Все страницы пустые: возможно, листы лежали в сканере обратной стороной."


def other_register() -> str:
    """Say that the sheets were printed from another register."""
    return "Листы напечатаны из другого реестра, их кодов здесь нет. Распечатайте лист из папки outbox/Согласия."


def no_sheet() -> str:
    """Say that this is no scan of a sheet of ours."""
    return (
        "Это не скан листа согласия: квадратного кода с листа в файле нет. Сканируют подписанный лист из папки "
        "outbox/Согласия; анкеты сдают бланком Excel из папки «Бланки»."
    )


def too_many_unread(pages: int) -> str:
    """Say that too many pages cannot be read for anybody to be asked about each."""
    return (
        f"Ни на одной странице код листа не читается (страниц: {pages}). Отсканируйте листы заново: 200–300 точек на "
        "дюйм, квадрат с кодом целиком на странице."
    )
