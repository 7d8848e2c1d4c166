"""Shishin: guidelines kept as YAML, issued as website, Word, PDF and data.

The stages, in order: tree → source → schema, check → guideline → edition → compose → document →
renderers. `pipeline.py` tells the whole story; nothing imports upwards.
"""

__version__ = "0.1.0"
