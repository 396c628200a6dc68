"""PL420 to PL428: the answer against the request, and its lists of parameters against each other.
Each code with an exchange that triggers it and one near it that must not; then what the branches decide."""

from dataclasses import replace

import pytest

import forge
from passlens.exchange.injection import Action, Injection
from passlens.exchange.model import Gap
from samples.case import FULL
from support.examples import Example, codes, exchange, parametrize, verify, with_code

SP = forge.SERVICE_PROVIDER
EVERYTHING = dict(FULL)
EXISTING = {**FULL, "serviceProvider": SP}

EXAMPLES = [
    Example(
        "PL420",
        trigger=exchange("C3", response={"serviceProvider": "OTHERTV"}),
        near=exchange("C3", path=f"/api/v2/{SP}/sessions/"),
        at="body#/serviceProvider",
        severity="error",
        words=f"OTHERTV, the path has {SP}",
    ),
    Example(
        "PL420",
        trigger=exchange("RS-B", response={"existingParameters": {"serviceProvider": "OTHERTV"}}),
        near=exchange("RS-B", response={"existingParameters": {}}),
        at="body#/existingParameters/serviceProvider",
        severity="warning",
    ),
    Example(
        "PL421",
        trigger=exchange("R1", response={"code": "DEMO123", "url": f"/api/v2/authenticate/{SP}/DEMO123"}),
        near=exchange("R1"),
        at="body#/code",
        severity="warning",
        words="The code is DEMO123, the path has",
    ),
    Example(
        "PL422",
        trigger=exchange("C1", form={"mvpd": "MeridianFiber"}),
        near=exchange("C1", form={"mvpd": None}),
        at="body#/mvpd",
        severity="warning",
        words=f"The mvpd is {forge.MVPD}, the form has MeridianFiber",
    ),
    Example(
        "PL422",
        trigger=exchange("R3", form={"mvpd": "MeridianFiber"}),
        near=exchange("P2", form={"mvpd": "MeridianFiber"}),
        at="body#/mvpd",
        severity="warning",
    ),
    # What was sent empty is lacking as well.
    Example(
        "PL424",
        trigger=exchange("C2", form={"domainName": ""}, response={"missingParameters": ["mvpd", "redirectUrl"]}),
        near=exchange("C2", form={"domainName": "x"}, response={"missingParameters": ["mvpd", "redirectUrl"]}),
        at="body#/missingParameters",
        severity="warning",
        words="The form lacks domainName,",
    ),
    Example(
        "PL423",
        trigger=exchange("C2", form={"redirectUrl": forge.REDIRECT_URL}),
        near=exchange("C2", form={"redirectUrl": ""}),
        at="body#/missingParameters/2",
        severity="note",
        words="redirectUrl is named as missing, but the form has it",
    ),
    Example(
        "PL423",
        trigger=exchange("P5", form={"domainName": forge.DOMAIN}, response={"missingParameters": ["domain"]}),
        near=exchange("P5"),
        at="body#/missingParameters/0",
        severity="note",
        words="The parameter domain ",
    ),
    Example(
        "PL424",
        trigger=exchange("C2", response={"missingParameters": ["mvpd", "redirectUrl"]}),
        near=exchange("C2-domain"),
        at="body#/missingParameters",
        severity="warning",
        words="The form lacks domainName, the list does not name it",
    ),
    # A resumed session already has what it was created with.
    Example(
        "PL424",
        trigger=exchange("P5", form={"domainName": None}),
        near=exchange("R2", form={"domainName": None}),
        at="body#/missingParameters",
        severity="warning",
    ),
    Example(
        "PL424",
        trigger=exchange("C7", form={"mvpd": None}),
        near=exchange("C7", form={"mvpd": None}, gap=Gap("streamed", "gone")),
        at="body#/missingParameters",
        severity="warning",
    ),
    Example(
        "PL425",
        trigger=exchange("R2", response={"missingParameters": []}),
        near=exchange("RS-B", response={"missingParameters": []}),
        at="body#/missingParameters",
        severity="note",
    ),
    Example(
        "PL425",
        trigger=exchange("C2", form=EVERYTHING, response={"missingParameters": []}),
        near=exchange("C1", response={"missingParameters": []}),
        at="body#/missingParameters",
        severity="note",
        words="The list is empty",
    ),
    Example(
        "PL426",
        trigger=exchange("C2", response={"mvpd": forge.MVPD}),
        near=exchange("C2-partial"),
        at="body#/mvpd",
        severity="note",
        words="present, though named as missing; expected absent",
    ),
    Example(
        "PL426",
        trigger=exchange("C2-partial", response={"mvpd": None}),
        near=exchange("P5", response={"mvpd": None}),
        at="body#/mvpd",
        severity="note",
        words="absent, though not named as missing; expected present",
    ),
    Example(
        "PL427",
        trigger=exchange("C2-domain"),
        near=exchange("C2"),
        at="body#/missingParameters",
        severity="note",
        words="The parameter is called domain, in requests domainName",
    ),
    Example(
        "PL427",
        trigger=exchange("RS-A-domain"),
        near=exchange("RS-A"),
        at="body#/parameters/existing",
        severity="note",
    ),
    Example(
        "PL428",
        trigger=exchange("RS-B", response={"missingParameters": ["mvpd"]}),
        near=exchange("RS-B-missing"),
        at="body#/missingParameters",
        severity="note",
        words="The parameter mvpd is missing and existing",
    ),
    Example(
        "PL428",
        trigger=exchange("RS-B-domain", response={"missingParameters": ["domainName"]}),
        near=exchange("RS-B-domain", response={"missingParameters": ["unheardOf"]}),
        at="body#/missingParameters",
        severity="note",
        words="domainName",
    ),
]


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)


