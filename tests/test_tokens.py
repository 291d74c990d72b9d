from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import tokens

TOKENS = st.builds(tokens.make, st.binary(min_size=1, max_size=16), st.text(max_size=12))


@given(TOKENS)
def test_a_code_has_no_sign_that_looks_like_another_and_fits_the_square(token):
    assert len(token) == 12
    assert not set(token) & set("0O1IL2Z5S8B6GQ") - {"6"}
    assert len(tokens.content(token)) <= 20
    assert tokens.of_content(tokens.content(token)) == token


@given(TOKENS)
def test_a_code_is_read_as_it_is_shown_typed_small_spaced_or_in_the_other_layout(token):
    shown = tokens.shown(token)
    russian = shown.translate(str.maketrans("ACEHKMPTXY3", "АСЕНКМРТХУЗ"))
    for typed in (shown, shown.lower(), shown.replace("-", " "), f"  {token}. ", russian, russian.lower()):
        assert tokens.read(typed) == token


@given(TOKENS, st.integers(0, 11), st.sampled_from(tokens.ALPHABET))
def test_one_wrong_sign_is_noticed(token, place, sign):
    wrong = token[:place] + sign + token[place + 1 :]
    assert (tokens.read(wrong) == token) == (wrong == token)
    assert tokens.read(wrong) in {"", token}


@given(TOKENS)
def test_two_neighbours_exchanged_are_noticed(token):
    for place, (one, other) in enumerate(pairwise(token)):
        wrong = token[:place] + other + one + token[place + 2 :]
        assert tokens.read(wrong) == ("" if one != other else token)


def test_codes_of_many_rows_all_differ_and_another_register_has_others():
    codes = {tokens.make(secret, f"С-{n:04}") for secret in (b"a", b"b") for n in range(5000)}
    assert len(codes) == 10_000


@pytest.mark.parametrize("text", ["", "да", "не наш", "https://example.ru", "ACDE-FH34", "NAST", "ACDE" * 5])
def test_what_is_no_code_is_none(text):
    assert tokens.read(text) == ""
    assert tokens.of_content(text) == ""
