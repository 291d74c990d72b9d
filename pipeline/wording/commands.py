"""What the command line says: help, results, and what to do next."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pipeline.wording.intake import CAUSES

PROGRAM = "nastavnik"
DESCRIPTION = (
    "Документы наставничества: анкеты – в папку, решения – в реестре, приказы и программы – готовыми файлами Word."
)
USAGE = "Использование: "
COMMANDS = "Команды"
OPTIONS = "Параметры"
HELP = "показать эту справку"
ROOT = "рабочая папка (по умолчанию – текущая)"
INIT = "создать рабочую папку с настройками, шаблонами и бланками"
INIT_DIR = "какую папку создать"
INIT_DEMO = "папка для пробы: в неё можно класть анкеты вымышленных людей"
RUN = "следить за папкой inbox и вести реестр и документы, пока не остановят (Ctrl+C)"
ONCE = "сделать всё, что можно сделать сейчас, и закончить"
CHECK = "проверить настройки и шаблоны, ничего не меняя"
STATUS = "показать, как обстоят дела и чей ход"
SAMPLE = "положить в inbox заполненные анкеты вымышленных людей (только в пробной папке)"
SAMPLE_COUNT = "сколько анкет"
SAMPLE_SEED = "число, от которого зависит, какие люди будут придуманы"
VERSION = "показать версию"
READING = "Читаю файлы"
REGISTER = "история реестра и решения о нём"
REGISTER_HISTORY = "показать редакции реестра и сохранения куратора"
REGISTER_DIFF = "показать, что и кем изменено между двумя редакциями"
REGISTER_RESTORE = "вернуть правки куратора к состоянию редакции (данные анкет остаются)"
REGISTER_ACCEPT = "принять задержанный реестр как есть"
REGISTER_DISCARD = "вернуть последнюю редакцию вместо задержанного файла (его копия остаётся)"
REVISION = "номер редакции"
_WHO = {"curator": "куратор", "form": "анкета", "rule": "программа"}


def not_understood() -> str:
    """Say that the command line makes no sense and where the help is."""
    return "Команда не понята. Справка: nastavnik --help"


def made(root: Path) -> str:
    """Say that a workspace was made and what to do with it."""
    return (
        f"Рабочая папка готова: {root}\n"
        "1. Проверьте config/organisation.yaml – это ваша организация.\n"
        "2. Раздайте бланки из inbox/Бланки, заполненные файлы кладите в inbox.\n"
        f"3. Запустите: nastavnik run --root {root}"
    )


def not_empty(root: Path) -> str:
    """Refuse to make a workspace in a folder that holds something."""
    return f"Папка {root} не пуста. Укажите новую или пустую папку."


def not_a_workspace(root: Path) -> str:
    """Say that a folder is no workspace."""
    return f"{root} – не рабочая папка: в ней нет config/organisation.yaml. Создайте её: nastavnik init {root}"


def not_demo(root: Path) -> str:
    """Refuse to put invented people among real ones."""
    return f"{root} – не пробная папка. Вымышленных людей можно добавлять только в папку, созданную «init --demo»."


def sampled(count: int) -> str:
    """Say how many invented forms were put into the inbox."""
    return f"В inbox положено файлов: {count}."


def greeting(root: Path) -> str:
    """Tell, at the start of ``run``, what to drop where."""
    return (
        f"Слежу за папкой {root / 'inbox'}.\n"
        "• Пустые бланки: inbox/Бланки. Заполненные анкеты и согласия (xlsx, xls, ods) кладите в inbox.\n"
        "• Что стало с файлом – страница «inbox/Что с моим файлом.html».\n"
        "• Куратор работает в «register/Реестр наставничества.xlsx».\n"
        "• Секретарь забирает документы из outbox.\n"
        "Остановить: Ctrl+C."
    )


def stopped() -> str:
    """Say that the watcher ended."""
    return "Остановлено. Всё принятое сохранено."


def another_instance() -> str:
    """Say that another instance works on this workspace."""
    return "С этой папкой уже работает другая копия программы. Вторая не нужна."


def journal_damaged(path: Path) -> str:
    """Say that the journal cannot be opened."""
    return f"Журнал {path} повреждён. Верните его из резервной копии; без него программа ничего не пишет."


def check_passed(forms: int, documents: int) -> str:
    """Say that the set-up is in order."""
    return f"Настройки в порядке. Форм: {forms}, видов документов: {documents}."


def setup_problems(count: int) -> str:
    """Head the list of mistakes in the set-up."""
    return f"В настройках есть ошибки: {count}. Исправьте их и повторите команду:"


def old_python() -> str:
    """Warn about a Python with a known weakness in its zip reader."""
    return "Внимание: в этой версии Python есть известная уязвимость чтения zip. Обновите до 3.11.8 или новее."


def no_folder(name: str) -> str:
    """Say that a folder of the workspace is missing."""
    return f"Нет папки {name}. Программа создаст её при запуске."


def curator_is_no_deputy(post: str) -> str:
    """Flag that the curator's post contradicts clause 6.4.1 of the regulation (against its section 3)."""
    return (
        f"Куратор – «{post}», не заместитель руководителя. По пункту 6.4.1 Положения куратор назначается из "
        "заместителей, раздел 3 допускает и других: решите, как верно."
    )


