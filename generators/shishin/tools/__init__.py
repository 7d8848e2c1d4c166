"""External programs: the only place that runs pandoc, Typst, MkDocs and LibreOffice."""
