"""A stranger at a gateway's door, in a language and process that share nothing with it: raw_sockets.py PORT.

All attacks at once, from addresses of their own. Prints a line for each and ends with 0 if the door held: each connection
was closed by the gateway, without an answer that it should not have given and within its time.
"""
import os
import resource
import socket
import ssl
import struct
import sys
import threading
import time

PORT = int(sys.argv[1])
TLS, GSS, CANCEL = (1234 << 16) | 5679, (1234 << 16) | 5680, (1234 << 16) | 5678
DEADLINE = 10  # seconds that a stranger has to log in
PATIENCE = 60  # for a busy machine
failures = []


def packet(code, body=b""):
    return struct.pack("!ii", 8 + len(body), code) + body


def login(name=b"nobody"):
    return packet(3 << 16, b"user\0" + name + b"\0database\0postgres\0application_name\0" + b"x" * 60 + b"\0\0")


def sasl(declared, data=b"n,,n=,r=abcdefghijklmnop"):
    body = b"SCRAM-SHA-256\0" + struct.pack("!i", declared) + data
    return b"p" + struct.pack("!i", 4 + len(body)) + body


def dial(last):
    """Connects from 127.0.0.LAST."""
    raw = socket.socket()
    raw.settimeout(PATIENCE)
    raw.bind((f"127.0.0.{last}", 0))
    raw.connect(("127.0.0.1", PORT))
    return raw


def context(*alpn):
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    if alpn:
        trusting.set_alpn_protocols(list(alpn))
    return trusting


def client_hello():
    arrives, leaves = ssl.MemoryBIO(), ssl.MemoryBIO()
    try:
        context().wrap_bio(arrives, leaves).do_handshake()
    except ssl.SSLWantReadError:
        return leaves.read()


def agreed(last):
    raw = dial(last)
    raw.sendall(packet(TLS))
    assert raw.recv(1) == b"S"
    return raw


def inside(last):
    return context().wrap_socket(agreed(last))


def offered(last):
    tls = inside(last)
    tls.sendall(login())
    assert tls.recv(1) == b"R"
    return tls


def challenged(last):
    tls = offered(last)
    tls.recv(4096)
    tls.sendall(sasl(24))
    assert tls.recv(1) == b"R"
    return tls


def heard(connection):
    """All that comes until the gateway closes."""
    said = b""
    try:
        while more := connection.recv(65536):
            said += more
    except socket.timeout:
        raise AssertionError("kept open")
    except OSError:
        pass  # a reset is a close
    finally:
        connection.close()
    return said


def trickles(connection, words, began):
    """One byte of these every 0.4 s; answers after how many seconds the gateway had enough."""
    connection.settimeout(0.4)
    for at in range(10_000):
        try:
            connection.sendall(words[at : at + 1])
            if connection.recv(4096) == b"":
                break
        except socket.timeout:
            assert time.monotonic() - began < PATIENCE, "kept open"
        except OSError:
            break
    connection.close()
    return time.monotonic() - began


def slow(last, reach, words, least=1.0):
    """While thousands come, a newcomer takes the place of whoever has been silent for longest, after a second at least."""
    began = time.monotonic()
    taken = trickles(reach(last), words, began)
    assert taken > least, f"closed after {taken:.1f} s, before its time"
    return f"closed after {taken:.1f} s"


def slow_alone(last, reach, words):
    """Without a crowd a slow stranger has all of its time, and no more."""
    return slow(last, reach, words, DEADLINE - 0.5)


def half_open(last):
    hello, began = client_hello(), time.monotonic()
    held = [agreed(last) for _ in range(100)]
    for raw in held:
        raw.sendall(hello[:40])
    for raw in held:
        raw.settimeout(PATIENCE)
        assert heard(raw) == b""
    assert time.monotonic() - began > DEADLINE / 2
    return f"{len(held)} held, all closed"


