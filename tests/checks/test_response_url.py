"""PL410 to PL412: the url of a sessions answer.
Each code with an exchange that triggers it and one near it that must not; then what the branches decide."""

import pytest

import cases
import forge
from support.examples import Example, codes, exchange, parametrize, verify, with_code

SP, MVPD = forge.SERVICE_PROVIDER, forge.MVPD
CODE = forge.code("C1")

EXAMPLES = [
    Example(
        "PL410",
        trigger=exchange("C1", response={"url": f"/api/v2/{SP}/sessions/{CODE}"}),
        near=exchange("C1", response={"url": f"/api/v2/authenticate/{SP}/{CODE}/?from=tv"}),
        at="body#/url",
        severity="warning",
        words="expected /api/v2/authenticate/{serviceProvider}/{code}",
    ),
    # The prefix of the first revision, in an answer of today.
    Example(
        "PL410",
        trigger=exchange("C3", response={"url": f"/v2/{SP}/decisions/authorize/{MVPD}"}),
        near=exchange("H-C1-v2"),
        at="body#/url",
        severity="warning",
    ),
    # No sample shows this row.
    Example(
        "PL410",
        trigger=exchange("P7", response={"url": f"/api/v2/{SP}/profiles"}),
        near=exchange("P7"),
        at="body#/url",
        severity="note",
    ),
    Example(
        "PL411",
        trigger=exchange("C1", response={"url": f"/api/v2/authenticate/{SP}/DEMO123"}),
        near=exchange("C1", response={"url": f"/api/v2/authenticate/{SP}/DEMO123", "code": "DEMO123"}),
        at="body#/url",
        severity="warning",
        words="The code in the url is DEMO123, in the body",
    ),
    Example(
        "PL411",
        trigger=exchange("C3", response={"url": f"/api/v2/OTHERTV/decisions/authorize/{MVPD}"}),
        near=exchange(
            "C3", response={"mvpd": "Harbour Cable", "url": f"/api/v2/{SP}/decisions/authorize/Harbour%20Cable"}
        ),
        at="body#/url",
        severity="warning",
        words="serviceProvider",
    ),
    Example(
        "PL411",
        trigger=exchange("P1", response={"url": f"/api/v2/{SP}/profiles/sso/Roku"}),
        near=exchange("P1", response={"url": f"/api/v2/{SP}/profiles/sso/apple"}),
        at="body#/url",
        severity="warning",
        words="The partner in the url is Roku, in the request Apple",
    ),
    Example(
        "PL412",
        trigger=exchange("C1", response={"url": f"https://sp.auth.adobe.com/api/v2/authenticate/{SP}/{CODE}"}),
        near=exchange("C1"),
        at="body#/url",
        severity="note",
        words="absolute (sp.auth.adobe.com)",
    ),
]


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)


@pytest.mark.parametrize("name", [case.name for case in cases.cases(0, "current", "revisions", "variants")])
def test_documented_urls_are_no_finding(name: str) -> None:
    assert not [code for code in codes(exchange(name)) if code.startswith("PL41")]


def test_an_absolute_url_is_still_compared_with_its_template() -> None:
    url = f"https://sp.auth.adobe.com/api/v2/{SP}/profiles"
    assert codes(exchange("C1", response={"url": url})) == ["PL410", "PL412"]


@pytest.mark.parametrize("url", ["https://[demo/api", "http://", "://", "x", "/", "//", "%", "/api/v2/%ff/%zz"])
def test_odd_urls_raise_nothing(url: str) -> None:
    assert "PL999" not in codes(exchange("C1", response={"url": url}))
    assert with_code(exchange("C1", response={"url": url}), "PL410")


def test_E64_a_placeholder_in_an_mvpd_is_plain_text() -> None:
    mvpd = "${demoMvpd}"
    for url in (f"/api/v2/{SP}/decisions/authorize/{mvpd}", f"/api/v2/{SP}/decisions/authorize/%24%7BdemoMvpd%7D"):
        ex = exchange("P2", response={"mvpd": mvpd, "url": url})
        assert not [code for code in codes(ex) if code.startswith("PL4")]
