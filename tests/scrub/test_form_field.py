"""Values of fields of forms that have the name of a secret."""

import pytest

from fuzz.limits import within
from passlens.scrub.form_field import rewrite


@pytest.mark.parametrize(
    "field",
    [
        '<input type="hidden" name="access_token" value="{}">',
        '<INPUT VALUE="{}" NAME="access_token">',
        "<input name=access_token value={}>",
        "<input value={} type=hidden name='access_token'/>",
        "<input name = 'access_token' title=\"a > b\" value = '{}'>",
        "<input\n name='access_token'\n class='x'\n value='{}'",
        '<input data-filling="' + "x" * 1000 + '" value="{}" name="access_token">',
        '<input name="access_token" value="{}',
    ],
)
def test_its_attributes_stand_in_any_order(field: str) -> None:
    assert rewrite("<p>" + field.format("planted-1"), str.upper) == "<p>" + field.format("PLANTED-1")


@pytest.mark.parametrize("field", ['<input name="page" value="planted-1">', '<input id="token" value="planted-1">'])
def test_other_fields_stay(field: str) -> None:
    assert rewrite(field, str.upper) == field


@pytest.mark.parametrize(
    "piece", ["<input ", "<input '", '<input "', "<input a=", "<input name='token' value=", "a" * 99]
)
def test_they_take_time_that_grows_with_the_text_alone(piece: str) -> None:
    within(2, lambda: rewrite("<input " + piece * 20_000, str.upper))
