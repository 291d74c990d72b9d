"""Deliberate mistakes in the merge and in the order of steps; the histories must notice every one of them.

Each mutant is one replacement of text in a copy of the package, judged by a run of the histories against that copy.

    python -m tests.register.mutants
"""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
HISTORIES = 400

MERGE, LINEAGE, PUBLISH, EXCHANGE = (
    f"pipeline/register/{name}.py" for name in ("merge", "lineage", "publish", "exchange")
)
FILES, QUESTIONS, FILLED = "pipeline/files.py", "pipeline/cycle/questions.py", "pipeline/casework/filled.py"
_INTEND = "        self._journal.intend(stamp.revision, files.digest(new), one.says, stamp.at)\n"
_ABORT = """\
        if not self._is_free() or files.digest_of(self._path) != one.old:
            self._journal.mark(stamp.revision, "aborted")
            return self.standing(again=True)
"""
_EXCHANGE = "        displaced = files.exchange(self._path, new)\n"
_RUN = f"""\
from tests.register import histories
print(histories.merge.__file__)
for seed in range({HISTORIES}):
    histories.light(histories.draw(seed))
"""


@dataclass(frozen=True)
class Mutant:
    """A mistake: what it is, the file it is made in, the text that goes and the text that comes."""

    name: str
    path: str
    old: str
    new: str


MUTANTS = (
    Mutant("the base is the latest revision, not the stamp's", EXCHANGE,
           "base = self._journal.snapshot(stamp.revision) if stamp",
           "base = self._journal.snapshot(self.revision()) if stamp"),
    Mutant("the last writer wins without a question", MERGE,
           "unseen = bool(now) and ours not in {first, hers}", "unseen = False"),
    Mutant("what was displaced is not examined", EXCHANGE, "if not self._known(sha):\n                files.keep",
           "if False:\n                files.keep"),
    Mutant("the register is written over instead of exchanged", FILES, "        _swap(path, temporary)\n",
           "        temporary.replace(path)\n"),
    Mutant("the intent is recorded after the exchange", EXCHANGE, _INTEND + _ABORT + _EXCHANGE,
           _ABORT + _EXCHANGE + _INTEND),
    Mutant("removals are ignored", MERGE, "                going[code] = sheet\n", "                pass\n"),
    Mutant("rows changed since are removed all the same", MERGE,
           "if any(was.get(c.key) != now.get(c.key) for c in sheet.columns", "if any(False for c in sheet.columns"),
    Mutant("blanks are ignored", MERGE, "        if ours not in {was, \"\", others}:\n", "        if True:\n"),
    Mutant("questions are dropped", MERGE, "questions=tuple(self.questions.values()),", "questions=(),"),
    Mutant("adopted rows are forgotten", EXCHANGE, "ours.view, frozen, given, confirmed", "ours.view, frozen"),
    Mutant("rows without a code are not taken", MERGE, "            case.typed.append(", "            (lambda _: _)("),
    Mutant("signed rows are hers to edit", MERGE,
           "return column.owner == \"program\" or (code in self.sides.frozen and not column.after_signing)",
           "return column.owner == \"program\""),
    Mutant("what she writes in a computed cell goes in silence", MERGE,
           "            _ask_locked(case, sheet, column, line)\n", "            pass\n"),
    Mutant("computed cells are hers to edit", MERGE, "return column.owner == \"program\" or (code", "return (code"),
    Mutant("the earlier saves of the open workbook are forgotten", EXCHANGE,
           "theirs, self._journal.taken(stamp.revision))", "theirs, [])"),
    Mutant("what a copy has not seen is undone in silence", LINEAGE,
           "later = [one.changed for one in saves[found + 1 :]]", "later: list[Changed] = []"),
    Mutant("an earlier edit is undone in silence", MERGE, "unseen = bool(ours) and (was != first or ours != was)\n",
           "unseen = False\n"),
    Mutant("saves that wait are merged with the same rows", EXCHANGE,
           "                return True\n            held =", "                continue\n            held ="),
    Mutant("a deletion is undone in silence", MERGE, "    if case.was(sheet.key, code):\n        text = wording.back",
           "    if False:\n        text = wording.back"),
    Mutant("a copied row is the row it was copied from", MERGE,
           "        loose.extend(line for line in lines if line is not keeper)\n", ""),
    Mutant("rows written to after they went stay away", MERGE, "    case.restored.append((sheet.key, code))\n", ""),
    Mutant("anything is believed, however much is gone", MERGE, "    if gone > limit:\n", "    if False:\n"),
    Mutant("an open workbook is written to", EXCHANGE, "for owner in owners.of(self._path):", "for owner in ():"),
    Mutant("an unread save is written over", EXCHANGE,
           "        if not self._known(sha):\n            return self.standing(again=True)\n", ""),
    Mutant("every turn writes", PUBLISH, "if any_yet or stamp.answers:", "if True:"),
    Mutant("answers are not carried out", QUESTIONS, "if one.event and reply != one.reply:", "if False:"),
    Mutant("a form that came after her edit is passed over in silence", FILLED,
           "if newest.seq <= seen or fields.fold(value) in known:", "if True:"),
    Mutant("empty rows that were filled go on being offered", PUBLISH,
           "if code not in gone and code not in rows)", "if code not in gone)"),
)  # fmt: skip


def killed(mutant, folder):
    """Run the histories against a copy of the package with the mutant in it; say whether they noticed."""
    for name in ("pipeline", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "data", "demo"))
    path = folder / mutant.path
    text = path.read_text("utf-8")
    if text.count(mutant.old) != 1:
        raise SystemExit(f"«{mutant.name}»: its text stands {text.count(mutant.old)} times in {mutant.path}")
    path.write_text(text.replace(mutant.old, mutant.new), "utf-8")
    done = subprocess.run([sys.executable, "-c", _RUN], cwd=folder, capture_output=True, text=True, check=False)
    if str(folder) not in done.stdout:
        raise SystemExit(f"«{mutant.name}» did not run:\n{done.stdout}{done.stderr}")
    return done.returncode != 0, done.stderr.strip().rpartition("\n")[2] or done.stdout.strip()


def main():
    survivors = 0
    for mutant in MUTANTS:
        with tempfile.TemporaryDirectory() as folder:
            dead, why = killed(mutant, Path(folder).resolve())
        survivors += not dead
        print("killed  " if dead else "SURVIVED", f"{mutant.name} – {why[:100]}", flush=True)
    print(f"{len(MUTANTS) - survivors} of {len(MUTANTS)} killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
