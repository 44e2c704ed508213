"""Notebooks to download against Jupyter's own definition of one."""

import nbformat

from pages.shared.python_code import notebook


def test_jupyter_can_read_a_notebook() -> None:
    book = nbformat.reads(notebook("import nnlib\n\nx = 'σ′'\n", "ex23_3"), as_version=4)
    nbformat.validate(book)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    assert [cell.cell_type for cell in book.cells] == ["markdown", "code", "code"]
    assert len({cell.id for cell in book.cells}) == 3
