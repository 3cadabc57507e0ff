"""The files of `deploy/`: what runs for real writes no name into a log and has no door left open."""

import re
from pathlib import Path

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def test_it_logs_requests_without_what_was_searched_for() -> None:
    """An address after its question mark, and the page one came from, may hold a name."""
    for file in (DEPLOY / "Dockerfile", DEPLOY / "systemd" / "as-one-web.service"):
        (wanted,) = re.findall(r'--access-logformat"?,? (?:\\"|")(.+?%\(B\)s)', file.read_text().replace("%%", "%"))
        parts = set(re.findall(r"%\(([^)]+)\)s", wanted))
        assert parts == {"h", "t", "m", "U", "s", "B"}, file.name


def test_it_gives_the_application_no_way_to_the_source_history() -> None:
    for unit in (DEPLOY / "systemd").glob("*.service"):
        words = unit.read_text()
        if "WorkingDirectory=/opt/as-one" in words:
            assert "InaccessiblePaths=-/opt/as-one/.git" in words, unit.name
    assert ".git" in (DEPLOY.parent / ".dockerignore").read_text().split()


def test_every_secret_of_the_containers_must_be_given() -> None:
    words = (DEPLOY / "compose.yaml").read_text()
    named = set(re.findall(r"\$\{([A-Z_]*(?:PASSWORD|SECRET)[A-Z_]*)([^}]*)\}", words))
    assert {name for name, _ in named} == {
        "SECRET_KEY", "POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "REDIS_PASSWORD"
    }  # fmt: skip
    assert all(rest.startswith(":?") for _, rest in named)
    example = dict(line.split("=", 1) for line in (DEPLOY / "env.example").read_text().splitlines() if "=" in line[:20])
    assert all(example[name] == "" for name, _ in named)


def test_the_databases_log_holds_no_rows_or_statements() -> None:
    words = (DEPLOY / "compose.yaml").read_text()
    assert "log_error_verbosity=terse" in words and "log_min_error_statement=panic" in words
    assert "--requirepass" in words
