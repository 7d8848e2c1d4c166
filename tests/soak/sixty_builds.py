"""Sixty builds in different surroundings have the same hashes: all pairs of values, then the most triples.

No name that pytest collects by itself: `make soak` names this file.
"""

from pathlib import Path

from surroundings import FACTORS, build_all, choose, compile_locales, covered, pairs, snapshot

ROWS = choose(FACTORS, 60)


def test_sixty_builds_are_byte_equal(tmp_path: Path) -> None:
    sources, locales = snapshot(tmp_path / "sources"), compile_locales(tmp_path / "locales")
    _, differences = build_all(sources, tmp_path / "places", locales, ROWS)
    differing = [f"{said}\n  in {dict(row)}" for row, said in zip(ROWS[1:], differences, strict=True) if said]
    assert differing == [], "\n".join(differing)


def test_sixty_rows_hold_nearly_every_triple() -> None:
    assert covered(ROWS) == pairs(FACTORS)
    assert len(covered(ROWS, 3)) > 0.98 * len(pairs(FACTORS, 3))
