"""What the machine must have besides Python: libraries for PDFs, Chromium and `pdftoppm` for tests, PgBouncer.

As root on Debian and Ubuntu they are installed; otherwise the exact command is printed and nothing goes on.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

from commissioning.core.launch.say import Stop, say

PDF_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def ensure_pdf_libraries() -> None:
    """The libraries WeasyPrint loads are there, or are installed now. Raises Stop with what to install."""
    missing = _missing_libraries()
    if not missing:
        return
    packages = sorted({PDF_LIBRARIES[name] for name in missing} | {"fonts-liberation"})
    _install(packages, "the libraries that make PDF reports")
    still = _missing_libraries()
    if still:
        raise Stop(f"Installed {' '.join(packages)}, but these libraries still do not load: {', '.join(still)}")


def ensure_browser() -> str:
    """The path of a Chromium that runs, installed now where that is allowed. Raises Stop with what to do."""
    found = _chromium()
    if found:
        return found
    # Ubuntu's package of that name is only a pointer to a snap; Debian's is the browser.
    if _may_install() and _distribution() == "debian":
        _install(["chromium"], "Chromium for the browser tests")
    else:
        _playwright_install()
    found = _chromium()
    if found:
        return found
    raise Stop(
        "The tests need a Chromium, and none of these runs: "
        f"{', '.join(CHROMIUM_NAMES)}, or Playwright's own.\n"
        f"{_advice(['chromium'])}\nOr name one that you have: CHROMIUM=/path/to/chromium ./run test"
    )


def ensure_pdf_pictures() -> None:
    """`pdftoppm`, with which the tests take pictures of PDF pages."""
    if shutil.which("pdftoppm") is None:
        _install(["poppler-utils"], "pdftoppm for pictures of PDF pages")


def find_pgbouncer() -> str:
    """The path of PgBouncer, which Debian keeps among the administrator's programs. Empty where there is none."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin") or ""


def ensure_pgbouncer() -> None:
    """PgBouncer, which the drill puts in front of the database, on a port and with settings of its own."""
    if not find_pgbouncer():
        _install(["pgbouncer"], "PgBouncer for the drill")


def _missing_libraries() -> list[str]:
    missing = []
    for name in PDF_LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return missing


def _chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        if _browser_runs(named):
            return named
        raise Stop(f"CHROMIUM is {named}, which does not run.")
    on_path = [found for found in map(shutil.which, CHROMIUM_NAMES) if found]
    return next((found for found in [*on_path, *_playwright_browsers()] if _browser_runs(found)), None)


def _playwright_browsers() -> list[str]:
    folder = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or str(Path.home() / ".cache" / "ms-playwright")
    return sorted(map(str, Path(folder).glob("chromium-*/chrome-linux*/chrome")), reverse=True)


def _browser_runs(path: str) -> bool:
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    # Ubuntu's pointer to the snap answers too, but with advice and no version.
    return answer.returncode == 0 and any(character.isdigit() for character in answer.stdout)


def _playwright_install() -> None:
    say("Installing Chromium for the browser tests…")
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if _may_install():
        command.insert(-1, "--with-deps")
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        say((answer.stderr or answer.stdout).strip()[-1500:])


def _distribution() -> str:
    """`debian`, `ubuntu` or whatever the machine calls itself."""
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return ""
    return next((line[3:].strip('"') for line in lines if line.startswith("ID=")), "")


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _advice(packages: list[str]) -> str:
    command = f"apt-get install --no-install-recommends {' '.join(packages)}"
    if shutil.which("apt-get"):
        return f"Install with:\n\n  sudo {command}\n\nthen start again."
    return (
        f"On Debian and Ubuntu these are the packages: {' '.join(packages)}\n"
        "(Fedora: pango harfbuzz poppler-utils chromium; Arch: pango harfbuzz poppler chromium).\n"
        "Install them, then start again."
    )


def _install(packages: list[str], what: str) -> None:
    if not _may_install():
        raise Stop(f"This machine lacks {what}.\n{_advice(packages)}")
    say(f"Installing {what}: {' '.join(packages)}…")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3", "-qq", "-y"]
    said = ""
    for arguments in (["update"], ["install", "--no-install-recommends", *packages]):
        answer = subprocess.run(
            [*apt, *arguments], capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL, check=False
        )
        said += answer.stdout + answer.stderr
    if answer.returncode != 0:
        raise Stop(f"Could not install {' '.join(packages)}:\n{said.strip()[-2000:]}\n{_advice(packages)}")
