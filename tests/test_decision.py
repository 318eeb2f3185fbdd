"""Decisions and replies on their way between processes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decision import Decision, DialogueReply, Reason, SpokenBlock
from bot.routes import Route

names = st.text(min_size=1, max_size=20)
scores = st.none() | st.floats(0, 1)
reasons = st.builds(Reason, names, names, scores, scores)
decisions = st.builds(
    Decision,
    names,
    st.sampled_from(Route),
    st.lists(reasons, max_size=3).map(tuple),
    st.lists(names, max_size=3).map(tuple),
    st.none() | names,
)
replies = st.builds(
    DialogueReply,
    decisions,
    st.lists(st.builds(SpokenBlock, names, names), max_size=3).map(tuple),
    st.lists(names, max_size=3).map(tuple),
)


@given(decisions)
def test_a_decision_comes_through_json_as_it_was(decision: Decision) -> None:
    assert Decision.from_dict(json.loads(json.dumps(decision.to_dict()))) == decision


@given(replies)
def test_a_reply_comes_through_json_as_it_was(reply: DialogueReply) -> None:
    assert DialogueReply.from_dict(json.loads(json.dumps(reply.to_dict()))) == reply


@pytest.mark.parametrize("field", ["intent", "route", "reasons", "choices", "topic"])
def test_a_decision_that_lacks_a_field_is_refused(field: str) -> None:
    data = Decision("greet", Route.CHAT).to_dict()
    del data[field]
    with pytest.raises(KeyError, match=field):
        Decision.from_dict(data)


def test_an_unknown_route_is_refused() -> None:
    with pytest.raises(ValueError, match="elsewhere"):
        Decision.from_dict({**Decision("greet", Route.CHAT).to_dict(), "route": "elsewhere"})