def regulation_before_law(adopted: str) -> str:
    """Flag that the regulation is older than article 351.8 of the Labour code, and so says nothing of it."""
    return (
        f"Положение введено {adopted}, до статьи 351.8 Трудового кодекса (с 01.03.2025), и не говорит о дополнительных "
        "соглашениях и оплате наставников. Внести изменения – приказ «Изменение Положения» (пункт 12.3)."
    )


def turn_failed(place: str) -> str:
    """Say that a turn failed for a reason nobody foresaw, without any personal data."""
    return f"Работа прервана непредвиденной ошибкой ({place}). Принятые файлы целы, попытка повторится."


def turn_waits(cause: str) -> str:
    """Say that something which will pass stands in the way of a whole turn."""
    return f"{CAUSES[cause]}. Ничего не потеряно, попытка повторится сама."


def journal_of_later_version(path: Path) -> str:
    """Say that the journal belongs to a later version of the program."""
    return f"Журнал {path} записан более новой версией программы. Обновите программу; эта его не трогает."


def done(taken: int, returned: int, refused: int, papers: int) -> str:
    """Sum up one turn."""
    sent_back = f"возвращено на исправление: {returned}, не распознано: {refused}"
    return f"Принято файлов: {taken}, {sent_back}, документов: {papers}."


def register_written(revision: int) -> str:
    """Say that the register was written."""
    return f"Реестр записан, редакция {revision}."


def register_waits(reason: str) -> str:
    """Say that the register could not be written now."""
    return f"Реестр пока не записан. {reason}"


def waiting(questions: int, turns: int) -> str:
    """Say how much waits for people."""
    return f"Ждут людей: вопросов {questions}, строк {turns}. Подробности – на странице «Состояние.html»."


def all_done() -> str:
    """Say that nothing waits for anybody."""
    return "Всё сделано, никто ничего не ждёт."


def event(revision: int, at: datetime, *, hers: bool, kept: bool) -> str:
    """Name one moment of the register's history."""
    what = f"сохранение куратора (от редакции {revision})" if hers else f"редакция {revision}"
    return f"{at:%d.%m.%Y %H:%M}  {what}{'' if kept else ' – копия уже не хранится'}"


def no_revision() -> str:
    """Say that a revision of this number never was."""
    return "Такой редакции не было. Номера – в «nastavnik register history»."


def difference(code: str, column: str, values: tuple[str, str], who: str) -> str:
    """Say what changed in one cell and who changed it."""
    old, new = (value or "пусто" for value in values)
    return f"{code}, «{column}»: {old} → {new} ({_WHO[who]})"


def differences(count: int) -> str:
    """Sum up a comparison of revisions."""
    return f"Изменено ячеек: {count}."


def left_for_the_instance(root: Path) -> str:
    """Say that the running instance will do what was asked."""
    return f"С папкой {root} работает программа: она сделает это в ближайшую минуту."
