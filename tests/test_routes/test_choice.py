"""Which account an SMS goes out by: tables, and what holds of any routes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgate.domain.messages import MtClass
from smsgate.domain.service_number import ServiceNumber
from smsgate.service.health import Health, Level
from smsgate.service.routes import Because, Peer, Route, Routes
from smsgate.service.rules import Rules

ALARM, ANSWER, BULK = MtClass
BAD, DOUBTFUL = Health(Level.BAD), Health(Level.DOUBTFUL)

ROUTES = Routes(
    [
        Route(("cmpp", "smpp"), ("+86134", "+86135")),
        Route(("smpp", "cmpp"), ("+86",)),
        Route(("bulk",), ("+86134",), frozenset({BULK})),
        Route(("twilio",), ("+1",), frozenset({ALARM})),
    ]
)

CASES = [
    # number, class, bad accounts → account, because
    ("+8613400000001", ALARM, (), "cmpp", Because.FIRST),
    ("+8613500000001", ANSWER, (), "cmpp", Because.FIRST),
    ("+8613900000001", ALARM, (), "smpp", Because.FIRST),
    ("+8613400000001", ALARM, ("cmpp",), "smpp", Because.OTHERS_BAD),
    ("+8613900000001", ALARM, ("smpp",), "cmpp", Because.OTHERS_BAD),
    ("+8613900000001", ALARM, ("cmpp",), "smpp", Because.FIRST),
    ("+8613900000001", ALARM, ("cmpp", "smpp"), "smpp", Because.ALL_BAD),
    # two routes as long: the one written first
    ("+8613400000001", BULK, (), "cmpp", Because.FIRST),
    ("+12025550101", ALARM, (), "twilio", Because.FIRST),
    ("+12025550101", ALARM, ("twilio",), "twilio", Because.ALL_BAD),
    # the class is not carried, nor is the number
    ("+12025550101", ANSWER, (), "usual", Because.NO_ROUTE),
    ("+447700900001", ALARM, (), "usual", Because.NO_ROUTE),
]


@pytest.mark.parametrize(("phone", "klass", "bad", "account", "because"), CASES)
def test_the_longest_prefix_and_the_first_account_that_is_not_bad(
    phone: str, klass: MtClass, bad: tuple[str, ...], account: str, because: Because
) -> None:
    choice = ROUTES.choose(phone, klass, dict.fromkeys(bad, BAD), "usual")
    assert (choice.account, choice.because) == (account, because)
    assert account in choice.why


def test_a_doubtful_one_is_still_used() -> None:
    assert ROUTES.choose("+8613400000001", ALARM, {"cmpp": DOUBTFUL}, "usual").account == "cmpp"


def test_without_routes_everything_goes_by_the_usual_one() -> None:
    assert Routes().choose("+8613400000001", ALARM, {"usual": BAD}, "usual").account == "usual"
    assert Routes().peers("usual") == ()


def test_accounts_that_share_a_route_are_peers() -> None:
    assert ROUTES.peers("cmpp") == ("smpp",)
    assert ROUTES.peers("bulk") == ()


NAMES = st.sampled_from(["a", "b", "c", "d"])
ROUTE = st.builds(
    Route,
    st.lists(NAMES, min_size=1, max_size=4, unique=True).map(tuple),
    st.lists(st.sampled_from(["+", "+8", "+86", "+861", "+8613"]), min_size=1, max_size=2).map(tuple),
    st.sets(st.sampled_from(list(MtClass)), min_size=1).map(frozenset),
)


@given(st.lists(ROUTE, max_size=5), st.sampled_from(list(MtClass)), st.sets(NAMES))
def test_no_bad_account_is_chosen_while_its_route_has_another(
    routes: list[Route], klass: MtClass, bad: set[str]
) -> None:
    made = Routes(routes)
    choice = made.choose("+8613400000001", klass, dict.fromkeys(bad, BAD), "usual")
    accounts = made.accounts("+8613400000001", klass)
    assert choice.account in (accounts or ("usual",))
    if any(account not in bad for account in accounts):
        assert choice.account not in bad
        assert set(accounts[: accounts.index(choice.account)]) <= bad


def rules(**given: object) -> Rules:
    return Rules(
        limits={},
        default_account="smpp",
        sending_accounts=frozenset({"smpp", "cmpp", "twilio"}),
        numbers={"smpp": ServiceNumber("10657500", 8), "cmpp": ServiceNumber("10690000", 4)},
        routes=ROUTES,
        **given,  # type: ignore[arg-type]
    )


def test_an_answer_goes_back_by_what_its_command_came_by_unless_that_is_bad() -> None:
    house = rules()
    assert house.account_for("+8613400000001", ANSWER, "smpp") == "smpp"
    house.standing.put({"smpp": BAD})
    assert house.account_for("+8613400000001", ANSWER, "smpp") == "cmpp"
    assert house.account_for("+12025550101", ANSWER, "smpp") == "smpp"
    assert house.peers("cmpp") == (Peer("smpp", stuck=True),)


@pytest.mark.parametrize(
    ("before", "source", "code", "to", "expected"),
    [
        ("smpp", "106575004821", "4821", "cmpp", "106900004821"),
        ("cmpp", "106900004821", "4821", "smpp", "106575004821"),
        # five digits, and room for four
        ("smpp", "1065750048217", "48217", "cmpp", "10690000"),
        # it was about no one ticket
        ("smpp", "10657500", "4821", "cmpp", "10690000"),
        ("smpp", "106575004821", "4821", "twilio", None),
        ("twilio", None, "4821", "smpp", "106575004821"),
        ("twilio", None, None, "smpp", "10657500"),
    ],
)
def test_what_moves_comes_from_the_other_number_with_the_same_digits_behind_it(
    before: str, source: str | None, code: str | None, to: str, expected: str | None
) -> None:
    assert rules().moved_source(before, source, code, to) == expected