def test_E25_only_a_resumed_session_has_a_code_to_keep() -> None:
    for name in ("C1", "P3"):
        changed = exchange(name, response={"code": "DEMO123", "url": f"/api/v2/authenticate/{SP}/DEMO123"})
        assert with_code(changed, "PL421") == []
    kept = exchange("R2")
    assert with_code(kept, "PL421") == []


def test_E34_an_mvpd_is_not_compared_with_the_provider_id() -> None:
    ex = exchange("P1", headers={"AP-Partner-Framework-Status": forge.partner_status(provider="demo-mapping-id")})
    assert codes(ex) == []


def test_E13_domain_and_domain_name_are_one_parameter() -> None:
    found = codes(exchange("C2", form={"domainName": forge.DOMAIN}, response={"missingParameters": ["mvpd", "domain"]}))
    assert {"PL423", "PL427"} <= set(found)
    assert [finding["actual"] for finding in with_code(exchange("C2-domain"), "PL424")] == []


def test_E28_a_missing_parameter_predicts_no_answer() -> None:
    # With a perfect partner status and no redirectUrl both answers are accepted.
    for name in ("P1", "P5"):
        ex = exchange(name, form={"redirectUrl": None})
        assert not [code for code in codes(ex) if code.startswith(("PL3", "PL4"))], name


@pytest.mark.parametrize("name", ["C1", "C3", "P3", "R1"])
def test_a_list_out_of_place_is_one_finding(name: str) -> None:
    for missing in ([], ["mvpd"], ["domain", "redirectUrl"]):
        found = codes(exchange(name, response={"missingParameters": missing}))
        assert [code for code in found if code.startswith("PL4")] == ["PL404"]


def test_names_that_are_no_strings_are_left_to_the_type_check() -> None:
    found = codes(exchange("C2", response={"missingParameters": [1, None, {"mvpd": 1}]}))
    assert "PL306" in found
    assert "PL999" not in found


def test_the_word_of_passlens_itself_is_no_finding() -> None:
    from_server = exchange("C2-domain")
    assert "PL427" in codes(from_server)
    own = replace(from_server, injection=Injection("sandbox", "", (Action("sandbox"),)))
    assert "PL427" not in codes(own)
