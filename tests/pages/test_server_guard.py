"""Who may ask, and what: everything else is refused in one sentence, and nothing that anybody sends
makes the server fail.
"""

import json
import random
import re
import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peersim.app.engine import FAILED, LOADING, Engine
from peersim.app.guard import MOST_BYTES
from peersim.app.questions import MOST_PAIRS
from peersim.app.refusals import Refused, complaint_as_refusal, unexpected
from peersim.app.server import API, POST
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import leaves
from peersim.scenario.scenario import Scenario

FEW = {"population.recipients": 3, "population.supporters": 2, "weeks": 2}
CODES = {"out_of_bounds", "unknown_setting", "not_a_choice", "not_together", "bad_event", "bad_file",
         "too_many_people", "personal_number", "people_gone", "nothing_found", "not_shared", "not_json", "content_type"}  # fmt: skip
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def refusal(answer, status, code):
    """Check that an answer refuses with this code, in one sentence; gives what it says."""
    said = answer.json()["error"]
    assert (answer.status_code, said["code"]) == (status, code)
    assert re.search(r"[.!?]$", said["message"]) and not re.search(r"\{\w+\}", said["message"])
    assert "Traceback" not in answer.text
    return said


# -- who may ask ----------------------------------------------------------------------------------
@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "0.0.0.0:{port}", ""])  # fmt: skip
def test_a_foreign_name_for_this_machine_is_refused(served, host):
    """A name server can turn any name into 127.0.0.1."""
    for path in ("/", f"{API}/state", "/app.js"):
        refusal(
            served.client.get(path, headers={"host": host.format(port=served.port)}), 403, "host"
        )


def test_localhost_is_this_machine(served):
    answer = served.client.get("/", headers={"host": f"localhost:{served.port}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1", "http://localhost:{port}"])  # fmt: skip
def test_another_page_is_refused(served, origin):
    headers = {"origin": origin.format(port=served.port)}
    refusal(served.post("check", {}, headers=headers), 403, "host")


def test_our_own_page_may_ask(served):
    answer = served.post("design.yaml", {}, headers={"origin": served.address})
    assert answer.status_code == 200


@pytest.mark.parametrize("said", ["", "Peersim", "Peersim wrong", "Bearer a-token", "peersim a-token", "Peersim a-token ", "Peersim ø"])  # fmt: skip
@pytest.mark.parametrize("name", ["compare", "people", "design"])
def test_without_the_token_nothing_is_answered(served, name, said):
    headers = {"authorization": said.encode("latin-1")}
    if said != "Peersim a-token ":  # blanks at the end are not part of a header
        refusal(served.post(name, {}, headers=headers), 401, "token")


def test_every_question_that_sends_something_needs_the_token(served):
    for name in POST:
        refusal(served.post(name, {}, headers={"authorization": "Peersim no"}), 401, "token")
        answer = served.client.get(f"{API}/{name}")
        refusal(answer, 405, "method")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(served, method):
    answer = served.client.request(method, f"{API}/compare")
    refusal(answer, 405, "method")
    assert "access-control-allow-origin" not in answer.headers


def test_there_is_nothing_at_other_addresses(served):
    for path in ("/favicon.ico", "/api/1/", "/api/2/state", "/../../etc/passwd", "/static/serve.js", "/.git/config"):  # fmt: skip
        refusal(served.client.get(path), 404, "not_found")


def test_too_much_is_refused_whether_its_length_is_told_or_not(served):
    big = b" " * (MOST_BYTES + 1)
    headers = {"content-type": "text/csv"}
    for content in (big, iter([big[: 10**6]] * 3)):
        answer = served.client.post(f"{API}/people", content=content, headers=headers)
        refusal(answer, 413, "too_big")


