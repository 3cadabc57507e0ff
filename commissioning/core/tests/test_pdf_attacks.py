"""Documents reach no address and no file but those that come with the application; WeasyPrint's own way would."""

import ast
import contextlib
import http.server
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from commissioning.core.pdf import NotBundled, make_pdf
from commissioning.core.tests.attacks import attacks
from commissioning.tests.figures import Say
from commissioning.tests.test_architecture import ROOT, our_files

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect id="x" width="9" height="9"/></svg>'


# What imports a module by a name that need not stand in the code.
BY_NAME = {"import_module", "__import__", "import_string", "find_spec"}


@dataclass
class Seen:
    """What Python was asked to do while documents were made: addresses looked up or connected to, files opened."""

    folder: str
    connections: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    is_watching: bool = False

    def hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.is_watching:
            return
        if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
            self.connections.append(f"{event} {arguments[1:]}")
        elif event == "open" and str(arguments[0]).startswith(self.folder):
            self.files.append(str(arguments[0]))


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers everything with a picture, or sends on to a file or to itself."""

    target = ""

    def do_GET(self) -> None:
        if self.path in {"/to-file", "/to-web"}:
            self.send_response(302)
            self.send_header("Location", self.target if self.path == "/to-file" else "/a.svg")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "image/svg+xml")
        self.send_header("Content-Length", str(len(SVG)))
        self.end_headers()
        self.wfile.write(SVG)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests count by other means."""


@pytest.fixture
def sentinel(tmp_path: Path) -> Path:
    for name in ("secret.svg", "secret.css", "secret.txt", "secret.ttf"):
        (tmp_path / name).write_bytes(SVG if name.endswith("svg") else b"/* nobody reads this */")
    return tmp_path


@pytest.fixture
def port(sentinel: Path) -> Iterator[int]:
    handler = type("Handler", (Answers,), {"target": (sentinel / "secret.svg").as_uri()})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()


@pytest.fixture
def seen(sentinel: Path) -> Iterator[Seen]:
    watch = Seen(str(sentinel))
    sys.addaudithook(watch.hook)
    yield watch
    watch.is_watching = False


def make_all(documents: dict[str, str], make: Callable[[str], object], seen: Seen) -> set[str]:
    """Makes each document; which of them reached anything."""
    reached = set()
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    for what, html in documents.items():
        before = len(seen.connections) + len(seen.files)
        seen.is_watching = True
        with contextlib.suppress(Exception, FatalURLFetchingError):  # no document at all is as good
            make(html)
        seen.is_watching = False
        if len(seen.connections) + len(seen.files) > before:
            reached.add(what)
    return reached


@pytest.mark.drill
def test_no_document_reaches_an_address_or_a_file(port: int, sentinel: Path, seen: Seen, figure: Say) -> None:
    documents = attacks(port, sentinel)
    reached = make_all(documents, lambda html: make_pdf(html, identifier="x"), seen)
    reads = f"{len(seen.connections)} connections, {len(seen.files)} files read"
    figure("PDF attacks: documents, connections, files read", f"{len(documents)} documents, {reads}")
    assert len(documents) >= 40
    assert (reached, seen.connections, seen.files) == (set(), [], [])


@pytest.mark.drill
def test_weasyprints_own_fetcher_reaches_both(port: int, sentinel: Path, seen: Seen, figure: Say) -> None:
    """The positive control: the same documents do harm where nothing is locked, so the figures above say something."""
    documents = attacks(port, sentinel)

    def make(html: str) -> object:
        base = (sentinel / "document.html").as_uri()
        return HTML(string=html, base_url=base, url_fetcher=URLFetcher(timeout=1)).write_pdf()

    reached = make_all(documents, make, seen)
    figure(
        "PDF attacks, positive control (WeasyPrint’s own fetcher)",
        f"{len(reached)} of {len(documents)} documents reach something: "
        f"{len(seen.connections)} connections, {len(seen.files)} files read",
    )
    assert len(seen.connections) > 20 and len(seen.files) > 8
    assert len(reached) >= 0.7 * len(documents), sorted(set(documents) - reached)


@pytest.mark.parametrize("what", ["address: http", "address: a file", "css: an import", "html: an attachment"])
def test_a_document_that_names_anything_else_is_not_made(what: str, tmp_path: Path) -> None:
    with pytest.raises(NotBundled):
        make_pdf(attacks(9, tmp_path)[what], identifier="x")


def test_a_stylesheet_that_comes_with_the_application_is_taken() -> None:
    head = '<title>x</title><link rel="stylesheet" href="bundled:/report.css">'
    made = make_pdf(f'<!DOCTYPE html><html lang="en"><head>{head}</head><body><p>x</p></body></html>', identifier="x")
    assert made.content.startswith(b"%PDF")


def _weasyprint_in(path: Path) -> list[str]:
    """Where a module imports WeasyPrint, names it as text, or imports something whose name it makes up."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
            names.append(node.value.lower())
        called = ast.unparse(node.func).split(".")[-1] if isinstance(node, ast.Call) else ""
        is_plain = isinstance(node, ast.Call) and bool(node.args) and isinstance(node.args[0], ast.Constant)
        makes_up = called in {"exec", "eval"} or (called in BY_NAME and not is_plain)
        if makes_up or any(name.split(".")[0] == "weasyprint" for name in names):
            found.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")
    return found


def test_only_the_pdf_module_knows_weasyprint() -> None:
    apps = ("commissioning", "people", "providers", "outcomes", "finance")
    files = our_files(*(f"{app}/**/*.py" for app in apps))
    only = ROOT / "commissioning" / "core" / "pdf.py"
    assert len(_weasyprint_in(only)) >= 2, "it no longer sees what it looks for"
    assert [each for path in files if path != only for each in _weasyprint_in(path)] == []


@pytest.mark.parametrize(
    "code",
    [
        "import weasyprint",
        "from weasyprint import HTML",
        "import weasyprint.urls as w",
        "import importlib\nimportlib.import_module('weasyprint')",
        "__import__('weasy' + 'print')",
        "from importlib import import_module as find\nfind('weasyprint.urls')",
        "exec('import weasy' 'print')",
    ],
)
def test_it_sees_every_way_to_bring_weasyprint_in(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commissioning.core.tests.test_pdf_attacks.ROOT", tmp_path)
    (tmp_path / "other.py").write_text(code)
    assert _weasyprint_in(tmp_path / "other.py")
