"""The runs of page 23.3 look after themselves: they survive a reload, a closed tab and a killed server."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from pages.ex23_3.run_folder import RunFolder
from pages.ex23_3.runs import new_run
from pages.ex23_3.settings import DIGITS, Settings
from tests.browser.reader import Reader
from tests.running_app import free_port, running_app, start_server, wait_until_healthy

# A hundred and forty thousand steps through five layers of 512 neurons: more than a reader waits for.
ENDLESS = Settings(data=DIGITS, epochs=100, batch=1, rate=0.001, hidden=(512,) * 5, keep=(1.0,) * 5)
ADDRESS = "ex23_3_data=digits+8%C3%978&ex23_3_epochs=100&ex23_3_batch=1&ex23_3_rate=0.001&ex23_3_layers=5&"
ADDRESS += "&".join(f"ex23_3_size{t}=512" for t in range(1, 6))


class Server:
    """An app that keeps its runs, and can be killed and started again at the same address."""

    def __init__(self, runs: Path) -> None:
        self._runs, self._port = runs, free_port()
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.url, self._process = start_server(self._port, runs=self._runs)
        wait_until_healthy(self.url, self._process)

    def kill(self) -> None:
        """End it as a power cut does."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(timeout=60)

    @property
    def is_running(self) -> bool:
        """Whether there is still something to end."""
        try:
            self._process.wait(timeout=0)
        except subprocess.TimeoutExpired:
            return True
        return False


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """One with an empty folder of runs."""
    server = Server(tmp_path / "runs")
    yield server
    if server.is_running:
        server.kill()


def epoch(reader: Reader) -> float:
    """How far the run on screen has come."""
    words = reader.page.get_by_text("test digits are read correctly").inner_text()
    return float(words.split("Epoch ")[1].split(" of ")[0])


def kept_run(folder: Path, settings: Settings, batches: int, wanted: bool = False) -> Path:
    """The file of a run after so many batches; `wanted` if it was at work when its server was killed."""
    runs, run = RunFolder(folder), new_run(settings)
    run.trainer.run_batches(batches)
    run.wanted = wanted
    runs.add(run)
    runs.save(run)
    return folder / f"run-{run.number:04d}.npz"


def trains(reader: Reader) -> None:
    """Wait until the run on screen has gone on."""
    expect(reader.button("Pause")).to_be_visible()
    before = reader.page.get_by_text("test digits are read correctly").inner_text()
    expect(reader.page.get_by_text("test digits are read correctly")).not_to_have_text(before)


def test_a_run_at_work_when_its_server_was_killed_goes_on_and_survives_a_reload_and_a_damaged_file_is_left(
    browser: BrowserContext, tmp_path: Path
) -> None:
    damaged = kept_run(tmp_path / "runs", Settings(data=DIGITS), 1)
    kept_run(tmp_path / "runs", ENDLESS, 30, wanted=True)
    damaged.write_bytes(damaged.read_bytes()[:1000])
    with running_app(tmp_path / "log.txt", runs=tmp_path / "runs") as url:
        reader = Reader.in_new_tab(browser, url).open("23.3")
        trains(reader)
        come_to = epoch(reader)
        assert come_to >= 0.02
        expect(reader.slider("ex23_3_layers")).to_have_value("5")  # a new tab has the run's settings
        reader.sees("damaged")
        reader.sees(damaged.name)
        reader.page.reload()
        trains(reader)
        assert epoch(reader) >= come_to
        reader.press("Pause")
        expect(reader.button("Go on")).to_be_visible()
        reader.page.close()
    assert damaged.stat().st_size == 1000


@pytest.mark.thorough
def test_runs_survive_a_reload_a_closed_tab_and_a_killed_server_and_a_damaged_file_is_left(
    server: Server, browser: BrowserContext, tmp_path: Path
) -> None:
    ended = kept_run(tmp_path / "runs", Settings(data=DIGITS, epochs=1), 45)
    reader = Reader.in_new_tab(browser, server.url).open("23.3", ADDRESS)
    reader.press("Train")
    trains(reader)
    come_to = epoch(reader)
    reader.page.reload()
    trains(reader)
    assert epoch(reader) >= come_to
    come_to = epoch(reader)
    reader.page.close()
    reader = Reader.in_new_tab(browser, server.url).open("23.3")
    trains(reader)
    assert epoch(reader) >= come_to
    expect(reader.slider("ex23_3_layers")).to_have_value("5")  # a new tab has the run's settings
    (at_work,) = set(ended.parent.glob("run-*.npz")) - {ended}
    written = at_work.stat().st_mtime_ns
    while at_work.stat().st_mtime_ns == written:  # it is written anew every few seconds
        trains(reader)
    server.kill()
    reader.page.close()
    ended.write_bytes(ended.read_bytes()[:1000])
    server.start()
    reader = Reader.in_new_tab(browser, server.url).open("23.3")
    trains(reader)
    assert epoch(reader) > 0
    reader.sees("damaged")
    reader.sees(ended.name)
    assert ended.stat().st_size == 1000
    reader.press("Pause")
    expect(reader.button("Go on")).to_be_visible()
    reader.page.close()
