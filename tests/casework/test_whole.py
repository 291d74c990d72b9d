"""The whole of casework: whatever people do in whatever order, the same promises hold."""

from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.casework.college import (
    DATA,
    GROUP,
    IVANOVA,
    MENTEE_ANSWERS,
    MENTOR,
    MENTOR_ANSWERS,
    ORLOVA,
    PAIR,
    POST,
    SEDOV,
    TODAY,
    TRADITIONAL,
    College,
)

THIRD = {"surname": "Яшин", "name": "Лев", "patronymic": "–", "sex": "м", "birth": "2001-02-03"}
MENTEES = (ORLOVA, SEDOV, THIRD)
STATES = {
    *("Предложена", "Согласована", "Ждёт согласий", "В приказе", "Действует", "Завершена", "Прекращена"),
    *("Отложена", "Отклонена"),
}
pairs = st.sampled_from(["П-0001", "П-0002", "П-0003"])


class Casework(RuleBasedStateMachine):
    """A year of one mentor and three mentees. ``College.turn`` itself proves that deciding twice changes nothing."""

    @initialize(ready=st.sampled_from([True, True, False]))
    def begin(self, ready) -> None:
        self.college = College()
        self.signed: dict[str, tuple[str, ...]] = {}
        self.kept: dict[str, dict[str, str]] = {}
        self.college.fill("mentors", IVANOVA | POST, **MENTOR_ANSWERS)
        for kind in (DATA, MENTOR, PAIR):
            self.college.fill("consents", IVANOVA, kind=kind, answer="Согласен")
        for person in MENTEES:
            self.college.fill("mentees", person | POST, **MENTEE_ANSWERS)
            for kind in (DATA, PAIR):
                self.college.fill("consents", person, kind=kind, answer="Согласен")
        self.college.turn()
        for n, row in enumerate(self.college.rows("mentees"), 1):
            self.college.edit(
                "pairs",
                f"П-{n:04d}",
                mentor="НК-0001",
                mentee=row.code,
                kinds=TRADITIONAL if n == 1 else GROUP,
                group="" if n == 1 else "Г-0001",
                form="педагог – педагог",
                start="2026-12-01",
                end="2027-05-31",
                decision="Согласовать" if ready else None,
            )
        if ready:
            self.she_holds_every_signed_paper()

    @rule(code=pairs, decision=st.sampled_from(["Согласовать"] * 3 + [None, "Отложить", "Завершить", "Прекратить"]))
    def she_decides_about_a_pair(self, code, decision) -> None:
        self.college.edit("pairs", code, decision=decision)

    @rule(verified=st.sampled_from(["да", "да", None]), number=st.integers(1, 9))
    def she_holds_a_signed_paper(self, verified, number) -> None:
        self.college.edit("consents", f"С-{number:04d}", verified=verified)

    def she_holds_every_signed_paper(self) -> None:
        for row in self.college.rows("consents"):
            self.college.edit("consents", row.code, verified="да")

    @rule(person=st.sampled_from(MENTEES), answer=st.sampled_from(["Согласен", "Отказ"]))
    def somebody_thinks_again(self, person, answer) -> None:
        self.college.fill("consents", person, kind=PAIR, answer=answer)

    @rule(data=st.data(), decision=st.sampled_from(["На подпись", "На подпись", "Отменить", None]))
    def she_decides_about_an_order(self, data, decision) -> None:
        rows = self.college.rows("orders")
        if rows:
            code = data.draw(st.sampled_from([row.code for row in rows]))
            self.college.edit("orders", code, decision=decision)

    @rule(data=st.data(), by_form=st.booleans(), day=st.sampled_from(["2026-11-23", ""]))
    def the_secretary_registers(self, data, by_form, day) -> None:
        rows = self.college.rows("orders")
        if rows:
            code = data.draw(st.sampled_from([row.code for row in rows]))
            if by_form:
                self.college.fill("orders", {}, code=code, number="57-од", day=day)
            else:
                self.college.edit("orders", code, number="57-од", day=day or None)

    @rule(data=st.data())
    def she_removes_an_order_not_signed(self, data) -> None:
        codes = [row.code for row in self.college.rows("orders") if row["state"] != "Подписан"]
        if codes:
            self.college.remove(data.draw(st.sampled_from(codes)))

    @rule(days=st.integers(1, 90))
    def time_passes(self, days) -> None:
        self.college.today = min(self.college.today + timedelta(days=days), TODAY + timedelta(days=400))

    @rule(reply=st.sampled_from(["оставить", "взять новое", "другой человек"]))
    def she_answers_everything(self, reply) -> None:
        for key in list(self.college.ledger.questions):
            self.college.answer(key, reply)

    @rule()
    def a_cycle_runs(self) -> None:
        self.college.turn()

    @invariant()
    def the_promises_hold(self) -> None:
        self.college.turn()
        self.every_pair_has_a_state_and_says_whose_move_it_is()
        self.what_an_order_holds_is_what_it_says()
        self.what_was_frozen_stays()

    def every_pair_has_a_state_and_says_whose_move_it_is(self) -> None:
        for row in self.college.rows("pairs"):
            assert row["state"] in STATES
            if row["state"] in {"Согласована", "Ждёт согласий"}:
                assert row["missing"]
                assert row["turn"]
            held = row["state"] in {"В приказе", "Действует", "Завершена", "Прекращена"}
            assert bool(row["order"]) == held == bool(row["programme"])

    def what_an_order_holds_is_what_it_says(self) -> None:
        orders = {row.code: row for row in self.college.rows("orders")}
        for row in self.college.rows("pairs"):
            if row["order"]:
                order = orders[row["order"]]
                assert row.code in order["content"]
                assert order["state"] != "Отменён"
                assert (order["state"] == "Подписан") == (row["state"] != "В приказе")
                assert order["state"] == "Проект" or row.code in self.college.closed[order.code]

    def what_was_frozen_stays(self) -> None:
        for code, cells in self.kept.items():
            assert self.college.frozen[code] == cells
        self.kept = dict(self.college.frozen)
        for row in self.college.rows("orders"):
            if row["state"] == "Подписан":
                members = self.college.closed.get(row.code, ())
                assert self.signed.setdefault(row.code, members) == members
        assert self.signed.keys() <= {row.code for row in self.college.rows("orders") if row["state"] == "Подписан"}


