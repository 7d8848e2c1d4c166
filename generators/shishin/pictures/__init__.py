"""Pictures drawn from plain data as SVG text; they know nothing of the subject."""
