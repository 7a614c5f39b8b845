"""The examples for CI services and docker compose.

No engine and no such service run here. So their files are held against the schemas of those who read
them, and what they say of hydrant against its settings. The commands in them run, against the program
in place of the container.
"""

import re
import socket

import pytest
import yaml

from conftest import BIN, EXAMPLES, run
from hydrant_process import ROOT, program

ADDRESS = "127.0.0.1:4566"
# The files, and what check-jsonschema calls the schemas of those who read them.
SCHEMAS = {"github-actions/service.yml": ["vendor.github-workflows"],
           "github-actions/docker-run.yml": ["vendor.github-workflows"],
           "gitlab-ci/.gitlab-ci.yml": ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
           "compose/compose.yaml": ["vendor.compose-spec"]}
FILES = list(SCHEMAS)
# What is between ${{ and }} in the workflows, and what it is here.
EXPRESSIONS = {"vars.HYDRANT_IMAGE": "hydrant:test", "job.services.hydrant.id": "hydrant"}


class Workflow(yaml.SafeLoader):
    """YAML 1.2, in which `on` is a text."""


Workflow.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:bool"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()}
Workflow.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def parsed(name):
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    return yaml.load(text, Workflow)


def job(name):
    """The only job of a workflow."""
    (only,) = parsed(name)["jobs"].values()
    return only


def known_variables():
    """The variables of the settings table."""
    table = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `--\S+` \| `(HYDRANT_\w+)` \|", table, re.M))


def expressed(text):
    return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: EXPRESSIONS[found[1]], text)


def commands(steps):
    """What the steps of a workflow run, as one script for each."""
    return [expressed(step["run"]) for step in steps if "run" in step]


@pytest.fixture
def port():
    """One that is free, in place of 4566."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def run_steps(scripts, folder, port, **variables):
    """Runs the scripts of steps as a runner does; what they print, one text for each."""
    return [run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c",
                 script.replace(ADDRESS, f"127.0.0.1:{port}")], folder, **variables)
            for script in scripts]


# ---------------------------------------------------------------- what the files say

@pytest.mark.parametrize("name", FILES)
def test_the_file_is_of_the_schema_of_its_reader(name):
    run([BIN / "check-jsonschema", "--builtin-schema", *SCHEMAS[name], EXAMPLES / name], EXAMPLES)


@pytest.mark.parametrize("name", FILES)
def test_the_variables_in_the_file_are_settings(name):
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    given = set(re.findall(r"\b(HYDRANT_\w+)(?=[:=] ?[\"\w])", text))
    assert given - {"HYDRANT_IMAGE"}
    assert given - {"HYDRANT_IMAGE"} <= known_variables()


@pytest.mark.parametrize("name", FILES)
def test_the_image_has_one_place(name):
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    assert len(re.findall(r"^ *# The one place that names the image", text, re.M)) == 1
    assert len(re.findall(r"hydrant:\d+\.|vars\.HYDRANT_IMAGE", text)) == 1


def test_the_service_of_github_publishes_the_port_that_its_job_uses():
    only = job("github-actions/service.yml")
    service = only["services"]["hydrant"]
    assert service["ports"] == ["4566:4566"]
    assert only["env"]["AWS_ENDPOINT_URL"] == f"http://{ADDRESS}"


def test_the_service_of_github_is_healthy_by_the_check_of_the_image():
    options = job("github-actions/service.yml")["services"]["hydrant"]["options"]
    assert "--health-interval" in options
    assert "--health-cmd" not in options


def test_the_service_of_gitlab_has_the_name_that_its_job_uses():
    only = parsed("gitlab-ci/.gitlab-ci.yml")["test"]
    (service,) = only["services"]
    assert only["variables"]["AWS_ENDPOINT_URL"] == f"http://{service['alias']}:4566"
    assert only["variables"]["HEALTHCHECK_TCP_PORT"] == "4566"


def test_the_application_of_compose_waits_for_health_and_uses_the_name_of_the_service():
    services = parsed("compose/compose.yaml")["services"]
    assert services["hydrant"]["healthcheck"]["test"] == ["CMD", "hydrant", "--health"]
    assert services["app"]["depends_on"] == {"hydrant": {"condition": "service_healthy"}}
    assert services["app"]["environment"]["AWS_ENDPOINT_URL"] == "http://hydrant:4566"


def test_compose_mounts_the_configuration_and_keeps_the_data():
    top = parsed("compose/compose.yaml")
    mounts = top["services"]["hydrant"]["volumes"]
    assert mounts == ["./hydrant.json:/etc/hydrant/hydrant.json:ro", "delivered:/data"]
    assert list(top["volumes"]) == ["delivered"]
    assert (EXAMPLES / "compose/hydrant.json").is_file()


# ---------------------------------------------------------------- what they do

def test_the_steps_of_the_workflow_with_a_service_work_on_the_program(start, docker, tmp_path):
    only = job("github-actions/service.yml")
    server = start(environment=only["services"]["hydrant"]["env"])
    docker.adopt("hydrant", server.data)
    printed = run_steps(commands(only["steps"]), tmp_path, server.port, **docker.variables(
        **{**only["env"], "AWS_ENDPOINT_URL": server.url}))
    assert printed[-1].endswith('{"page":"/cart"}\n')


def test_the_steps_of_the_workflow_by_docker_run_work_on_the_program(copied, docker, port):
    folder = copied("github-actions")
    only = job("github-actions/docker-run.yml")
    variables = {name: expressed(value).replace(ADDRESS, f"127.0.0.1:{port}")
                 for name, value in only["env"].items()}
    printed = run_steps(commands(only["steps"]), folder, port, **docker.variables(
        **variables, STAND_IN_PORT=str(port)))
    assert printed[1].endswith('{"page":"/cart"}\n')
    assert "listening on" in printed[-1]


def test_the_script_of_the_job_of_gitlab_works_on_the_program(start, copied):
    only = parsed("gitlab-ci/.gitlab-ci.yml")["test"]
    server = start(environment=only["services"][0]["variables"])
    install, *script = only["script"]
    assert install.startswith("pip install ")
    printed = run(["bash", "-e", "-c", "\n".join(script)], copied("gitlab-ci"),
                  **{**only["variables"], "AWS_ENDPOINT_URL": server.url})
    assert "2 passed" in printed


def test_the_application_of_compose_works_on_the_program_and_its_clicks_are_delivered(start):
    services = parsed("compose/compose.yaml")["services"]
    folder = EXAMPLES / "compose"
    server = start("--config", folder / "hydrant.json",
                   environment=services["hydrant"]["environment"])
    printed = run([BIN / "python", "app.py"], folder / services["app"]["build"],
                  **{**services["app"]["environment"], "AWS_ENDPOINT_URL": server.url})
    assert printed == "3 clicks written\n"
    (name,) = server.flush("clicks-to-s3")
    assert server.object(name).count(b'"page": "/cart"') == 3


def test_the_health_check_of_compose_works_on_the_program(start, tmp_path, docker):
    server = start()
    (docker.bin / "hydrant").symlink_to(program())
    (kind, *command) = parsed("compose/compose.yaml")["services"]["hydrant"]["healthcheck"]["test"]
    assert kind == "CMD"
    run(command, tmp_path, **docker.variables(HYDRANT_PORT=str(server.port)))
