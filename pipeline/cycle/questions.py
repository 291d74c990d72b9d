"""The sheet «Вопросы»: every question ever asked has its row, and every answer to an event's question is carried out.

A rule's question is solved when the rule asks it no more; one that a save of hers raised, by any answer.
"""

from __future__ import annotations

from datetime import date

from pipeline import fields
from pipeline.journal import Asked, Codes, Journal
from pipeline.ledger import Ledger
from pipeline.register import publish
from pipeline.wording import register as say

SHEET = "questions"


def list_all(journal: Journal, ledger: Ledger, codes: Codes, today: date) -> None:
    """Record what the rules ask now and show the row of every question."""
    known = {one.question.key: one.question for one in journal.questions()}
    fresh = [one for one in ledger.questions.values() if known.get(one.key) != one]
    if fresh:
        journal.ask(fresh, today, event=False)
    for one in journal.questions():
        question, code = one.question, _code(codes, one)
        answered = bool(ledger.row(SHEET, code)["answer"])
        solved = answered if one.event else question.key not in ledger.questions
        cells = {
            "asked": one.asked.isoformat(),
            "text": question.text,
            "place": question.link or publish.place(ledger.layout, question.sheet, question.code, question.column),
            "options": " / ".join(question.answers),
            "state": say.SOLVED if solved else say.OPEN,
        }
        ledger.show(SHEET, code, cells)


def carry_out(journal: Journal, ledger: Ledger, codes: Codes, revision: int) -> None:
    """Carry out what she answered to questions that a save of hers raised; each answer once."""
    for one in journal.questions():
        reply = ledger.row(SHEET, _code(codes, one))["answer"]
        if one.event and reply != one.reply:
            with journal.commit("questions.carry_out"):
                _reply(journal, one, reply, revision)
                journal.carried_out(one.question.key, reply)


def _reply(journal: Journal, one: Asked, reply: str, revision: int) -> None:
    """Carry out one answer: keep, take the other value, remove the row, or her own value.

    A form that came after the question was asked is newer than the answer, so it is asked about in its turn.
    """
    question, answer = one.question, fields.fold(reply)
    if answer == say.REMOVE and question.code:
        journal.remove(question.sheet, question.code, revision, one.seen)
    elif answer == say.TAKE:
        journal.edit(revision, [(question.sheet, question.code, question.column, one.offer or None)], one.seen)
    elif answer not in {"", say.KEEP, say.SEEN} and say.TAKE in question.answers:
        journal.edit(revision, [(question.sheet, question.code, question.column, reply)], one.seen)


def _code(codes: Codes, one: Asked) -> str:
    return codes.give(SHEET, f"question:{one.question.key}")
