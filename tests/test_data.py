import json
from dataclasses import fields
from pathlib import Path

import jsonschema_rs
import pytest

from conftest import REFERENCES, small_tree
from sample import sample_document
from shishin.check import check
from shishin.compose import Composed, compose
from shishin.document import NODES, Document, from_data, to_data
from shishin.edition import working_edition
from shishin.renderers.data import DataRenderer, as_json
from shishin.schema import shipped
from shishin.snapshot import Snapshot, snapshot_of
from shishin.snapshot import from_data as snapshot_from
from shishin.snapshot import to_data as snapshot_data


def validator(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(shipped("shapes")[f"{name}.schema.json"]))


def test_the_shape_names_every_node_with_its_fields() -> None:
    shape = json.loads(shipped("shapes")["document.schema.json"])
    for node in NODES:
        known = shape if node is Document else shape["$defs"][node.__name__]
        assert {"node", *(field.name for field in fields(node))} == set(known["properties"]) - {"format"}


def test_the_sample_has_every_node() -> None:
    text = json.dumps(to_data(sample_document()))
    assert [node.__name__ for node in NODES if f'"node": "{node.__name__}"' not in text] == []


def test_files_match_their_shapes(composed: Composed, snapshot: Snapshot, tmp_path: Path) -> None:
    DataRenderer(edition=snapshot_data(snapshot)).render(composed.document, tmp_path)
    for name in ("document", "edition"):
        data = json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))
        validator(name).validate(data)


def test_the_shape_would_notice(composed: Composed) -> None:
    data = to_data(composed.document)
    assert isinstance(data, dict)
    with pytest.raises(jsonschema_rs.ValidationError):
        validator("document").validate({"format": 1, **data, "extra": 1})


def test_private_fields_stay_out() -> None:
    """A field marked private is refused in the guideline's files, and the JSON is written from an allow-list."""
    schema = json.loads(shipped("schemas")["reference.schema.json"])
    schema["properties"]["person"] = {"type": "string", "title": "担当者", "x-private": True}
    private = REFERENCES + "  person: カナリア太郎\n"
    tree = small_tree(**{"references": private, "schemas/reference.schema.json": json.dumps(schema)})
    guideline, problems = check(tree)
    assert [one.code for one in problems] == ["R308"]
    assert guideline is not None
    small = working_edition(guideline)
    document = compose(small)
    assert "カナリア太郎" not in as_json(snapshot_data(snapshot_of(small, document.document, document.names))).decode()


def test_a_document_comes_back_from_its_data(composed: Composed) -> None:
    for document in (composed.document, sample_document()):
        assert from_data(json.loads(json.dumps(to_data(document)))) == document


def test_what_is_no_document_is_told() -> None:
    for data in ({"node": "Nothing"}, {"node": "Text"}, {"node": "Text", "text": "a", "more": 1}):
        with pytest.raises(ValueError):
            from_data(data)


def test_a_snapshot_comes_back_from_its_data(snapshot: Snapshot) -> None:
    assert snapshot_from(json.loads(json.dumps(snapshot_data(snapshot)))) == snapshot


def test_a_snapshot_knows_where_each_item_stands(snapshot: Snapshot) -> None:
    assert snapshot.places["ch-tasks"].number == "第5章"
    assert snapshot.places["task-discharge"].number.startswith("第5章")
    assert snapshot.places["task-discharge"].chapter == "ch-tasks"
    homes = [one.id for one in snapshot.entries if snapshot.kinds[one.kind].use == "item"]
    assert [one for one in homes if one not in snapshot.places] == []
