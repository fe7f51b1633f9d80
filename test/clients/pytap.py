"""TAP for the clients in Python."""

import contextlib
import sys
import traceback

tests = 0
failures = 0


@contextlib.contextmanager
def test(description):
    """The block is to raise nothing."""
    global tests, failures
    tests += 1
    try:
        yield
        print(f"ok {tests} - {description}", flush=True)
    except Exception:
        failures += 1
        print(f"not ok {tests} - {description}")
        for line in traceback.format_exc().splitlines():
            print(f"#   {line}", flush=True)


def equal(got, expected):
    if got != expected:
        raise AssertionError(f"got {got!r}, expected {expected!r}")


def failing(exception, function, *args, **kwargs):
    """The exception that a call has to raise."""
    try:
        function(*args, **kwargs)
    except exception as error:
        return error
    raise AssertionError(f"no {exception.__name__} was raised")


def done():
    print(f"1..{tests}")
    sys.exit(1 if failures else 0)
