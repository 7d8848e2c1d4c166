"""Pictures from plain data as SVG text, each with its text alternative: bodies in layers, the course of events."""

from shishin.pictures.layers import Box, Edge, Group, Line, layers, layers_text
from shishin.pictures.timeline import Event, timeline, timeline_text

__all__ = ["Box", "Edge", "Event", "Group", "Line", "layers", "layers_text", "timeline", "timeline_text"]
