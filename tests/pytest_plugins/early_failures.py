"""Print a failure when the test fails: a run that is stopped never reaches pytest's summary."""

import pytest


class EarlyFailures:
    """Writes the report of each failed test at once; in a worker of a parallel run, nothing."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None and report.failed and not hasattr(self._config, "workerinput"):
            terminal.ensure_newline()
            seconds = f"{report.duration:.0f} s"
            terminal.write_line(f"FAILED after {seconds}: {report.nodeid} ({report.when})")
            terminal.write_line(report.longreprtext[-4000:])
