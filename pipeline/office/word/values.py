"""What a template may print, and how: as text, never as markup, and never as a guess.

Whatever a value holds, Word shows these characters and nothing else: no tag, no control character, no «None».
Line breaks, tabs and marks travel through the template as noncharacters (Unicode forbids them in documents, XML
allows them) and become Word's own elements in `finish`.
"""

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, SupportsIndex

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import escape

from pipeline.office.word.pictures import Picture

MARK_ON = "\ufdd0"
MARK_OFF = "\ufdd1"
LINE = "\ufdd2"
TAB = "\ufdd3"
HYPHEN = "\N{NON-BREAKING HYPHEN}"
REPORT = "_report"
"""The name in a context of the list that gathers what was printed."""

_SPECIAL = re.compile("[&<>'\"\x00-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ILLEGAL = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufdd2-\ufdef\ufffe\uffff]")
_MARKS = re.compile(f"[{MARK_ON}{MARK_OFF}]")
_LINE_END = re.compile("\r\n|[\n\r\v\f]")


class Unprintable(TypeError):
    """A template prints something that has no text of its own (None, a list, a fraction, a whole row).

    `type_name` is its Python type, `place` the paragraph of the template.
    """

    def __init__(self, type_name: str, place: str = "") -> None:
        super().__init__(f"a {type_name} cannot be printed as it is: «{place}»")
        self.type_name = type_name
        self.place = place


class Sourced(str):
    """A text that knows where it came from; in all else an ordinary string.

    ``origins`` are whatever the caller's values carry under that name. Filters keep them; `~` and `+` lose them.
    """

    __slots__ = ("origins",)
    origins: tuple[Any, ...]


class Marked(Sourced):
    """A text that a draft shows highlighted because a person should look at it; in all else an ordinary string.

    The filters upper, lower, capitalize, trim, replace and join, and `~`, keep the mark; `+` loses it.
    """

    __slots__ = ()

    def __html__(self) -> str:
        return f"{MARK_ON}{escape(_MARKS.sub('', str(self)))}{MARK_OFF}"

    def upper(self) -> "Marked":
        """Give the text in capitals, still marked."""
        return Marked(super().upper())

    def lower(self) -> "Marked":
        """Give the text in small letters, still marked."""
        return Marked(super().lower())

    def capitalize(self) -> "Marked":
        """Give the text with the first letter alone a capital, still marked."""
        return Marked(super().capitalize())

    def strip(self, chars: str | None = None, /) -> "Marked":
        """Give the text without `chars` (blanks) at its ends, still marked."""
        return Marked(super().strip(chars))

    def replace(self, old: str, new: str, count: SupportsIndex = -1, /) -> "Marked":
        """Give the text with `new` for the first `count` (all) places of `old`, still marked."""
        return Marked(super().replace(old, new, count))


def sourced(text: str, origins: tuple[Any, ...]) -> str:
    """Give a text that says where it came from; marked it stays marked."""
    if not origins:
        return text
    told = Marked(text) if isinstance(text, Marked) else Sourced(text)
    told.origins = origins
    return told


def origins_of(value: object) -> tuple[Any, ...]:
    """Give where a value, or the items of a list, came from, as far as they tell."""
    found = getattr(value, "origins", None)
    if type(found) is tuple:
        return found
    if isinstance(value, list):
        return tuple(dict.fromkeys(origin for item in value for origin in origins_of(item)))
    return ()


def keeping_origins(filter_: Callable[..., Any]) -> Callable[..., Any]:
    """Make a filter of Jinja's give texts that came from where their value (or the items of a list) came from."""
    at = 1 if hasattr(filter_, "jinja_pass_arg") else 0

    @wraps(filter_)
    def keeping(*args: Any, **options: Any) -> Any:
        value = args[at] if isinstance(args[at], str) or not isinstance(args[at], Iterable) else list(args[at])
        text = filter_(*args[:at], value, *args[at + 1 :], **options)
        return sourced(text, origins_of(value)) if isinstance(text, str) else text

    return keeping


@pass_context
def printed(context: Context, value: object) -> str:
    """Turn the value of a `{{ }}` into what goes into the part: escaped, nothing in it is a tag.

    Strings, whole numbers, pictures, and objects of a class with a `__str__` of its own can be printed; what they raise
    passes through. Texts of values with origins are noted, as Sourced, in the context's list REPORT. Raises
    Unprintable for all else.
    """
    if type(value) is Sourced:
        text: str = value
        context.parent[REPORT].append(text)
    elif isinstance(value, Picture):
        return value.carried()
    else:
        text = value if isinstance(value, str) else _own_text(value)
        if origins := origins_of(value):
            context.parent[REPORT].append(sourced(text, origins))
        if hasattr(text, "__html__"):  # marked, or made of marked and escaped pieces: never a tag of its own
            return legal(text.__html__()).replace("<", "&lt;")
    return str(escape(legal(_MARKS.sub("", text)))) if _SPECIAL.search(text) else text


def _own_text(value: object) -> str:
    if type(value) is int or type(value).__str__ is not object.__str__:
        return str(value)
    raise Unprintable(type(value).__name__)


def legal(text: str) -> str:
    """Drop what XML forbids; line ends of any system, vertical tabs and form feeds become LINE, tabs become TAB."""
    return _LINE_END.sub(LINE, _ILLEGAL.sub("", text)).replace("\t", TAB)