def test_a_wrong_length_is_refused(served):
    """By the server beneath, before anything is read."""
    with socket.create_connection(("127.0.0.1", served.port)) as there:
        there.sendall(f"POST {API}/check HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nContent-Length: -5\r\n\r\n".encode())  # fmt: skip
        assert b" 400 " in there.recv(200)


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "not_json"),
        (b"[1]", "application/json", 400, "not_json"),
        (b"null", "application/json", 400, "not_json"),
        (b"\xff\xfe{}", "application/json", 400, "not_json"),
        (b"[" * 100_000, "application/json", 400, "not_json"),
        (b"{}", "text/plain", 415, "content_type"),
        (b"{}", "multipart/form-data; boundary=x", 415, "content_type"),
        (b"{}", "application/x-www-form-urlencoded", 415, "content_type"),
        (b"{}", "", 415, "content_type"),
    ],
)
def test_what_is_no_json_is_refused(served, content, kind, status, code):
    answer = served.client.post(f"{API}/compare", content=content, headers={"content-type": kind})
    refusal(answer, status, code)


# -- how it is answered ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    "path", ["/", "/app.js", "/app.css", f"{API}/state", f"{API}/nothing", f"{API}/compare"]
)
def test_every_answer_carries_the_policy(served, path):
    headers = served.client.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers or "uvicorn" in headers["server"]


def test_the_page_is_a_frame_with_words_and_nothing_that_the_policy_forbids(served):
    page = served.client.get("/").text
    assert '<main id="page"></main>' in page and '<html lang="en">' in page
    assert not re.search(r"<style|style=|onload=|onclick=|<script>", page)
    assert set(re.findall(r'(?:src|href)="([^"]*)"', page)) == {"data:,", "/app.css", "/app.js"}
    words = re.search(r'<script type="application/json" id="words">(.*?)</script>', page, re.S)[1]
    assert json.loads(words)["da"]["app.what_if"] == "Hvad hvis?"
    assert '<html lang="da">' in served.client.get("/?language=da").text


def test_a_sentence_is_said_in_the_language_of_the_page(served):
    body = {"a": {"group.size": 99}}
    english = refusal(served.post("check", body), 422, "out_of_bounds")
    danish = refusal(served.post("check?language=da", body), 422, "out_of_bounds")
    assert english["message"] == "Places in the group can be from 3 to 30."
    assert danish["message"] == "Pladser i gruppen kan være fra 3 til 30."
    assert danish["path"] == "a.group.size" and danish["high"] == "30"


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        ({"a": {"grop.size": 9}}, "unknown_setting", "a.grop.size"),
        ({"b": {"group": 9}}, "unknown_setting", "b.group"),
        ({"a": {"population.file": "/etc/passwd"}}, "unknown_setting", "a.population.file"),
        ({"a": {"population.codes": "/tmp/x"}}, "unknown_setting", "a.population.codes"),
        ({"a": {"organisation": "army"}}, "not_a_choice", "a.organisation"),
        ({"a": {"communities": []}}, "not_a_choice", "a.communities"),
        ({"a": {"communities": ["walks"]}}, "not_a_choice", "a.communities"),
        ({"a": {"group.size": "many"}}, "not_a_choice", "a.group.size"),
        ({"a": {"group.size": 3, "communities": ["group"]}}, "not_together", "a"),
        ({"a": {"events": [{"week": 99, "add": "group"}]}}, "bad_event", "a.events"),
        ({"a": {"events": "never"}}, "bad_event", "a.events"),
        ({"a": {"events": [{"week": 2, "leave": "Anna"}]}}, "bad_event", "a.events"),
        ({"a": 5}, "not_a_choice", "a"),
        ({"a": {"weeks": 30}}, "not_together", "b.weeks"),
        ({"b": {"population.recipients": 30}}, "not_together", "b.population.recipients"),
        ({"a": {"population.recipients": 2000}}, "too_many_people", "a.population"),
        ({"a": {"weeks": 300}}, "out_of_bounds", "a.weeks"),
        (
            {"a": {"events": [{"week": 2, "set": {"cafe.per_week": 1}}] * 41}},
            "bad_event",
            "a.events",
        ),
        ({"pairs": MOST_PAIRS + 1}, "out_of_bounds", "pairs"),
        ({"pairs": 2.5}, "out_of_bounds", "pairs"),
        ({"first_seed": -1}, "out_of_bounds", "first_seed"),
        ({"parameters": "best"}, "not_a_choice", "parameters"),
        ({"outcomes": ["happiness"]}, "not_a_choice", "outcomes"),
        ({"outcomes": 7}, "not_a_choice", "outcomes"),
        ({"people": "nobody"}, "people_gone", None),
    ],
)
def test_what_a_person_can_get_wrong_has_a_code(served, body, code, path):
    said = refusal(served.post("compare", body), 422, code)
    assert said.get("path") == path


