"""YAML files read into declarations; every mistake is gathered with its file, line, key and the nearest known key."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import pydantic
import yaml

from pipeline.catalog.declared import Declared
from pipeline.wording import setup

ModelT = TypeVar("ModelT", bound=Declared)

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times as fast where PyYAML was built with its C library, as its wheels are."""


class SetupMistake(Exception):
    """The administrator must mend something: ``mistakes`` are Russian sentences, one a mistake."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


def nearest(name: str, known: set[str] | frozenset[str]) -> str:
    """Return the known name most like ``name``, ``""`` when none is near."""
    found = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return found[0] if found else ""


class Reader:
    """Reads YAML files into declarations and gathers what is wrong with them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.mistakes: list[str] = []
        self.seen: list[tuple[str, bytes]] = []

    def one(self, relative: str, model: type[ModelT]) -> ModelT | None:
        """Read one file; note every mistake and return ``None`` when it has any."""
        path = self.root / relative
        if not path.is_file():
            self.mistakes.append(setup.missing_file(relative))
            return None
        data = path.read_bytes()
        self.seen.append((relative, data))
        try:
            node, plain = _parse(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.mistakes.append(setup.not_utf8(relative))
            return None
        except yaml.YAMLError as problem:
            mark = getattr(problem, "problem_mark", None)
            self.mistakes.append(setup.broken_yaml(relative, mark.line + 1 if mark else 1))
            return None
        self.mistakes.extend(_twice(relative, node))
        try:
            return model.model_validate(plain if plain is not None else {})
        except pydantic.ValidationError as problem:
            self.mistakes.extend(_explain(relative, node, model, error) for error in problem.errors())
            return None

    def each(self, pattern: str, model: type[ModelT]) -> dict[str, ModelT]:
        """Read the file of every folder that matches; the folder's name must be the declaration's own."""
        found: dict[str, ModelT] = {}
        folder, _, name = pattern.partition("/*/")
        for empty in sorted((self.root / folder).glob("*/")):
            if not (empty / name).is_file():
                self.mistakes.append(setup.missing_file((empty / name).relative_to(self.root).as_posix()))
        for path in sorted(self.root.glob(pattern)):
            relative = path.relative_to(self.root).as_posix()
            one = self.one(relative, model)
            if one is None:
                continue
            name = str(getattr(one, "name", ""))
            if name != path.parent.name:
                self.mistakes.append(setup.wrong_folder(relative, name, path.parent.name))
            found[name] = one
        return found

    def apart(self, pattern: str, model: type[ModelT]) -> tuple[dict[str, ModelT], dict[str, tuple[str, ...]]]:
        """Read as ``each`` does, but give the mistakes of each folder beside what could be read, by folder."""
        others, self.mistakes = self.mistakes, []
        found = self.each(pattern, model)
        folder = pattern.partition("/*/")[0]
        flaws: dict[str, tuple[str, ...]] = {}
        for text in self.mistakes:
            name = text.removeprefix(f"{folder}/").partition("/")[0]
            flaws[name] = (*flaws.get(name, ()), text)
        self.mistakes = others
        return {name: one for name, one in found.items() if name not in flaws}, flaws

    def finish(self) -> None:
        """Raise everything found so far."""
        if self.mistakes:
            raise SetupMistake(self.mistakes)

    def digest(self, more: Iterable[Path]) -> str:
        """Return a hash of all files read and of the files ``more``."""
        sha = hashlib.sha256()
        for relative, data in self.seen:
            sha.update(relative.encode() + b"\0" + data)
        for path in sorted(more):
            sha.update(path.name.encode() + (path.read_bytes() if path.is_file() else b""))
        return sha.hexdigest()


@lru_cache(maxsize=256)
def _parse(text: str) -> tuple[yaml.Node | None, Any]:
    """Return the nodes of a YAML text, which know their lines, and its plain values; one met before is not read again.

    Nobody changes either: declarations are made of copies.
    """
    loader = _LOADER(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _twice(relative: str, node: yaml.Node | None) -> list[str]:
    """Find keys written twice in one mapping; YAML itself would keep the last in silence."""
    mistakes: list[str] = []
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                mistakes.append(setup.key_twice(relative, key.start_mark.line + 1, str(key.value)))
            seen.add(key.value)
            mistakes.extend(_twice(relative, value))
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            mistakes.extend(_twice(relative, value))
    return mistakes


def _explain(relative: str, node: yaml.Node | None, model: type[Declared], error: Any) -> str:
    """Say one validation error with its file, line, key and the nearest known key."""
    where: tuple[str | int, ...] = error["loc"]
    line = _line(node, where)
    key = next((str(part) for part in reversed(where) if isinstance(part, str)), "")
    if error["type"] == "extra_forbidden":
        return setup.unknown_key(relative, line, key, nearest(key, _known_keys(model, where)))
    if error["type"] == "missing":
        return setup.missing_key(relative, line, key)
    return setup.wrong_value(relative, line, key, str(error.get("input", "")), _expected(error))


def _expected(error: Any) -> str:
    """Say which values are allowed, or how small or large a number may be."""
    facts = error.get("ctx", {})
    bounds = [setup.bound(kind, facts[kind]) for kind in setup.BOUNDS if kind in facts]
    return bounds[0] if bounds else str(facts.get("expected", "")).replace(" or ", ", ")


def _line(node: yaml.Node | None, where: tuple[str | int, ...]) -> int:
    """Return the line (from 1) of the deepest part of ``where`` that the file really has."""
    line = node.start_mark.line + 1 if node else 1
    for part in where:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if pair is None:
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line


def _known_keys(model: type[Declared], where: tuple[str | int, ...]) -> set[str]:
    """Return the keys that the declaration at ``where`` knows."""
    current: Any = model
    for part in where[:-1]:
        if not isinstance(part, str) or not isinstance(current, type) or not issubclass(current, Declared):
            continue
        if part in current.model_fields:  # else the name of one in a mapping
            current = _declared_in(current.model_fields[part].annotation) or current
    return set(current.model_fields)


def _declared_in(annotation: Any) -> type[Declared] | None:
    """Find the declaration class inside an annotation such as ``tuple[Column, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, Declared):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _declared_in(inner)
        if found:
            return found
    return None
