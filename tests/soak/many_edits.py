"""Two hundred random sequences of edits: incremental equals clean. `make soak` names this file."""

from hypothesis import given, settings

from test_incremental import EDITS, QUIET, first_fault
from test_incremental import no_waiting as no_waiting  # the fixture

Edits = list[tuple[str, int, int]]


@settings(QUIET, max_examples=200)
@given(EDITS)
def test_random_edits(edits: Edits) -> None:
    assert first_fault(edits) == ""


@settings(QUIET, max_examples=20)
@given(EDITS)
def test_random_edits_and_the_website(edits: Edits) -> None:
    assert first_fault(edits, ("json", "site")) == ""
