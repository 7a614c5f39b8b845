"""The blocks of shell commands that no test runs, and why: (page, first line of the block) -> reason.

`"*"` in place of the line stands for all blocks of the page that have no mark.
"""

NOT_RUN = {
    ("README.md", "./scripts/run      # installs what is missing, builds, serves on "
                  "http://127.0.0.1:4566"):
        "builds; CI calls scripts/test itself, and tests/sdk runs the configuration of scripts/run",
    ("docs/getting-started.md", "./scripts/run      # builds if needed, serves on "
                                "http://127.0.0.1:4566 with configs/quickstart.json"):
        "as in README.md",
    ("docs/getting-started.md", "./scripts/build    # leaves build/release/hydrant"):
        "scripts/test builds before it runs this",
    ("docs/troubleshooting.md", "unset AWS_ENDPOINT_URL"):
        "the blocks behind it go on with the variable; docs/clients.md sets these two",
    ("docs/install.md", "*"):
        "installs on the machine and starts a service; tests/package does so where it can undo it",
    ("docs/embedding.md", "*"):
        "builds and installs; tests/package does, and builds and runs the program of the page",
    ("docs/container.md", "*"): "wants an engine of containers; tests/image builds and runs the image",
    ("docs/embedding.md", "*"): "builds; tests/package does the same with tests/embed",
    ("docs/install.md", "*"): "installs packages as root; tests/package installs and removes them",
}
