"""Papers about the difference of two editions: a comparison composed into ordinary documents.

Stage: between a comparison and the renderers, which print these documents like any other.
"""
