"""How results are shown: words, numbers, tables, figures, pages."""
