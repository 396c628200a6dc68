"""Navigation: what a Location says, and where the user agent goes."""

import pytest

from passlens.rest_v2.navigation import MAX_LOCATION, navigation_result, read_location

TO_PROVIDER = (
    "https://SP.auth.adobe.com/adobe-services/authenticate/saml?noflash=true&mso_id=HarbourCable&requestor_id=REF30"
    "&no_iframe=false&domain_name=tv.example&redirect_url=https%3A%2F%2Ftv.example%2Fdone&x=1&mso_id=Other"
)


def test_the_query_of_a_location_is_read() -> None:
    found = read_location(TO_PROVIDER)
    assert found is not None
    assert (found.host, found.path) == ("sp.auth.adobe.com", "/adobe-services/authenticate/saml")
    assert found.query == {
        "noflash": "true",
        "mso_id": "HarbourCable",
        "requestor_id": "REF30",
        "no_iframe": "false",
        "domain_name": "tv.example",
        "redirect_url": "https://tv.example/done",
    }


@pytest.mark.parametrize("value", [None, "", "https://[half", "x" * (MAX_LOCATION + 1)])
def test_what_is_no_location(value: str | None) -> None:
    assert read_location(value) is None


def test_a_relative_location_has_no_host() -> None:
    found = read_location("/login")
    assert found is not None
    assert (found.host, found.path, found.query) == ("", "/login", {})


@pytest.mark.parametrize(
    ("status", "location", "redirect_url", "to"),
    [
        (302, TO_PROVIDER, "https://tv.example/done", "provider"),
        (302, "https://tv.example/done", "https://tv.example/done", "redirect_url"),
        (302, "https://TV.example/done/?state=1", "https://tv.example/done", "redirect_url"),
        (302, "https://tv.example/other", "https://tv.example/done", "provider"),
        (302, "https://tv.example/done", None, "provider"),
        (302, None, None, "provider"),
        (302, "https://[half", "https://[half", "provider"),
        (200, None, "https://tv.example/done", "page"),
    ],
)
def test_where_it_goes(status: int, location: str | None, redirect_url: str | None, to: str) -> None:
    assert navigation_result(status, location, redirect_url) == {"kind": "navigation", "to": to}
