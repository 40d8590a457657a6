"""What ministack is corrected in, and the endpoints the tests look through.

ministack is third-party and pinned by hash, so its internals may be named
here. Each correction says what AWS does and ministack does not.
"""
from . import (
    alarm_actions,
    alarms,
    control,
    exports,
    functions,
    invocations,
    mails,
    secrets,
    triggers,
)


def install(app, port):
    """Applies the corrections and returns the application with `/_test/`."""
    invocations.install(port)
    alarms.install()
    alarm_actions.install()
    exports.install()
    functions.install()
    triggers.install()
    mails.install()
    secrets.install()
    return control.wrap(app)