def test_every_complaint_of_the_catalogue_that_can_come_has_a_code():
    from peersim.kernel.catalogue import catalogue

    parts = (
        "setting",
        "communities",
        "people",
        "events",
        "lists",
        "comparison",
        "lesson",
        "outcomes",
    )
    keys = [
        key for key in catalogue("en") if key.startswith(tuple(f"errors.{part}." for part in parts))
    ]
    for key in keys:
        name = re.sub(r"\.(one|other)$", "", key)
        assert complaint_as_refusal(InvalidInput(name)).code in CODES


# -- before there is an engine --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "code"), [(LOADING, "engine_loading"), (FAILED, "engine_failed")]
)
def test_without_an_engine_nothing_is_computed(served, state, code):
    engine, before = Engine(), served.server.engine
    engine.state = state
    served.server.engine = engine
    try:
        assert served.client.get(f"{API}/state").json()["engine"] == state
        refusal(served.post("compare", {}), 409, code)
        assert served.client.get("/").status_code == 200
    finally:
        served.server.engine = before


def test_an_engine_that_cannot_be_read_in_says_so(capsys):
    def broken():
        raise RuntimeError("no engine")

    engine = Engine(broken)
    with pytest.raises(RuntimeError):
        engine._work()
    assert engine.state == FAILED and engine.seconds >= 0


def test_an_error_of_ours_has_a_number_and_says_nothing_of_what_was_sent(capsys):
    try:
        int("Anna Hansen")
    except ValueError as error:
        said = unexpected(error)
    assert isinstance(said, Refused) and said.status == 500
    told = capsys.readouterr().err
    assert f"no. {said.values['number']}" in told and "ValueError" in told
    assert "Anna" not in told + str(said.as_data())


@pytest.mark.compiles
def test_an_error_of_ours_in_the_middle_of_an_answer_ends_it_with_a_sentence(
    served, monkeypatch, capsys
):
    monkeypatch.setattr("peersim.app.endpoints.prices", lambda *about: 1 / 0)
    answer = served.post("compare", {"a": FEW, "b": FEW, "pairs": 2})
    refusal(answer, 500, "unexpected")
    assert "ZeroDivisionError" in capsys.readouterr().err


# -- anything at all ------------------------------------------------------------------------------
PATHS = sorted(leaves(Scenario))
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**6), 10**6), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12), st.lists(st.integers(), max_size=3), st.just({}), st.just(10**400),
)  # fmt: skip
EVENTS = st.fixed_dictionaries(
    {"week": st.one_of(st.integers(-1, 4), ODD)},
    optional={
        "add": st.sampled_from(["group", "digital", "x"]), "end": st.sampled_from(["one_to_one", "y"]),
        "switch": st.just("one_to_one"), "to": st.just("availability"), "lose_supporters": ODD,
        "funding_ends": ODD, "leave": st.sampled_from(["R1", "S1", "Anna"]), "keep": ODD,
        "set": st.dictionaries(st.sampled_from(PATHS), ODD, max_size=2),
    },
)  # fmt: skip


