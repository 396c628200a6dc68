"""Headers and bodies wait on disk, each comes back as it was, and no more are kept than a page can hold."""

from passlens.reports.html_shelf import Shelf


def test_everything_comes_back_by_its_number() -> None:
    shelf = Shelf()
    for number in (1, 5, 7):
        shelf.put(number, {"request": f"\udcff{number}", "answer": None})
    assert shelf.get(5) == {"request": "\udcff5", "answer": None}
    assert shelf.get(1) == {"request": "\udcff1", "answer": None}
    assert shelf.get(6) is None
    assert not shelf.full
    shelf.close()


def test_what_does_not_fit_is_left_out_and_so_is_all_after_it() -> None:
    shelf = Shelf(100)
    shelf.put(1, {"a": "x" * 80})
    shelf.put(2, {"a": "x" * 80})
    shelf.put(3, {"a": "x"})
    assert shelf.full
    assert [shelf.get(number) is not None for number in (1, 2, 3)] == [True, False, False]
    shelf.close()
