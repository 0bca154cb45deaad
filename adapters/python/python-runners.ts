/** How Python runs one of the programs below: it comes in the environment, so that the command stays readable. */
export const runFromEnvironment = (variable: string) => `import os; exec(os.environ.pop("${variable}"))`;

/** Runs pytest with the arguments given. pytest says 0 where a test ends the session by `pytest.exit`; this says 70. */
export const pytestRunner = `
import sys
import pytest

class Watch:
    collected = None
    finished = 0

    def pytest_collection_finish(self, session):
        self.collected = len(session.items)

    def pytest_runtest_logfinish(self):
        self.finished += 1

watch = Watch()
code = int(pytest.main(sys.argv[1:], plugins=[watch]))
if code == 0 and watch.collected is not None and watch.finished < watch.collected:
    print(f"pytest left after {watch.finished} of {watch.collected} tests", file=sys.stderr)
    code = 70
sys.exit(code)
`;

/**
 * Runs what unittest discovers and writes one JSON line for each test as it begins and ends, and a last one when all is done: unittest
 * has no report of its own. Each test is told once, its subtests and its teardown in it. The first argument is the report.
 */
export const unittestRunner = `
import json
import os
import sys
import time
import traceback
import unittest

stream = open(sys.argv[1], "w", encoding="ascii")
severity = ["passed", "xfail", "skipped", "failed", "error"]

def tell(**event):
    stream.write(json.dumps(event) + "\\n")
    stream.flush()

def place(error):
    found = (None, None)
    frame = error[2]
    while frame is not None:
        path = os.path.relpath(frame.tb_frame.f_code.co_filename)
        if not path.startswith("..") and "__unittest" not in frame.tb_frame.f_globals:
            found = (path, frame.tb_lineno)
        frame = frame.tb_next
    return found

class Result(unittest.TextTestResult):
    current = None
    told = 0
    loose = 0

    def startTest(self, test):
        self.current = {"id": test.id(), "outcome": None, "messages": [], "file": None, "line": None}
        self.began = time.perf_counter()
        tell(event="start", id=test.id())
        super().startTest(test)

    def stopTest(self, test):
        super().stopTest(test)
        self.finish(time.perf_counter() - self.began)

    def finish(self, seconds):
        case, self.current = self.current, None
        self.told += 1
        message = "\\n".join(case.pop("messages"))
        tell(event="end", seconds=seconds, message=message, **{**case, "outcome": case["outcome"] or "error"})

    def note(self, test, outcome, message="", error=None):
        is_loose = self.current is None
        if is_loose:
            self.loose += 1
            self.current = {"id": test.id(), "outcome": None, "messages": [], "file": None, "line": None}
        case = self.current
        if case["outcome"] is None or severity.index(outcome) > severity.index(case["outcome"]):
            case["outcome"] = outcome
        if error is not None:
            message = "".join(traceback.format_exception_only(*error[:2])).strip() + "\\n" + message
            if case["file"] is None:
                case["file"], case["line"] = place(error)
        if message:
            case["messages"].append(message)
        if is_loose:
            self.finish(0)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.note(test, "passed")

    def addError(self, test, err):
        super().addError(test, err)
        self.note(test, "error", self.errors[-1][1], err)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.note(test, "failed", self.failures[-1][1], err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.note(test, "skipped", str(reason))

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.note(test, "xfail")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.note(test, "failed", "the test passed, but it is marked as one that fails")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            is_failure = issubclass(err[0], test.failureException)
            text = "".join(traceback.format_exception(*err))
            self.note(test, "failed" if is_failure else "error", str(subtest) + "\\n" + text, err)

suite = unittest.TestSuite()
for folder in [".", "tests", "test"]:
    if folder == "." or (os.path.isdir(folder) and not os.path.exists(os.path.join(folder, "__init__.py"))):
        suite.addTests(unittest.TestLoader().discover(folder))
planned = suite.countTestCases()
result = unittest.TextTestRunner(resultclass=Result).run(suite)
tell(event="complete", told=result.told, planned=planned, loose=result.loose)
sys.exit(0 if result.wasSuccessful() else 1)
`;
