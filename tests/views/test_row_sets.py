"""A set of equal rows is shown whole, or says how many more rows it has."""

from components.core.data.row_numbers import row_id_of, row_number
from components.core.judgement.evidence import RowGroup
from components.views.detect.duplicates import set_names


def test_a_whole_set_names_each_of_its_rows():
    assert set_names(2, 3, 3) == ["2 (row 1 of 3)", "2 (row 2 of 3)", "2 (row 3 of 3)"]


def test_a_cut_set_says_how_many_more_rows_there_are():
    group = RowGroup(anchor=0, row_id=tuple(range(1, 51)), n_more=6)
    assert group.size == 57
    names = set_names(1, 51, group.size)
    assert len(names) == 51
    assert names[-1] == "1 (row 51 of 57), and 6 more rows"


def test_people_count_rows_from_one():
    assert row_number(0) == 1
    assert [row_id_of(row_number(i)) for i in range(5)] == list(range(5))
