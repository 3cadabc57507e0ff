"""The process that reads files: what it may do, and what becomes of one that misbehaves."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from commissioning.core.errors import Refused
from commissioning.core.intake import Asked, Limits, clean_name, process, read_tables

ROOT = Path(__file__).resolve().parents[3]
Reader = Callable[[str], None]

SAY = """
import json, os, sys
def say(*frame):
    body = json.dumps(frame).encode()
    os.write(1, len(body).to_bytes(4, "big") + body)
"""

PROBES = f"""
import os, socket, sys
sys.path.insert(0, {str(ROOT)!r})
import types
package = types.ModuleType("commissioning"); package.__path__ = [{str(ROOT / "commissioning")!r}]
sys.modules["commissioning"] = package
from commissioning.core.reader.confine import confine
confine(memory=200 * 1024 * 1024, seconds=2)
def tried(what, probe):
    try:
        probe()
    except (OSError, MemoryError) as error:
        print(what, "no", flush=True)
    else:
        print(what, "YES", flush=True)
tried("read a file", lambda: os.open("/etc/hostname", os.O_RDONLY))
tried("write a file", lambda: os.open("/tmp/intake-probe", os.O_WRONLY | os.O_CREAT))
tried("open a socket", lambda: socket.socket())
tried("open a local socket", lambda: socket.socket(socket.AF_UNIX))
tried("start a process", lambda: os.fork() or os._exit(0))
tried("take memory", lambda: bytearray(300 * 1024 * 1024))
tried("be root", lambda: os.setuid(0))
while True:
    pass
"""


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Reader:
    """Puts a program in the reader's place."""

    def put(program: str) -> None:
        (tmp_path / "__main__.py").write_text(SAY + program)
        monkeypatch.setattr(process, "READER", tmp_path)

    return put


def refusal(contents: bytes, asked: Asked) -> str:
    with pytest.raises(Refused) as refused:
        read_tables(contents, asked)
    return refused.value.message


def test_it_gives_rows_with_the_numbers_a_spreadsheet_shows() -> None:
    (table,) = read_tables('\ufeffa,b\r\n\r1,"2\n3"\n'.encode(), Asked("csv")).tables
    assert table.rows == [(1, ["a", "b"]), (2, []), (3, ["1", "2\n3"])]


def test_a_confined_process_can_open_start_and_take_nothing_and_ends_in_time() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", PROBES], capture_output=True, text=True, timeout=60, check=False, cwd="/"
    )
    answers = done.stdout.splitlines()
    assert [each for each in answers if not each.endswith(" no")] == []
    assert len(answers) == 7, done.stderr
    assert done.returncode < 0, "it used more processor time than it may and went on"


def test_the_reader_inherits_no_secret_no_open_file_and_no_folder(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for the reader")
    reader(
        """
say("table", "seen")
say("rows", [[1, sorted(os.environ)], [2, sorted(os.listdir("/proc/self/fd"))], [3, [os.getcwd()]]])
say("done", 0)
"""
    )
    with (tmp_path / "open").open("w") as open_here:
        os.set_inheritable(open_here.fileno(), True)
        rows = dict(read_tables(b"", Asked("csv")).tables[0].rows)
    assert set(rows[1]) <= {"LC_CTYPE"}
    assert len(rows[2]) == 4, "standard input, output, error, and the list itself"
    assert rows[3] == ["/"]


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("while True: pass", "took longer than 1 seconds"),
        ("import time; time.sleep(600)", "took longer than 1 seconds"),
        ("os.kill(os.getpid(), 9)", "Reading this failed"),
        ("os.kill(os.getpid(), 11)", "Reading this failed"),
        ("raise MemoryError", "Reading this failed"),
        ('say("table", "x")', "Reading this failed"),
        ('say("rows", [[1, ["before any table"]]])', "Reading this failed"),
        ('say("table", "x"); say("rows", [[1, [{"not": "text"}]]]); say("done", 0)', "Reading this failed"),
        ('say("table", 7)', "Reading this failed"),
        ('say("exec", "anything")', "Reading this failed"),
        ('os.write(1, b"\\xff" * 4000)', "Reading this failed"),
        ('os.write(1, b"\\x00\\x00\\x00\\x04oops")', "Reading this failed"),
        ('say("table", "x")\nwhile True: say("rows", [[1, ["x" * 60000]]])', "more than can be read at once"),
    ],
)
def test_a_reader_that_misbehaves_is_a_refusal_and_is_gone(reader: Reader, program: str, words: str) -> None:
    reader(program)
    assert words in refusal(b"", Asked("csv", limits=Limits(seconds=1, result=2_000_000)))
    running = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if os.access(path, os.R_OK)]
    assert not any(str(process.READER).encode() in command for command in running)


def test_too_much_memory_is_a_refusal_that_says_what_to_do() -> None:
    limits = Limits(memory=120 * 1024 * 1024)
    said = refusal(b"a," * 20 + b"x" * 60_000_000, Asked("csv", limits=limits))
    assert said == "Reading this takes more memory than it may. Split it into smaller files."


def test_more_cells_than_may_be_are_a_refusal() -> None:
    assert "more than 1,000 cells" in refusal(b"a,b\n" * 1000, Asked("csv", limits=Limits(cells=1000)))


def test_what_is_asked_goes_there_and_back() -> None:
    asked = Asked("zip", wanted=("people.csv",), limits=Limits(seconds=3))
    assert Asked.from_json(asked.as_json()) == asked
    assert json.loads(asked.as_json())["limits"]["seconds"] == 3


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/people.csv", "people.csv"),
        ("C:\\data\\people.csv", "people.csv"),
        ("people\u202evsc.exe", "peoplevsc.exe"),
        ('a"b\r\nSet-Cookie: x.csv', "a_bSet-Cookie_ x.csv"),
        ("\0", "file"),
        ("..", "file"),
        ("x" * 300 + ".xlsx", "x" * 130 + "x" * 15 + ".xlsx"),
        ("Zoë’s list.csv", "Zoë’s list.csv"),
    ],
)
def test_names_of_files_are_what_they_look_like(given: str, kept: str) -> None:
    assert clean_name(given) == kept
