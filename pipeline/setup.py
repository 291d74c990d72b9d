"""Making a workspace and examining its set-up, before anything in it is touched."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline import catalog, files
from pipeline.documents import check
from pipeline.wording import commands as say
from pipeline.workspace import Workspace

SHIPPED = Path(__file__).resolve().parent.parent
"""Where the shipped ``config/`` and ``templates/`` lie."""


def make(root: Path, *, demo: bool) -> Workspace:
    """Make a workspace at ``root`` with the shipped set-up; ``demo`` allows invented people in it."""
    space = Workspace(root)
    files.make_folders(space.folders())
    for part in ("config", "templates"):
        for path in sorted((SHIPPED / part).rglob("*")):
            if path.is_file():
                files.publish(root / path.relative_to(SHIPPED), path.read_bytes())
    if demo:
        files.publish(space.demo_mark, b"")
    return space


def examine(space: Workspace) -> catalog.Catalog:
    """Return everything declared in a workspace and its templates; raise ``SetupMistake`` with every mistake."""
    declared = catalog.load(space.root)
    mistakes = check.mistakes(declared)
    if mistakes:
        raise catalog.SetupMistake(mistakes)
    return declared


def sign(space: Workspace) -> int:
    """Return a number that changes when any file of the settings or templates does, without reading them."""
    paths = (path for part in ("config", "templates") for path in sorted((space.root / part).rglob("*.*")))
    return hash(tuple((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in paths))


def doubts(space: Workspace, declared: catalog.Catalog) -> list[str]:
    """Return what is no mistake but should be looked at: missing folders, a contradiction in the regulation."""
    found = [say.no_folder(space.relative(folder)) for folder in space.folders() if not folder.is_dir()]
    post = declared.organisation.curator.post
    if not re.match(r"(и\.\s?о\.\s*)?зам", post.casefold()):
        found.append(say.curator_is_no_deputy(post))
    return found
