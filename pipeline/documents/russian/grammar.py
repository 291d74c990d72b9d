"""The one who decides a form: what a person confirmed, then the organisation's words, then ours, then the engines."""

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

import yaml

from pipeline.documents.russian import names, posts, spelling
from pipeline.documents.russian.names import Part
from pipeline.documents.russian.typography import NBSP
from pipeline.documents.russian.words import FEMALE, MALE, Case, Inflected, Name, UndecidedSex, Words, join

_OTHER_SEX = "отчество не согласуется с полом"
_WORD_COUNT = "записанная форма длиннее или короче самого имени"


class Grammar:
    """Declines names and posts for one run.

    `confirmed` is the sheet «Склонения», `configured` is `config/words.yaml`; both may be empty. A key is a
    nominative: a whole name or post, or one word of it. Spaces and letter case of keys do not matter, ё does.
    """

    def __init__(self, confirmed: Words, configured: Words) -> None:
        self._decided = [_by_key(confirmed), _by_key(configured)]

    def name(self, name: Name, case: Case) -> Inflected:
        """Give the full name: «Иванову Марию Петровну». Raises UndecidedSex unless the form was decided before."""
        name = spelling.tidy_name(name)
        if whole := self._whole(name, case):
            return whole
        given = [(name.given, Part.GIVEN), (name.patronymic, Part.PATRONYMIC)]
        return join([self.surname(name, case), *(self._part(name, text, part, case) for text, part in given)])

    def short(self, name: Name, case: Case) -> Inflected:
        """Give surname and initials for running text, unbreakable: «Иванову М. П.». Raises UndecidedSex."""
        name = spelling.tidy_name(name)
        surname = self.surname(name, case)
        parts = [surname.text.replace(" ", NBSP), *spelling.initials_of(name)]
        return Inflected(NBSP.join(filter(None, parts)), surname.doubt)

    @staticmethod
    @lru_cache(maxsize=4096)
    def initials(name: Name) -> str:
        """Give the name as in a signature block, nominative, unbreakable: «М. П. Иванова»."""
        name = spelling.tidy_name(name)
        return NBSP.join(filter(None, [*spelling.initials_of(name), name.surname.replace(" ", NBSP)]))

    def surname(self, name: Name, case: Case) -> Inflected:
        """Give the surname alone. Raises UndecidedSex unless the form of the whole name was decided before."""
        name = spelling.tidy_name(name)
        if whole := self._whole(name, case):
            words = whole.text.split()[: len(name.surname.split())]
            return Inflected(" ".join(words), whole.doubt)
        return self._part(name, name.surname, Part.SURNAME, case)

    def post(self, title: str, case: Case, sex: str = "") -> Inflected:
        """Give a post: «заместителя директора по учебной работе».

        A post keeps the gender of its words («преподавателя Бондаренко Ольгу Ивановну»); `sex` of the person, if
        given, only raises a doubt when the two cannot go together.
        """
        title = spelling.tidy_title(title)
        if case is Case.NOM or not title:
            return Inflected(title)
        decided = self._decided_form(title, case)
        return Inflected(decided) if decided else posts.inflect(title, case, sex, self._known)

    def all_forms_of_name(self, name: Name) -> Mapping[Case, Inflected]:
        """Give the full name in every case, for the sheet «Склонения». Raises UndecidedSex."""
        return {case: self.name(name, case) for case in Case}

    def all_forms_of_post(self, title: str) -> Mapping[Case, Inflected]:
        """Give a post in every case, for the sheet «Склонения»."""
        return {case: self.post(title, case) for case in Case}

    def _whole(self, name: Name, case: Case) -> Inflected | None:
        nominative = spelling.full(name)
        if case is Case.NOM:
            return Inflected(nominative)
        form = self._decided_form(nominative, case)
        if not form or " " not in nominative:
            return None
        even = len(form.split()) == len(nominative.split())
        return Inflected(form, "" if even else _WORD_COUNT)

    def _part(self, name: Name, text: str, part: Part, case: Case) -> Inflected:
        found = spelling.sex_of(name.patronymic)
        sex = name.sex or found
        if sex not in (MALE, FEMALE):
            raise UndecidedSex(name)
        form = names.decline(text, part, sex, case, self._known)
        doubt = _OTHER_SEX if found not in ("", sex) else ""
        return join([form, Inflected("", doubt)])

    def _known(self, word: str, case: Case) -> str:
        return self._decided_form(word, case) or spelling.keep_yo(word, _form([_shipped()], word, case))

    def _decided_form(self, nominative: str, case: Case) -> str:
        return _form(self._decided, nominative, case)


def _form(levels: list[Words], nominative: str, case: Case) -> str:
    key = spelling.key(nominative)
    form = next((form for words in levels if (form := words.get(key, {}).get(case, ""))), "")
    return spelling.start_like(nominative, form)


def _by_key(words: Words) -> Words:
    return {
        spelling.key(nominative): {case: spelling.tidy(form) for case, form in forms.items()}
        for nominative, forms in words.items()
    }


@cache
def _shipped() -> Words:
    text = files("pipeline.documents").joinpath("exceptions.yaml").read_text(encoding="utf-8")
    return _by_key(yaml.safe_load(text)["words"])
