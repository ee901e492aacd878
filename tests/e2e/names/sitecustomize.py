"""Put into every program that the tests start; changes nothing unless the environment asks for it.

For clients that speak no HTTP and so know no proxy, production host names lead to loopback. `LOOPBACK_NAMES` holds
`PATTERN:PORT=PORT ...`: a host pattern, the port that the client asks for, and the port that answers.
"""

import fnmatch
import os
import socket

_resolve = socket.getaddrinfo
_routes = [entry.rpartition("=")[::2] for entry in os.environ.get("LOOPBACK_NAMES", "").split()]


def _getaddrinfo(host, port, *arguments, **keywords):
    for asked, answering in _routes:
        if isinstance(host, str) and fnmatch.fnmatch(f"{host}:{port}", asked):
            return _resolve("127.0.0.1", int(answering), *arguments, **keywords)
    return _resolve(host, port, *arguments, **keywords)


socket.getaddrinfo = _getaddrinfo

if "SSL_CERT_FILE" in os.environ:
    # The clients of Service Bus and Event Hubs trust certifi's authorities, and no environment changes that.
    import certifi

    certifi.where = lambda: os.environ["SSL_CERT_FILE"]

if os.environ.get("IMPATIENT"):
    # The storage clients wait for more than a minute, in all, before they report that there is no identity.
    import asyncio
    import time

    _asleep = asyncio.sleep
    time.sleep = lambda seconds: None
    asyncio.sleep = lambda delay, result=None: _asleep(0, result)