TestCasework = Casework.TestCase
TestCasework.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)


def test_the_whole_way_from_forms_to_a_pair_in_force():
    college = College()
    college.fill("consents", ORLOVA, kind=PAIR, answer="Согласен")
    college.fill("mentors", IVANOVA | POST, **MENTOR_ANSWERS)
    college.turn()
    college.fill("mentees", ORLOVA | POST, **MENTEE_ANSWERS)
    for kind in (DATA, MENTOR, PAIR):
        college.fill("consents", IVANOVA, kind=kind, answer="Согласен")
    college.fill("consents", ORLOVA, kind=DATA, answer="Согласен")
    college.turn()
    assert {row["state"] for row in college.rows("consents") if row["answer"]} == {"Ждём подпись"}
    typed = {"kinds": TRADITIONAL, "form": "педагог – педагог", "start": "2026-12-01", "end": "2027-05-31"}
    college.edit("pairs", "П-0001", mentor="НК-0001", mentee="НМ-0001", decision="Согласовать", **typed)
    row = college.turn().row("pairs")
    assert (row["state"], row["turn"], row["missing"].count("ждём подпись")) == (
        "Ждёт согласий",
        "Наставник, Наставляемый",
        5,
    )
    for consent in college.rows("consents"):
        college.edit("consents", consent.code, verified="да", signed="2026-11-22")
    order = college.turn().row("pairs")["order"]
    college.edit("orders", order, decision="На подпись")
    college.turn()
    college.fill("orders", {}, code=order, number="57-од", day="2026-11-25")
    assert college.turn().row("pairs")["state"] == "Действует"
    assert college.row("programmes")["state"] == "Утверждена"
    college.today = date(2026, 12, 1)
    assert college.turn().row("programmes")["state"] == "Идёт"
    assert not college.asked()
