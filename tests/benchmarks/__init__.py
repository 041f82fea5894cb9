"""How fast pyside_ro is, beside `PySide6.QtRemoteObjects` ("the peer"), on this machine, now.

    python -m tests.benchmarks                      every case, both transports, a table
    python -m tests.benchmarks --only 'bytes*' --transport tcp --rounds 3
    python -m tests.benchmarks --markdown           the table for the README
    python -m tests.benchmarks --json out.json --plot out.png
    python -m tests.benchmarks --quick              small and short: does it run at all?
    python -m tests.benchmarks --profile DIR        where the time goes, by cProfile (no figures)

How it measures
---------------
* Each sample is a fresh pair of processes, a server and a client, over `local:` or `tcp://`
  (127.0.0.1). Both are Python. Ours and the peer's samples alternate (A B A B ...), so that a
  machine that slows down or speeds up does so for both; the table shows the median of the
  rounds, the JSON every sample. Ratios hold better than absolute figures.
* Server and client each keep to a processor of their own (Linux). Left to the system, both
  sides' echoes take 60 µs or, when both processes happen to share a processor, 20 µs.
* The source classes are the same plain `QObject` subclasses for both, and so is the client's
  code, save for what the peer has no equivalent for (`sides.py` holds all three):
  a property is read as `replica.floats` from us and as `replica.property("floats")` from the
  peer, whose dynamic replicas have no such attribute; a slot that returns something is called
  as `replica.add(1, 2)` from us, and as `replica.sendWithReply(...)` from the peer, whose
  `replica.add(1, 2)` returns None (to invoke it with a `QRemoteObjectPendingCall` as return
  argument crashes); and only the peer's warnings about dynamic replicas are switched off.
* Throughput counts from the client's call that starts the source's loop to the last message
  received. Not from the first message: the peer writes nothing to the wire before the loop is
  over, so that would leave out all that the sender does and show how fast a full buffer drains
  (JSON has that too, as `drain`).
  Each run warms up once and takes the median of a few batches. The last message of each batch
  is compared with what was sent.
* A list or dict as a property has a notify signal without argument, and the client reads the
  property each time: the peer unpacks the value to Python only then.
* Echo: the client calls a void slot, the source emits a signal, one at a time; the round trip.
* Slot results: the round trip of `add(int, int)`, by `waitForFinished` and by a
  `QRemoteObjectPendingCallWatcher`. Pipelined: all calls issued at once, until all are back.
* Fan-out: one source, 50 nodes with a connection each (in one client process), deliveries a
  second.
* Unwatched: what `emit` costs on a shared source without subscribers, on a host that a client
  is connected to; "over a bare emit" compares it to an object of the same class that is not
  shared, in the same process, in alternate batches.
* Acquire: from the first `acquireDynamic` until the last of 1,000 replicas is valid, in one
  node, and what the client's resident memory grew by (Linux only). Idle: processor time of a
  host whose 1,000 sources each have a replica and nothing to say.
* Network: one process has a registry and 200 hosts with a source each; from `setRegistryUrl` at
  the client, which knows nothing else, until 200 replicas are valid, and what both processes grew
  by.

A case that one side cannot do says "cannot", one that crashes or hangs says "failed" and why;
neither stops the run. Nothing here is asserted: `tests/test_benchmarks.py` only checks that it
runs.

The files: `cases` (what is measured, and the targets), `sources` (what is shared), `sides` (us
and the peer), `measures` (the client's clockwork), `server` and `client` (the child processes),
`runner` (starts them, in turn), `report` (figures to tables), `plot` (a picture), `__main__`
(the command line).
"""