def lies(last):
    lengths = (0, 4, 7, 10_001, 2**31 - 1, -1, -(2**31))
    for length in lengths:
        for reach in (dial, inside):
            connection = reach(last)
            connection.sendall(struct.pack("!ii", length, 3 << 16))
            assert b"R\0" not in heard(connection)
    for length in lengths:
        tls = offered(last)
        tls.recv(4096)
        tls.sendall(b"p" + struct.pack("!i", length))
        heard(tls)
    for declared in (-2, 2**31 - 1, 10_000):
        tls = offered(last)
        tls.recv(4096)
        tls.sendall(sasl(declared))
        assert b"08P01" in heard(tls)
    return f"{3 * len(lengths) + 3} lengths, all closed"


def cancels(last):
    for at in range(1_000):
        raw = dial(last)
        try:
            for secret in (4, 32, 256, 3, 257):
                raw.sendall(packet(CANCEL, os.urandom(4 + secret)))
        except OSError:
            pass  # it has closed after the first
        assert heard(raw) == b""
    return "1,000 connections of five requests each, none answered"


def direct(last):
    for alpn in ((), ("http/1.1",), ("h2", "postgres")):
        try:
            tls = context(*alpn).wrap_socket(dial(last))
            tls.sendall(login())
            assert tls.recv(1) == b"", "spoken to"
        except (ssl.SSLError, OSError):
            pass
    return "refused without the ALPN of PostgreSQL"


def plaintext(last):
    for words in (packet(TLS) + login(), packet(TLS) + packet(TLS), packet(GSS) + login(), packet(TLS) + client_hello()):
        raw = dial(last)
        raw.sendall(words)
        assert heard(raw) in (b"", b"S", b"N"), "parsed"
    raw = agreed(last)
    raw.sendall(login())
    assert b"SCRAM" not in heard(raw)
    for code in (TLS, GSS):
        tls = inside(last)
        tls.sendall(packet(code) + login())
        assert b"SCRAM" not in heard(tls)
    return "nothing outside is parsed inside"


def thousands(last):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    held, turned_away = [], 0
    for _ in range(3_000):
        raw = dial(last)
        raw.setblocking(False)
        held.append(raw)
    time.sleep(1)
    for raw in held:
        try:
            turned_away += raw.recv(1) == b""
        except BlockingIOError:
            pass
        except OSError:
            turned_away += 1
    assert turned_away >= 2_700, f"{turned_away} of 3000 turned away"
    for raw in held:
        raw.settimeout(PATIENCE)
        heard(raw)
    return "3,000 connected at once, at least 2,700 turned away at once, the rest at the deadline"


SLOW = {
    "silent": (dial, b""),
    "slow SSLRequest": (dial, b"\0"),
    "slow ClientHello": (agreed, client_hello()),
    "slow direct ClientHello": (dial, client_hello()),
    "slow start-up": (inside, login()),
    "slow password": (offered, sasl(24)),
    "slow proof": (challenged, b"p\0\0\0\xff" + b"c" * 250),
}

ATTACKS = {
    "half-open TLS": lambda: half_open(2),
    **{name: lambda each=each: slow(3, *each) for name, each in SLOW.items()},
    "lengths that lie": lambda: lies(4),
    "cancel flood": lambda: cancels(5),
    "direct TLS": lambda: direct(6),
    "plaintext before TLS": lambda: plaintext(7),
    "thousands": lambda: thousands(8),
}


def attempt(name, attack):
    try:
        print(f"{name}: {attack()}", flush=True)
    except Exception as failure:  # whatever it is, the door did not hold
        failures.append(name)
        print(f"{name}: FAILED {failure!r}", flush=True)


def at_once(attacks):
    threads = [threading.Thread(target=attempt, args=each) for each in attacks.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


at_once(ATTACKS)
at_once({f"{name}, alone": lambda each=each: slow_alone(9, *each) for name, each in SLOW.items()})
sys.exit(1 if failures else 0)
