"""A comparison for reading in a terminal, in a pull request, in a spreadsheet and by programs.

The papers of a committee are documents (papers/); these four are lists of changes. Each shows every change once.
"""