@st.composite
def valid(draw):
    """A value that a setting may have."""
    path = draw(st.sampled_from([p for p in PATHS if p not in ("demonstration", "events", "communities", "population.file", "population.codes", "weeks") and not p.startswith("population.")]))  # fmt: skip
    leaf = leaves(Scenario)[path]
    if leaf.options:
        return path, draw(st.sampled_from(leaf.options))
    if leaf.type is bool:
        return path, draw(st.booleans())
    low, high = leaf.field.metadata["low"], leaf.field.metadata["high"]
    number = st.integers(int(low), int(high)) if leaf.type is int else st.floats(low, high)
    return path, draw(st.one_of(st.sampled_from([low, high]), number))


DESIGNS = st.builds(
    lambda good, odd, events, communities: {**FEW, **dict(good), **odd, **events, **communities},
    st.lists(valid(), max_size=6),
    st.one_of(st.just({}), st.dictionaries(st.one_of(st.sampled_from(PATHS), st.text(max_size=8)), ODD, max_size=1)),
    st.one_of(st.just({}), st.fixed_dictionaries({"events": st.lists(EVENTS, max_size=2)})),
    st.one_of(
        st.just({}),
        st.fixed_dictionaries({"communities": st.lists(st.sampled_from(["one_to_one", "group", "availability", "digital", "x"]), max_size=4)}),
    ),
)  # fmt: skip
BODIES = st.fixed_dictionaries(
    {"a": DESIGNS, "b": DESIGNS, "pairs": st.just(2)},
    optional={"first_seed": st.one_of(st.integers(0, 5), ODD), "parameters": st.one_of(st.just("defaults"), ODD),
              "outcomes": st.one_of(st.just(["hope"]), ODD), "people": ODD, "seed": ODD, "find": ODD, "week": ODD,
              "design": ODD, "person": ODD, "outcome": ODD},
)  # fmt: skip
NAMES = [name for name, kind in POST.items() if kind.takes == ("application/json",)]


def survives(served, name, body):
    answer = served.client.post(f"{API}/{name}", content=json.dumps(body).encode(), headers={"content-type": "application/json"})  # fmt: skip
    if answer.status_code == 200:
        assert '{"error"' not in answer.text, answer.text
        for line in answer.text.splitlines() if name == "compare" else [answer.text]:
            assert "NaN" not in line and "Infinity" not in line
        return
    said = answer.json()["error"]
    assert 400 <= answer.status_code < 500 and said["code"] in CODES, (answer.text, body)


@pytest.mark.compiles
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(name=st.sampled_from(NAMES), body=BODIES)
def test_no_question_makes_it_fail(served, name, body):
    survives(served, name, body)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(NAMES), body=BODIES)
def test_a_thousand_questions_do_not_make_it_fail(served, name, body):
    survives(served, name, body)


@pytest.mark.parametrize("seed", range(40))
def test_no_file_makes_it_fail(served, seed):
    """Pieces of lists and designs, put together by chance."""
    chance = random.Random(seed)
    pieces = ["navn;rolle\n", "Anna;deltager\n", "a:\n", "  group: {size: 9}\n", "\x00", "æøå", '"', ";;;;\n", "- ", "{", "&x ", "*x ", "${oc.env:HOME}", "!!python/object:os.system", "\t", "PK\x03\x04", "<html>", "weeks: 9\n", "rolle,social_angst\n", "deltager,2\n"]  # fmt: skip
    content = "".join(chance.choices(pieces, k=chance.randint(0, 12))).encode(
        "utf-8" if seed % 2 else "utf-16"
    )
    for name, kind in (("people", "text/csv"), ("design", "application/yaml")):
        answer = served.client.post(
            f"{API}/{name}", content=content, headers={"content-type": kind}
        )
        assert answer.status_code == 200 or answer.json()["error"]["code"] in CODES, answer.text


def test_an_error_of_ours_outside_an_answer_is_told_in_a_sentence_too(served, monkeypatch, capsys):
    monkeypatch.setattr("peersim.app.server.index_page", lambda language: 1 / 0)
    refusal(served.client.get("/"), 500, "unexpected")
    assert capsys.readouterr().err.count("ZeroDivisionError") == 1
