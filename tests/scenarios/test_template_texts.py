"""Which texts of a rule are templates, and where they stand."""

from passlens.scenarios.template_texts import texts, texts_as_written
from passlens.scenarios.then import Then
from scenarios.made import rule


def test_every_text_that_may_be_a_template_is_found_with_its_place() -> None:
    text = "{{ now }}"
    answering = rule(f"then: {{respond: {{headers: {{X-A: '{text}'}}, body: '{text}'}}}}").then
    assert [place for place, _ in texts(answering, {})] == [("respond", "headers", "X-A"), ("respond", "body")]
    nested = rule(f"then: {{respond: {{json: {{a: ['{text}', plain]}}}}}}").then
    assert list(texts(nested, {})) == [(("respond", "json", "a", 0), text)]
    path = "a.html"
    from_file = Then.model_validate({"respond": {"body_file": path}})
    assert list(texts(from_file, {path: text.encode()})) == [(("respond", "body_file"), text)]
    assert list(texts(from_file, {path: b"\xff{{"})) == list(texts(from_file, {})) == []
    request = rule(f"then: {{rewrite_request: {{path: {{code: '{text}'}}, form: {{set: {{mvpd: '{text}'}}}}}}}}").then
    assert [place for place, _ in texts(request, {})] == [
        ("rewrite_request", "path", "code"), ("rewrite_request", "form", "set", "mvpd")
    ]  # fmt: skip
    response = rule(f"then: {{rewrite_response: {{headers: {{set: {{X-A: '{text}'}}}}, merge: {{a: '{text}'}}}}}}").then
    assert [place for place, _ in texts(response, {})] == [
        ("rewrite_response", "headers", "set", "X-A"), ("rewrite_response", "merge", "a")
    ]  # fmt: skip


def test_texts_of_a_rule_that_the_models_refuse_are_found_as_they_are_written() -> None:
    written = {
        "respond": {"body": "{{ now }}", "statsu": 200},
        "rewrite_request": {"template": False, "path": "{{ x }}"},
    }
    assert list(texts_as_written(written)) == [(("respond", "body"), "{{ now }}")]
    assert list(texts_as_written("{{ now }}")) == []
