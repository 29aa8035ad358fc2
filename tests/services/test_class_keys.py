import pytest

from components.services.review.class_keys import class_keys


@pytest.mark.parametrize(
    ("classes", "keys"),
    [
        ([], {}),
        (["no", "yes"], {"1": "no", "2": "yes"}),
        (["3", "0", "1"], {"1": "1", "3": "3", "0": "0"}),
        (["a", "2", "b"], {"1": "a", "2": "2", "3": "b"}),
        (["", "x"], {"1": "", "2": "x"}),
        (["10", "11"], {"1": "10", "2": "11"}),
        (list("abcdefghijkl"), dict(zip("123456789", "abcdefghi", strict=True))),
        (["٣", "3"], {"1": "٣", "3": "3"}),
    ],
)
def test_a_class_has_one_key_and_a_digit_its_own(classes, keys):
    assert class_keys(classes) == keys


def test_ten_digits_leave_no_key_for_others():
    classes = [*"0123456789", "none"]
    assert class_keys(classes) == {digit: digit for digit in "1234567890"}
