"""The comparison of two editions: by item, then field by field, by what schemas say of the fields.

Stage: snapshots in, a `Comparison` out. lineage.py tells which item is which, places.py what was moved, fields.py how
an item's fields differ, align.py how two lists go together; apply.py uses a comparison, data.py stores it.
Inside a text it's segment.py that finds the words; a comparison holds the values.
"""

from shishin.compare.apply import apply, mirror
from shishin.compare.data import FORMAT, from_data, to_data
from shishin.compare.items import compare
from shishin.compare.narrow import only, reasons

__all__ = ["FORMAT", "apply", "compare", "from_data", "mirror", "only", "reasons", "to_data"]
