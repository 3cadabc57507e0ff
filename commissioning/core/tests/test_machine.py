"""What `./run` says and installs when the machine lacks something."""

import subprocess
from pathlib import Path

import pytest

from commissioning.core.launch import machine
from commissioning.core.launch.say import Stop


def test_it_prints_what_to_install_and_stops_where_it_may_not_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "PDF_LIBRARIES", {"libnothere.so.0": "libnothere0"})
    monkeypatch.setattr(machine, "_may_install", lambda: False)
    with pytest.raises(Stop, match="libnothere0") as stopped:
        machine.ensure_pdf_libraries()
    assert "apt-get install --no-install-recommends fonts-liberation libnothere0" in str(stopped.value)
    assert stopped.value.status == 1


def test_it_installs_only_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[list[str]] = []
    missing = [["libpango-1.0.so.0"], []]
    monkeypatch.setattr(machine, "_missing_libraries", lambda: missing.pop(0))
    monkeypatch.setattr(machine, "_install", lambda packages, _what: installed.append(packages))
    machine.ensure_pdf_libraries()
    assert installed == [["fonts-liberation", "libpango-1.0-0"]]


def test_it_installs_pgbouncer_only_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[list[str]] = []
    found = ["/usr/sbin/pgbouncer", ""]
    monkeypatch.setattr(machine, "find_pgbouncer", lambda: found.pop(0))
    monkeypatch.setattr(machine, "_install", lambda packages, _what: installed.append(packages))
    machine.ensure_pgbouncer()
    assert installed == []
    machine.ensure_pgbouncer()
    assert installed == [["pgbouncer"]]


def test_it_says_so_when_a_library_still_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "PDF_LIBRARIES", {"libnothere.so.0": "libnothere0"})
    monkeypatch.setattr(machine, "_install", lambda _packages, _what: None)
    with pytest.raises(Stop, match=r"still do not load: libnothere\.so\.0"):
        machine.ensure_pdf_libraries()


def test_it_takes_no_pointer_to_a_snap_for_a_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pointer = tmp_path / "chromium-browser"
    pointer.write_text("#!/bin/sh\necho 'This command requires the chromium snap to be installed.'\nexit 1\n")
    pointer.chmod(0o755)
    browser = tmp_path / "google-chrome"
    browser.write_text("#!/bin/sh\necho 'Google Chrome 150.0.1'\n")
    browser.chmod(0o755)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(machine, "CHROMIUM_NAMES", ("chromium-browser", "google-chrome"))
    assert machine.ensure_browser() == str(browser)


def test_it_refuses_a_named_browser_that_does_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nonexistent/chromium")
    with pytest.raises(Stop, match="CHROMIUM is /nonexistent/chromium, which does not run"):
        machine.ensure_browser()


def test_it_never_goes_on_without_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_chromium", lambda: None)
    monkeypatch.setattr(machine, "_may_install", lambda: False)
    tried: list[bool] = []
    monkeypatch.setattr(machine, "_playwright_install", lambda: tried.append(True))
    with pytest.raises(Stop, match="The tests need a Chromium"):
        machine.ensure_browser()
    assert tried == [True]


def test_a_failed_installation_shows_what_it_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_may_install", lambda: True)
    failed = subprocess.CompletedProcess(
        args=[], returncode=100, stdout="", stderr="E: Unable to locate package nothere"
    )
    monkeypatch.setattr(subprocess, "run", lambda *_arguments, **_options: failed)
    with pytest.raises(Stop, match="Unable to locate package nothere"):
        machine._install(["nothere"], "something")
