#!/usr/bin/python3
"""verify.py FILE PIN: a second verifier of evidence bundles, written from the pages beside it alone.

Python 3.11, python3-cryptography, and openssl 3.5 for ML-DSA. Exit codes: 0 everything holds, 1 something does not, 2 usage,
3 a newer version of a format, so nothing is known (evolution.md).
"""
import base64, binascii, datetime, hashlib, json, pathlib, re, struct, subprocess, sys, tempfile, zlib, zoneinfo
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

ED25519, P256 = bytes.fromhex("302a300506032b6570032100"), bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
BANNED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f"
                    "\ufeff\uffa0\ufff0-\ufffb\U00013430-\U0001343f\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
TYPES = set("genesis key-add key-remove settings policy log-keys gateway-authority gateway-authority-object gateway-revoke ticket request review auto decision revoke withdraw lapse end session-open operation part outcome "
            "session-close session-lost removal-failed recovery erased".split())
LEVELS = ["metadata", "masked", "read", "write"]
LIMITS = "byteBudget hours idleTimeout operationTimeout rowBudget sessions softEnd sql"
DAYS = "mon tue wed thu fri sat sun".split()
ML_DSA = bytes.fromhex("30820532300b06096086480165030403110382052100")
CERTIFICATE = "application/vnd.lockbox.gateway-certificate.v1+json"
LATE = datetime.timedelta(seconds=1)


class Unproven(Exception):
    pass


class Newer(Exception):
    """Of a version that this program does not know: not verified, and not false."""


def known(value, where):
    """The version of a document is 1; a later one is for a newer program."""
    if isinstance(value.get("v"), int) and value["v"] > 1:
        raise Newer(f"{where}: version {value['v']} needs a newer verifier; this one knows version 1")
    need(value["v"] == 1 and value["v"] is not True, where, "no version of it")
    return value


def need(holds, where, why="does not hold"):
    if not holds:
        raise Unproven(f"{where}: {why}")


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def b64(text):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "base64", "not its canonical spelling")
    return data


def write(value, depth=0):
    need(depth < 16 or not isinstance(value, (dict, list)), "JSON", "more than 16 levels")
    if isinstance(value, dict):
        return "{" + ",".join(f"{write(k)}:{write(value[k], depth + 1)}" for k in sorted(value, key=lambda k: k.encode("utf-16-be"))) + "}"
    if isinstance(value, list):
        return "[" + ",".join(write(item, depth + 1) for item in value) + "]"
    if isinstance(value, str):
        need(not BANNED.search(value), "text", "a banned character")
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
    need(value is not None and not isinstance(value, float), "JSON", "null or a fraction")
    need(isinstance(value, bool) or abs(value) < 2 ** 53, "JSON", "a number beyond 2^53 - 1")
    return json.dumps(value)


def canonical(value):
    return write(value).encode()


def read(data, where):
    value = json.loads(data.decode())
    need(canonical(value) == data, where, "not canonical")
    return value


def members(where, value, required, optional=""):
    need(set(required.split()) <= set(value) <= set((required + " " + optional).split()), where, "a missing or unknown member")
    return value


def instant(text):
    return datetime.datetime.fromisoformat(text)


def duration(text):
    d, h, m, s = re.fullmatch(r"PT(?:(\d+)D)?(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?", text).groups("0")
    return datetime.timedelta(days=int(d), hours=int(h), minutes=int(m), seconds=float(s))


# ---- log-entry.md: limits

def shift(text):
    """Days, minutes of the day from and to, and the zone, of `mon-fri 08:00-18:00 Europe/Berlin`."""
    days, h1, m1, h2, m2, zone = re.fullmatch(r"([a-z,-]+) ([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d) (\S+)", text).groups()
    on, start, end = set(), int(h1) * 60 + int(m1), int(h2) * 60 + int(m2)
    for part in days.split(","):
        first, last = part.split("-") if "-" in part else (part, part)
        on |= set(range(DAYS.index(first), DAYS.index(last) + 1))
    runs, left = [], sorted(on)
    while left:
        first = last = left.pop(0)
        while left and left[0] == last + 1:
            last = left.pop(0)
        runs.append(DAYS[first] if first == last else DAYS[first] + "-" + DAYS[last])
    need(",".join(runs) == days, "hours", "days that are not written in their only spelling")
    return on, start, end if end > start else end + 1440, zoneinfo.ZoneInfo(zone)


def within(inner, outer):
    a, b = shift(inner), shift(outer)
    return a[0] <= b[0] and b[1] <= a[1] and a[2] <= b[2] and a[3].key == b[3].key


def opens(text, at):
    days, start, end, zone = shift(text)
    today = at.astimezone(zone).date()
    for date in (today - datetime.timedelta(days=1), today):
        midnight = datetime.datetime.combine(date, datetime.time(), zone)
        if date.weekday() in days and (midnight + datetime.timedelta(minutes=start)).astimezone(datetime.timezone.utc) <= at \
                < (midnight + datetime.timedelta(minutes=end)).astimezone(datetime.timezone.utc):
            return True
    return False


def limits(where, t):
    for name, most in (("rowBudget", 2 ** 53 - 1), ("byteBudget", 2 ** 53 - 1), ("sessions", 1000)):
        need(1 <= t.get(name, 1) <= most, where, name)
    for name, least, most in (("operationTimeout", 1, 30 * 86400), ("idleTimeout", 1, 30 * 86400), ("softEnd", 0.001, 600)):
        need(least <= duration(t.get(name, "PT1S")).total_seconds() <= most, where, name)
    sql = members("sql", t.get("sql", {"profile": "expert"}), "", "profile statements tables")
    need(sql and sql.get("profile", "expert") == "expert", where, "profile")
    names(where, sql.get("tables", ["a"]), TABLE)
    need("statements" not in sql or 0 < len(sql["statements"]) <= 20 and len(set(sql["statements"])) == len(sql["statements"]), where, "statements")
    hours = t.get("hours", ["mon 00:00-00:00 UTC"])
    need(0 < len(hours) <= 10 and hours == sorted(set(hours)) and not any(a != b and within(a, b) for a in hours for b in hours), where, "hours")


def is_wider(g, r):
    of_g, of_r = g.get("sql", {}), r.get("sql", {})
    return (any(g.get(name, 2 ** 63) > r.get(name, 2 ** 63) for name in ("rowBudget", "byteBudget", "sessions"))
            or any(duration(g.get(name, "PT9999H")) > duration(r.get(name, "PT9999H")) for name in ("operationTimeout", "idleTimeout"))
            or any(name in of_r and not set(of_g.get(name, ["*"])) <= set(of_r[name]) for name in ("tables", "statements"))
            or any(not any(within(own, asked) for own in g.get("hours", [])) for asked in r.get("hours", []))
            or "profile" in of_g and "profile" not in of_r or duration(g.get("softEnd", "PT0S")) > duration(r.get("softEnd", "PT0S")))


def common(name, grants):
    lists = [set(g["sql"][name]) for g in grants if name in g.get("sql", {})]
    return not lists or set.intersection(*lists)


# ---- log-entry.md: operations and their outcomes

METHODS = "GET HEAD POST PUT PATCH DELETE OPTIONS OTHER".split()
STATUS = {"postgresql": "[0-9A-Z]{5}", "http": "[1-5][0-9]{2}",
          "ssh": "exit (0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])|signal [A-Z][A-Z0-9]{2,3}"}


def fits(where, pattern, text):
    need(isinstance(text, str) and re.fullmatch(pattern, text), where, f"not as it is written: {text}")


def count(where, value, least=0):
    need(type(value) is int and value >= least, where, f"not a whole number from {least} on: {value}")


ANY = '[^"\t\n\U00010000-\U0010ffff]'
PLAIN, MARKED = "[a-z_][a-z0-9_]*", f'"(?![a-z_][a-z0-9_]*"(?!"))(?:{ANY}|"")+"'
TABLE = rf"(?=(?:.|\n){{1,257}}\Z)(?:{PLAIN}|{MARKED})(?:\.(?:{PLAIN}|{MARKED}))?"


def names(where, value, like):
    need(isinstance(value, list) and 0 < len(value) <= 200 and all(isinstance(name, str) for name in value) and value == sorted(set(value)), where, "not names, sorted, each once")
    for name in value:
        fits(where, like, name)


def read_off(protocol, facts, n, refused):
    """What the gateway read off operation n: one closed set of members for each protocol."""
    member = {"postgresql": "sql"}.get(protocol, protocol)
    f = members("facts", facts, member)[member]
    if member == "sql":
        members("sql", f, "class", "columns functions preparedBy tables")
        need(isinstance(f["class"], list) and 1 <= len(f["class"]) <= 16, "sql", "class")
        for word in f["class"]:
            fits("class", "[a-z][a-z-]{0,31}", word)
        count("columns", f.get("columns", 1), 1)
        count("preparedBy", f.get("preparedBy", 0))
        need(f.get("preparedBy", -1) < n, "preparedBy", "not an earlier operation of the session")
        for group, listed in (("functions", "names"), ("tables", "reads writes")):
            some = members(group, f.get(group, {"others": 1}), "", listed + " others")
            need(some, group, "left out when there are none")
            count(group, some.get("others", 1), 1)
            for name in set(some) - {"others"}:
                names(group, some[name], TABLE if group == "tables" else "[a-z_][a-z0-9_.$]{0,126}")
    elif member == "http":
        members("http", f, "method", "route")
        need(f["method"] in METHODS and ("route" in f or refused), "http", "a method that is not listed, or no route and not refused")
        fits("route", r"(?=.{1,64}$)[a-z][a-z0-9]*([.-][a-z0-9]+){0,7}", f.get("route", "a"))
    else:
        members("ssh", f, "channel", "command path")
        need(f["channel"] in ("exec", "forward", "sftp", "shell"), "ssh", "channel")
        for name in ("command", "path"):
            fits(name, "[a-z][a-z0-9-]{0,31}", f.get(name, "a"))


# ---- policy.md: what a tenant has decided beforehand

MY_TICKETS = {"purposes": ["customer_ticket"], "level": {"atMost": "masked"}, "duration": {"atMost": "PT4H"}, "profile": "guarded",
              "requester": {"kinds": ["human"]}, "ownTicket": True}
MODES = {"never": [{"id": "never", "deny": {}}], "ask": [], "auto-for-my-tickets": [{"id": "auto-for-my-tickets", "match": MY_TICKETS, "approve": {}}],
         "notify-only": [{"id": "notify-only", "approve": {}}]}


def well_formed(p):
    members("policy", p, "", "absences escalation groups mode rules ticketKeys")
    need(("mode" in p) != ("rules" in p) and p.get("mode", "ask") in MODES, "policy", "neither a mode nor rules")
    rules, groups = p.get("rules", []), p.get("groups", {})
    need(len({r["id"] for r in rules}) == len(rules) and not {r["id"] for r in rules} & {"default", "access-off", "audit-only"}, "policy", "ids of rules")
    for r in rules:
        members("rule", r, "id says", "approve ask deny match when")
        need(sum(name in r for name in ("approve", "ask", "deny")) == 1 and 0 < len(r["says"]) <= 300, "rule")
        m = members("match", r.get("match", {}), "", "duration hours level ownTicket profile purposes requester resources")
        members("level", m.get("level", {}), "", "atLeast atMost")
        members("requester", m.get("requester", {}), "", "countries employers kinds")
        need(m.get("ownTicket", True) is True and all(m.get(name, ["x"]) for name in ("purposes", "resources")), "match")
        members("deny", r.get("deny", {}), "")
        members("approve", r.get("approve", {}), "", "duration hours level rows")
        ask = members("ask", r.get("ask", {}), "", "approvers atLeast quorum respondWithin")
        named = [m["group"] for m in ask.get("atLeast", [])] + [ask[name] for name in ("approvers",) if name in ask]
        need(1 <= ask.get("quorum", 1) <= 100 and set(named) <= set(groups), "ask", "a group that there is not")
    need("escalation" not in p or members("escalation", p["escalation"], "after group")["group"] in groups, "escalation")
    for a in p.get("absences", []):
        members("absence", a, "notAfter notBefore of standIn")
    for t in p.get("ticketKeys", []):
        enrolled(members("ticket key", t, "holder key")["key"])
    return p


# ---- bundle.md: the zip file

def zip_files(data):
    files, directory, at = {}, b"", 0
    while data[at:at + 4] == b"PK\x03\x04":
        size, length = struct.unpack("<I", data[at + 18:at + 22])[0], struct.unpack("<H", data[at + 26:at + 28])[0]
        name, body = data[at + 30:at + 30 + length], data[at + 30 + length:at + 30 + length + size]
        need(not files or name > max(files), name, "out of order")
        common = struct.pack("<5H3I2H", 20, 0, 0, 0, 0x21, zlib.crc32(body), size, size, length, 0)
        need(data[at:at + 30] == b"PK\x03\x04" + common, name, "not stored as bundle.md says")
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<3H2I", 0, 0, 0, 0, at) + name
        files[name] = body
        at += 30 + length + size
    end = struct.pack("<4H2IH", 0, 0, len(files), len(files), len(directory), at, 0)
    need(data[at:] == directory + b"PK\x05\x06" + end, "zip directory", "not as it is written")
    return {name.decode(): body for name, body in files.items()}


def lines(files, name):
    *rows, rest = files[name].split(b"\n")
    need(rest == b"", name, "its last line does not end")
    return rows


# ---- signatures.md

def typed(envelope, name, where):
    """The payload type is that of this name; of a later version of it, a newer program knows."""
    later = re.fullmatch(rf"application/vnd\.lockbox\.{name}\.v([1-9][0-9]{{0,8}})\+json", envelope["payloadType"])
    need(later, where, "another kind of statement")
    known({"v": int(later.group(1))}, where)


def pae(kind, payload):
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


def key_id(key):
    return sha(b64(key["spki"])).hex()


def on_curve(y):
    """The point with this Ed25519 encoding has prime order (section 3)."""
    p, q = 2 ** 255 - 19, 2 ** 252 + 27742317777372353535851937790883648493
    d, odd, y = -121665 * pow(121666, -1, p) % p, y >> 255, y & (2 ** 255 - 1)
    x2 = (y * y - 1) * pow(d * y * y + 1, -1, p) % p
    x = pow(x2, (p + 3) // 8, p)
    x = x if x * x % p == x2 else x * pow(2, (p - 1) // 4, p) % p
    if y >= p or x * x % p != x2 or (x == 0 and odd):
        return False
    x = x if x & 1 == odd else p - x

    def add(a, b):
        t = d * a[0] * b[0] * a[1] * b[1] % p
        return (a[0] * b[1] + a[1] * b[0]) * pow(1 + t, -1, p) % p, (a[1] * b[1] + a[0] * b[0]) * pow(1 - t, -1, p) % p
    total, base = (0, 1), (x, y)
    for bit in range(q.bit_length()):
        total, base = (add(total, base) if q >> bit & 1 else total), add(base, base)
    return total == (0, 1) and (x, y) != (0, 1)


def enrolled(key):
    spki = b64(key["spki"])
    if spki[:12] == ED25519 and len(spki) == 44:
        need(on_curve(int.from_bytes(spki[12:], "little")), "key", "not a point of prime order")
        need(key["scheme"] in ("ed25519", "webauthn", "sshsig"), "key", "of another scheme")
    else:
        need(spki[:27] == P256 and len(spki) == 91 and key["scheme"] in ("ecdsa-p256", "webauthn", "sshsig"), "key", "of no accepted form")
    need((key["scheme"] == "webauthn") == ("webauthn" in key), "key", "webauthn is there exactly for that scheme")
    need("application" not in key or key["scheme"] == "sshsig" and re.fullmatch("ssh:[!-~]{0,60}", key["application"]), "key", "not the application of an SSH key")
    return load_der_public_key(spki)


def direct(key):
    """A key of a gateway or of their authority."""
    need(key["scheme"] in ("ed25519", "ecdsa-p256"), "gateway", "a key that does not sign directly")
    enrolled(key)


def vkey_id(vkey):
    raw = b64(vkey.split("+", 2)[2])
    return sha(ML_DSA if raw[0] == 6 else ED25519, raw[1:]).hex()


def holds(key, signature, message):
    need(signature["scheme"] == key["scheme"], "signature", "of another scheme")
    public, sig = enrolled(key), b64(signature["sig"])
    if key["scheme"] == "webauthn":
        message = asserted(key["webauthn"], b64(signature["clientDataJSON"]), b64(signature["authenticatorData"]), message)
    elif key["scheme"] == "sshsig":
        message, sig = ssh_signed(b64(key["spki"]), key.get("application"), sig, message)
    try:
        if isinstance(public, ed25519.Ed25519PublicKey):
            public.verify(sig, message)
        else:
            public.verify(sig, message, ec.ECDSA(SHA256()))
        return True
    except InvalidSignature:
        return False


def asserted(key, client, authenticator, message):
    def once(pairs):
        need(len({k for k, _ in pairs}) == len(pairs), "passkey", "a member twice")
        return dict(pairs)
    data, flags = json.loads(client.decode(), object_pairs_hook=once), authenticator[32]
    challenge = base64.urlsafe_b64encode(sha(message)).decode().rstrip("=")
    need(data["type"] == "webauthn.get" and data["challenge"] == challenge and data["origin"] in key["origins"], "passkey")
    need(data.get("crossOrigin", False) is False and "topOrigin" not in data and len(authenticator) == 37, "passkey")
    need(authenticator[:32] == sha(key["rpId"].encode()) and flags & 0xE7 == 5 and (flags & 8 or not flags & 16), "passkey")
    need(bool(flags & 8) == key["backupEligible"], "passkey")
    return authenticator + sha(client)


def ssh_signed(spki, application, blob, message):
    """What an SSH key has signed, and its signature as the other schemes have it (section 6)."""
    def string(data):
        return struct.pack(">I", len(data)) + data

    def strings(data, count):
        found = []
        for _ in range(count):
            length = int.from_bytes(data[:4], "big")
            need(len(data) >= 4 + length, "SSH signature", "ends too early")
            found.append(data[4:4 + length])
            data = data[4 + length:]
        return *found, data
    ed = spki[:12] == ED25519
    name = b"ssh-ed25519" if ed else b"ecdsa-sha2-nistp256"
    if application is not None:
        name, application = b"sk-" + name + b"@openssh.com", application.encode()
    public = string(name) + (string(spki[12:]) if ed else string(b"nistp256") + string(spki[26:])) + (b"" if application is None else string(application))
    start = b"SSHSIG\0\0\0\1" + string(public) + string(b"lockbox@v1") + string(b"")
    need(blob.startswith(start), "SSH signature", "by another key, or for another use")
    digest, inner, after = strings(blob[len(start):], 2)
    named, sig, said = strings(inner, 2)
    need(digest in (b"sha256", b"sha512") and named == name and after == b"" and len(said) == (0 if application is None else 5), "SSH signature")
    signed = b"SSHSIG" + string(b"lockbox@v1") + string(b"") + string(digest) + string(hashlib.new(digest.decode(), message).digest())
    if application is not None:
        need(said[0] == 5, "SSH signature", "the security key did not verify its user")
        signed = sha(application) + said + sha(signed)
    if not ed:
        r, s, after = strings(sig, 2)
        need(after == b"" and len(r) <= 33 and len(s) <= 33, "SSH signature")
        pair = b"".join(bytes([2, len(number)]) + number for number in (r, s))
        sig = bytes([0x30, len(pair)]) + pair
    return signed, sig


# ---- log.md: checkpoint and joint proof

def log_key(vkey, kind, length, origin):
    name, ident, key = re.fullmatch(r"([^+\s]+)\+([0-9a-f]{8})\+(\S+)", vkey).groups()
    public = b64(key)
    need(name == origin and public[:1] == kind and len(public) == length + 1 and sha(name.encode(), b"\n", public)[:4].hex() == ident, "log.vkeys")
    return ident, public[1:]


def log_pair(vkeys, origin):
    """Key id, scheme and SPKI of the Ed25519 and the ML-DSA-44 key of a log."""
    need(len(vkeys) == 2, "log keys", "not two")
    spkis = ED25519 + log_key(vkeys[0], b"\x01", 32, origin)[1], ML_DSA + log_key(vkeys[1], b"\x06", 1312, origin)[1]
    enrolled({"scheme": "ed25519", "spki": base64.b64encode(spkis[0]).decode()})
    return [(sha(spki).hex(), scheme, spki) for spki, scheme in zip(spkis, ("ed25519", "ml-dsa-44"))]


def ml_dsa_holds(public, signature, message):
    """By openssl 3.5: python3-cryptography of today has no ML-DSA."""
    with tempfile.TemporaryDirectory() as d:
        for name, data in (("key", ML_DSA + public), ("sig", signature), ("message", message)):
            pathlib.Path(d, name).write_bytes(data)
        return subprocess.run("openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in message -sigfile sig".split(), cwd=d, capture_output=True).returncode == 0


def checkpoint(note, vkeys, origin):
    need(len(vkeys) == 2, "log.vkeys", "not two keys")
    (ed_id, ed), (ml_id, ml) = log_key(vkeys[0], b"\x01", 32, origin), log_key(vkeys[1], b"\x06", 1312, origin)
    text, signatures = note.decode().rsplit("\n\n", 1)
    at_origin, size, root = text.split("\n")
    need(at_origin == origin and re.fullmatch("[1-9][0-9]*", size) and signatures.endswith("\n"), "checkpoint.txt")
    named = bytes([len(origin.encode())]) + origin.encode()
    message = b"subtree/v1\n\0" + named + bytes(8) + named + bytes(8) + struct.pack(">Q", int(size)) + b64(root)
    key, signed = {"scheme": "ed25519", "spki": base64.b64encode(ED25519 + ed).decode()}, set()
    for line in signatures[:-1].split("\n"):
        dash, by, data = line.split(" ")
        need(dash == "\u2014", "checkpoint.txt")
        ident, sig = b64(data)[:4].hex(), b64(data)[4:]
        if by == origin and ident == ed_id:
            need(holds(key, {"scheme": "ed25519", "sig": base64.b64encode(sig).decode()}, (text + "\n").encode()), "checkpoint.txt", "a false signature")
            signed.add(ident)
        elif by == origin and ident == ml_id:
            need(sig[:8] == bytes(8) and ml_dsa_holds(ml, sig[8:], message), "checkpoint.txt", "a false ML-DSA signature")
            signed.add(ident)
    need(signed == {ed_id, ml_id}, "checkpoint.txt", "not signed by both keys of the log")
    return int(size), b64(root)


def joint_root(size, nodes, proof):
    need(max(nodes) < size, "entries", "more than the checkpoint covers")
    proof = iter(proof)
    while size > 1:
        above = {}
        for index in sorted(nodes):
            left = index & ~1
            if left // 2 in above:
                continue
            if left + 1 == size:
                above[left // 2] = nodes[index]
            else:
                pair = [nodes[i] if i in nodes else next(proof, b"") for i in (left, left + 1)]
                above[left // 2] = sha(b"\x01", *pair)
        nodes, size = above, (size + 1) // 2
    need(next(proof, None) is None, "proof.txt", "too long")
    return nodes[0]


# ---- log-entry.md: what the entries mean together

class Log:
    def __init__(self, genesis, manifest):
        self.genesis, self.tenant, self.origin, self.request = genesis, manifest["tenant"], manifest["origin"], manifest["request"]
        self.keys, self.quorum, self.last = {}, 0, None
        self.asked, self.approvals, self.grant, self.ended, self.epochs = None, [], None, None, 1
        self.sessions, self.counters, self.units, self.bytes = {}, {}, 0, 0
        self.texts, self.times, self.erasures, self.done, self.retention, self.settings_at = [], {}, [], set(), {}, 0
        self.log_pair, self.log_ids = genesis["logKeys"], {ident for ident, _, _ in log_pair(genesis["logKeys"], self.origin)}
        self.access, self.policy, self.policy_at, self.tickets = "enabled", {"mode": "ask"}, 0, []
        self.host, self.trusted, self.next = self.origin.rsplit("/t/", 1)[0], genesis["gatewayAuthority"], None
        self.revoked, self.witnesses = set(), set()

    def keyring(self, entry, raw, payload, message, signatures, at):
        old, new = dict(self.keys), payload["keys"] if entry["type"] == "genesis" else [payload["add"]] if "add" in payload else []
        if entry["type"] != "genesis":
            members("keyring", payload, "origin prev quorum tenant v", "add objectTo policy remove settings")
            kinds = [k for name, k in (("add", "key-add"), ("remove", "key-remove"), ("settings", "settings"), ("policy", "policy"), ("objectTo", "gateway-authority-object")) if name in payload]
            need(kinds == [entry["type"]], "keyring")
            if "settings" in payload:
                self.settings(payload["settings"])
                self.retention, self.settings_at = payload["settings"].get("retention", {}), entry["seq"]
                self.access = payload["settings"].get("access", "enabled")
                self.witnesses = {vkey_id(k) for name in ("witness", "ownWitness") for k in payload["settings"].get(name, {"keys": []})["keys"]}
            if "policy" in payload:
                self.policy, self.policy_at = well_formed(payload["policy"]), entry["seq"]
            if "objectTo" in payload:
                need(self.next and self.next["entry"] == payload["objectTo"] and at < self.next["takesEffect"], "objection", "to no change, or too late")
                self.next = None
            need(payload["prev"] == self.last and payload["origin"] == self.origin and payload["tenant"] == self.tenant, "keyring")
        for each in new:
            need(key_id(each["key"]) not in self.keys, "keyring", "a key twice")
            self.keys[key_id(each["key"])] = each
        for signature in signatures:
            need(signature["keyId"] in self.keys and holds(self.keys[signature["keyId"]]["key"], signature, message), "keyring", "a false or foreign signature")
        signers = [signature["keyId"] for signature in signatures]
        need(len(set(signers)) == len(signers) and all(key_id(each["key"]) in signers for each in new), "keyring", "not signed by every new key")
        need(len({old[s]["approver"] for s in signers if s in old}) >= self.quorum, "keyring", "not signed by a quorum")
        if "remove" in payload:
            need(self.keys.pop(payload["remove"], None), "keyring", "no such key")
        self.quorum, self.last = payload["quorum"], sha(raw).hex()
        need(not self.providers() & set(self.keys) and 1 <= self.quorum <= len({k["approver"] for k in self.keys.values()}), "keyring")

    # log-entry.md: which gateways may open sessions

    def providers(self):
        """The keys of the log and of the gateway authorities, which are nothing else."""
        authorities = [self.genesis["gatewayAuthority"], self.trusted] + ([self.next["authority"]] if self.next else [])
        return self.log_ids | {key_id(key) for key in authorities}

    def tenants(self):
        return set(self.keys) | self.witnesses | {key_id(t["key"]) for t in self.policy.get("ticketKeys", [])}

    def authority(self, at):
        return self.next["authority"] if self.next and at >= self.next["takesEffect"] else self.trusted

    def vouched(self, where, key, signatures, message):
        direct(key)
        need(any(s["keyId"] == key_id(key) and s["scheme"] == key["scheme"] and holds(key, s, message) for s in signatures), where, "not signed by the gateway authority")

    def gateway_revoke(self, payload, message, signatures, at):
        members("gateway-revoke", payload, "gateway key logHost reason v")
        need(payload["logHost"] == self.host and 1 <= len(payload["reason"]) <= 500, "gateway-revoke", "for another log host, or without a reason")
        self.vouched("gateway-revoke", self.authority(at), signatures, message)
        self.revoked.add(payload["key"])

    def gateway_authority(self, raw, payload, message, signatures, at):
        members("gateway-authority", payload, "authority logHost prev takesEffect v")
        old, new, effect = self.authority(at), payload["authority"], instant(payload["takesEffect"])
        need(payload["logHost"] == self.host and payload["prev"] == key_id(old) != key_id(new), "gateway-authority", "for another log host, or of another authority")
        for key in (old, new):
            self.vouched("gateway-authority", key, signatures, message)
        need(datetime.timedelta(hours=72) <= effect - at <= datetime.timedelta(days=30), "gateway-authority", "takes effect too early or too late")
        reserved = self.tenants() | {key_id(self.genesis["gatewayAuthority"])} | self.log_ids
        need(key_id(new) not in reserved, "gateway-authority", "a key that is something else")
        self.trusted, self.next = old, {"authority": new, "takesEffect": effect, "entry": sha(raw).hex()}

    def certified(self, b, gw, at):
        """The key of the certificate that a gateway shows."""
        envelope = members("certificate", members("certificate", b["certificate"], "envelope")["envelope"], "payload payloadType signatures")
        typed(envelope, "gateway-certificate", "certificate")
        c = members("certificate", known(read(b64(envelope["payload"]), "certificate"), "certificate"), "gateway key logHost notAfter notBefore resources v")
        need(c["gateway"] == gw["id"] and c["logHost"] == self.host, "certificate", "of another gateway, or for another log host")
        need(b["resource"] in c["resources"] and c["resources"] == sorted(set(c["resources"])) and len(c["resources"]) <= 100, "certificate", "for another resource")
        need(instant(c["notBefore"]) <= at < instant(c["notAfter"]) <= instant(c["notBefore"]) + datetime.timedelta(days=400), "certificate", "not valid at this time")
        direct(c["key"])
        need(key_id(c["key"]) not in self.revoked, "certificate", "its key was revoked")
        need(key_id(c["key"]) not in self.providers() | self.tenants(), "certificate", "its key is something else")
        self.vouched("certificate", self.authority(at), envelope["signatures"], pae(CERTIFICATE, b64(envelope["payload"])))
        return c["key"]

    def log_keys(self, entry, raw, payload, message, signatures):
        """log.md, section 5: the old pair hands over to a new one, and both sign."""
        members("log-keys", payload, "logKeys origin prev tenant v")
        need(payload["prev"] == self.last and payload["origin"] == self.origin and payload["tenant"] == self.tenant, "log-keys", "does not follow the keyring entry before it")
        old, new = log_pair(self.log_pair, self.origin), log_pair(payload["logKeys"], self.origin)
        taken = self.providers() | self.tenants()
        need(not {ident for ident, _, _ in new} & taken, "log-keys", "a new log key that is or was one of this log, or is somebody else's")
        need(len(signatures) == 4, "log-keys", "not signed by exactly the two old log keys and the two new ones")
        for (ident, scheme, spki), s in zip(old + new, signatures):
            members("signature", s, "keyId scheme sig")
            need(s["keyId"] == ident and s["scheme"] == scheme, "log-keys", "signed by another key")
            need(ml_dsa_holds(spki[22:], b64(s["sig"]), message) if scheme == "ml-dsa-44" else
                 holds({"scheme": scheme, "spki": base64.b64encode(spki).decode()}, s, message), "log-keys", "a false signature")
        self.log_pair = payload["logKeys"]
        self.log_ids |= {ident for ident, _, _ in new}
        print(f"entry {entry['seq']}: the provider replaced the keys of the log")

    def settings(self, s):
        members("settings", s, "", "access maxUnwitnessed ownWitness retention witness")
        need(s.get("access", "off") in ("audit-only", "off"), "settings", "access")
        need(("witness" in s) == ("maxUnwitnessed" in s) and 10 <= duration(s.get("maxUnwitnessed", "PT1M")).total_seconds() <= 86400, "settings")
        for name in ("witness", "ownWitness"):
            policy = members(name, s.get(name, {"keys": [], "quorum": 1}), "keys quorum")
            names = {re.fullmatch(r"([^+\s]+)\+[0-9a-f]{8}\+\S+", k).group(1) for k in policy["keys"]}
            need(policy["keys"] == sorted(set(policy["keys"])) and len(policy["keys"]) <= 20, name, "not sorted, or too many")
            need(name not in s or 1 <= policy["quorum"] <= (len(names) if name == "witness" else len(names) == 1), name, "a quorum that cannot be")
        retention = s.get("retention", {"name": "PT1H"})
        need(retention and set(retention) <= {"input", "name", "operation", "reason"}, "retention")
        need(all(3600 <= duration(d).total_seconds() <= 36525 * 86400 for d in retention.values()), "retention")

    def requested(self, body, entry, raw, at):
        r = members("request", body["request"], "assurance decideBy duration engineer id level purpose quorum reason resource tenant ticket",
                    "extends notBefore providerReview " + LIMITS)
        need(not self.asked and r["id"] == self.request and r["tenant"] == self.tenant, "request")
        need(instant(r["decideBy"]) <= at + datetime.timedelta(days=30), "request", "waits for more than 30 days")
        self.asked, self.ref = r, {"assurance": r["assurance"], "id": r["id"], "index": entry["seq"], "sha256": sha(raw).hex()}
        need(r["assurance"] in ("gated", "checked", "granted"), "request", "assurance")
        who = members("engineer", r["engineer"], "id key name sources", "country employer kind responsible")
        need(set(who) - {"id", "key", "sources"} == set(who["sources"]) and who.get("kind", "human") in ("human", "agent"), "engineer")
        need(re.fullmatch("[A-Z]{2}", who.get("country", "DE")), "engineer", "a country that cannot be")
        need((who.get("kind") == "agent") == ("responsible" in who) and who["id"] != who.get("responsible"), "engineer", "nobody answers for it")
        need(all(re.fullmatch("directory|issuer:[a-z][a-z0-9-]{0,39}", s) for s in who["sources"].values()), "engineer", "a fact of no source")
        self.theirs = {who["id"], who.get("responsible")}
        self.reviewed, self.over = not r.get("providerReview"), False
        limits("request", r)
        self.asked_at, ask = at, self.ruling(at)[2].get("ask", {"quorum": self.quorum})
        need(r["quorum"] == ask.get("quorum", 1), "request", "asks for other than as many approvers as the policy")
        need(instant(r["decideBy"]) <= at + duration(ask.get("respondWithin", "PT720H")), "request", "waits longer than the policy says")

    def ruling(self, at):
        """Which entry, which rule of it, and what it does with the request at this time."""
        if self.access != "enabled":
            return self.settings_at, *{"off": ("access-off", {"deny": {}}), "audit-only": ("audit-only", {"approve": {}})}[self.access]
        ask, unsure = (self.policy_at, "default", {"ask": {"quorum": self.quorum}}), False
        for rule in MODES[self.policy["mode"]] if "mode" in self.policy else self.policy["rules"]:
            matches = self.matches(rule.get("match", {}), at)
            if matches:
                need("when" not in rule, "policy", f"rule {rule['id']} has a CEL condition, which is not recomputed here: use `lockbox verify`")
                return ask if unsure and "approve" in rule else (self.policy_at, rule["id"], rule)
            unsure = unsure or matches is None
        return ask

    def matches(self, m, at):
        """Whether the rule is about the request; None where that depends on a fact of the engineer that is not known."""
        def among(items, value):
            return not items or value in items
        r, who, level = self.asked, m.get("requester", {}), m.get("level", {})
        lists = [(who.get(plural), r["engineer"].get(name)) for plural, name in (("kinds", "kind"), ("countries", "country"), ("employers", "employer"))]
        holds = (among(m.get("purposes"), r["purpose"]) and among(m.get("resources"), r["resource"])
                and LEVELS.index(level.get("atLeast", "metadata")) <= LEVELS.index(r["level"]) <= LEVELS.index(level.get("atMost", "write"))
                and ("duration" not in m or duration(r["duration"]) <= duration(m["duration"]["atMost"]))
                and ("hours" not in m or opens(m["hours"], self.start(at))) and m.get("profile", r.get("sql", {}).get("profile", "guarded")) == r.get("sql", {}).get("profile", "guarded")
                and ("ownTicket" not in m or self.own_ticket(self.start(at))) and not any(items and fact and fact not in items for items, fact in lists))
        return None if holds and any(items and not fact for items, fact in lists) else holds

    def start(self, at):
        return max(at, instant(self.asked["notBefore"])) if "notBefore" in self.asked else at

    def own_ticket(self, at):
        return any(t["ticket"] == self.asked["ticket"] and at < instant(t["notAfter"]) and self.ticket_key(key, t["by"]) for key, t in self.tickets)

    def ticket_key(self, ident, by):
        held = [t["key"] for t in self.policy.get("ticketKeys", []) if key_id(t["key"]) == ident and t["holder"] == by]
        known = self.keys.get(ident)
        return known["key"] if known and known["approver"] == by else held[0] if held else None

    def ticket(self, payload, message, signatures):
        members("ticket", payload, "by notAfter origin tenant ticket v")
        need(payload["tenant"] == self.tenant and payload["origin"] == self.origin and len(signatures) == 1, "ticket", "for another log")
        key = self.ticket_key(signatures[0]["keyId"], payload["by"])
        need(key and holds(key, signatures[0], message), "ticket", "not signed by who may sign for tickets")
        self.tickets.append((signatures[0]["keyId"], payload))

    def group(self, name, at):
        listed = self.policy["groups"][name]
        return set(listed) | {a["standIn"] for a in self.policy.get("absences", []) if a["of"] in listed and instant(a["notBefore"]) <= at < instant(a["notAfter"])}

    def people(self, ask, at):
        """Whose approval counts."""
        if "approvers" not in ask:
            return {key["approver"] for key in self.keys.values()}
        names, step = [ask["approvers"]] + [m["group"] for m in ask.get("atLeast", [])], self.policy.get("escalation")
        return set().union(*(self.group(n, at) for n in names + ([step["group"]] if step and at >= self.asked_at + duration(step["after"]) else [])))

    def automatic(self, b, at):
        members("auto", b, "policy request rule", "grant")
        need(self.asked and b["request"] == self.request and not self.grant and not self.over and at < instant(self.asked["decideBy"]), "auto", "too late")
        entry, rule, effect = self.ruling(at)
        need([b["policy"], b["rule"]] == [entry, rule] and "ask" not in effect and ("approve" in effect) == ("grant" in b), "auto", "the policy does not say so")
        if "deny" in effect:
            self.over = True
            return
        r, g, caps = self.asked, b["grant"], effect["approve"]
        members("grant", g, "level notAfter notBefore", LIMITS)
        want = {name: r[name] for name in LIMITS.split() if name in r}
        want["level"] = min(r["level"], caps.get("level", "write"), key=LEVELS.index)
        want.update({"rowBudget": min(caps["rows"], r.get("rowBudget", caps["rows"]))} if "rows" in caps else {})
        hours = set(r.get("hours", [])) | {caps[name] for name in ("hours",) if name in caps}
        want.update({"hours": sorted(a for a in hours if not any(a != c and within(c, a) for c in hours))} if hours else {})
        length = min(duration(r["duration"]), duration(caps.get("duration", r["duration"])))
        need(self.reviewed and {k: v for k, v in g.items() if not k.startswith("not")} == want, "auto", "the rule does not give this grant")
        need(instant(g["notBefore"]) == self.start(at) and instant(g["notAfter"]) == self.start(at) + length, "auto", "the rule does not give this time")
        self.grant = {"start": self.start(at), "end": self.start(at) + length, "level": LEVELS.index(g["level"]), "hours": set(g.get("hours", [])),
                      **{name: g.get(name, 2 ** 63) for name in ("rowBudget", "byteBudget", "sessions")}}

    def commits(self, entry, b):
        if entry["type"] == "request":
            self.texts += [(entry["seq"], "name", b["request"]["engineer"]["name"]), (entry["seq"], "reason", b["request"]["reason"])]
            self.texts += [(entry["seq"], "operation", text) for text in b["request"].get("sql", {}).get("statements", [])]
        elif entry["type"] == "part" and "text" in b:
            self.texts += [(entry["seq"], "input" if b["direction"] == "in" else "operation", b["text"])]
        elif entry["type"] == "operation":
            members("operation", b, "facts kind n session text", "input refused")
            self.texts += [(entry["seq"], "operation", b["text"])] + [(entry["seq"], "input", b.get("input"))] * ("input" in b)

    def erased(self, entry, payload, message, signatures, at):
        members("erasure", payload, "nonce notAfter origin reason tenant v", "all entries")
        indices, signers = payload.get("entries"), [signature["keyId"] for signature in signatures]
        need(payload["tenant"] == self.tenant and payload["origin"] == self.origin and at < instant(payload["notAfter"]), "erasure", "for another log, or too late")
        need(("all" in payload) != ("entries" in payload) and payload.get("all", True) is True, "erasure")
        need(indices is None or indices and indices == sorted(set(indices)) and 0 <= indices[0] and indices[-1] < entry["seq"], "erasure", "of entries that there are not")
        need(len(set(signers)) == len(signers) and all(s["keyId"] in self.keys and holds(self.keys[s["keyId"]]["key"], s, message) for s in signatures), "erasure", "a false or foreign signature")
        people = sorted({self.keys[s]["approver"] for s in signers})
        need(len(people) >= (self.quorum if indices is None else 1) and message not in self.done, "erasure", "not signed by a quorum, or carried out before")
        self.done.add(message)
        self.erasures.append((entry["seq"], at, ", ".join(people), payload["reason"], lambda seq, kind: indices is None or seq in indices))

    def expired(self, entry, b, at):
        r = members("retention", b["retention"], "before settings")
        kept, before = self.retention, members("before", r["before"], "", "input name operation reason")
        need(before and r["settings"] == self.settings_at and all(k in kept and 0 < n <= entry["seq"] for k, n in before.items()), "retention", "not by the settings in force")
        need(all(self.times[seq] + duration(kept[kind]) <= at for seq, kind, _ in self.texts if seq < before.get(kind, 0)), "retention", "a text before its time")
        self.erasures.append((entry["seq"], at, "the retention period", f"settings of entry {r['settings']}", lambda seq, kind: seq < before.get(kind, 0)))

    def gone(self, shown):
        for seq, kind, commitment in self.texts:
            for own, at, by, why, covers in self.erasures:
                if seq < own and covers(seq, kind):
                    need(commitment not in shown, "texts.jsonl", f"the {kind} of entry {seq} is still shown, although entry {own} erased it")
                    print(f"entry {seq}: {kind} erased on {at.isoformat()} by {by} (entry {own}: {why})")
                    break

    def signed(self, payload, message, signatures):
        need(self.asked and payload["tenant"] == self.tenant and payload["origin"] == self.origin and payload["request"] == self.ref, "decision", "for another request")
        need(len(signatures) == 1, "decision", "not exactly one signature")
        key = self.keys.get(signatures[0]["keyId"])
        need(key and key["approver"] == payload["approver"], "decision", "not a key of the approver it names")
        need(holds(key["key"], signatures[0], message), "decision", "a false signature")

    def decided(self, payload, signatures, at):
        members("decision", payload, "approver decision nonce origin request tenant v", "comment grant")
        r, who, g = self.asked, payload["approver"], payload.get("grant")
        need(not self.over and not self.grant and at < instant(r["decideBy"]), "decision", "too late")
        need(payload["decision"] in ("approve", "deny") and (payload["decision"] == "approve") == (g is not None), "decision")
        if payload["decision"] == "deny":
            self.over = True
            return
        need(who not in self.theirs and signatures[0]["keyId"] != key_id(r["engineer"]["key"]), "decision", "by the requester's side")
        members("grant", g, "level notAfter notBefore", "duration " + LIMITS)
        start, end = instant(g["notBefore"]), instant(g["notAfter"])
        length, asked = duration(g["duration"]) if "duration" in g else end - start, duration(r["duration"])
        latest = max(instant(r["decideBy"]), instant(r.get("notBefore", r["decideBy"]))) + asked
        need(self.reviewed and who not in [a["who"] for a in self.approvals] and start < end, "decision", "not to be counted")
        limits("grant", g)
        need(LEVELS.index(g["level"]) <= LEVELS.index(r["level"]) and not is_wider(g, r), "decision", "wider than asked")
        need(length <= asked and end <= latest and (r["quorum"] > 1 or end - start <= asked) and start >= instant(r.get("notBefore", g["notBefore"])), "decision", "longer than asked")
        self.approvals.append({"who": who, "key": signatures[0]["keyId"], "grant": g, "start": start, "end": end, "length": length})
        effect = self.ruling(at)[2]
        need("deny" not in effect, "decision", "the policy denies this, whoever signs")
        ask = effect.get("ask", {"quorum": self.quorum})
        need(who in self.people(ask, at), "decision", "the policy asks other approvers")
        counted = [a for a in self.approvals if a["key"] in self.keys and a["who"] in self.people(ask, at)]
        shares = all(sum(a["who"] in self.group(m["group"], at) for a in counted) >= m["count"] for m in ask.get("atLeast", []))
        if shares and len(counted) >= max(r["quorum"], ask.get("quorum", 1)):
            begin = max([at] + [a["start"] for a in counted])
            self.grant = {"start": begin, "end": min(min(a["end"], begin + a["length"]) for a in counted),
                          "level": min(LEVELS.index(a["grant"]["level"]) for a in counted), "hours": {h for a in counted for h in a["grant"].get("hours", [])},
                          **{name: min(a["grant"].get(name, 2 ** 63) for a in counted) for name in ("rowBudget", "byteBudget", "sessions")}}
            need(self.grant["start"] < self.grant["end"] and all(common(name, [a["grant"] for a in counted]) for name in ("tables", "statements")), "decision", "nothing is left of it")

    def gateway(self, entry, gw, at):
        """The key with which it has signed, if it has."""
        run = (gw["id"], gw["boot"])
        need(gw["seq"] > self.counters.get(run, -1), "gateway", "its counter does not go up")
        self.counters[run] = gw["seq"]
        if entry["type"] in ("session-open", "session-close"):
            b = entry["body"]
            key = self.certified(b, gw, at) if entry["type"] == "session-open" else self.sessions[b["session"]]["key"]
            need(key_id(key) not in self.revoked, "gateway", "its key was revoked")
            unsigned = {k: v for k, v in gw.items() if k != "sig"}
            message = pae("application/vnd.lockbox.gateway.v1+json", canonical({"body": entry["body"], "gw": unsigned, "tenant": self.tenant, "type": entry["type"]}))
            need(holds(key, {"scheme": key["scheme"], "sig": gw["sig"]}, message), "gateway", "not signed with the key that it was certified for")
            return key

    def opened(self, b, run, at, key):
        members("session-open", b, "catalogue certificate client connect engineer expires level protocol request resource session")
        g, r, envelope = self.grant, self.asked, b["connect"]["envelope"]
        need(g and b["request"] == self.request, "session", "without a decision in force")
        need(g["start"] <= at < g["end"] + LATE and (not self.ended or at <= self.ended + LATE), "session", "outside the granted time")
        need(any(all(opens(h, t) for h in g["hours"]) for t in (at, at - LATE)), "session", "outside the granted hours")
        need(sum(not s["closed"] and not s["lost"] for s in self.sessions.values()) < g["sessions"], "session", "more at once than the approvers allowed")
        need(b["engineer"] == r["engineer"]["id"] and b["resource"] == r["resource"] and b["session"] not in self.sessions, "session")
        need(LEVELS.index(b["level"]) <= g["level"] and instant(b["expires"]) <= g["end"], "session", "with more than the approvers allowed")
        typed(envelope, "connect", "connect")
        c = members("connect", known(read(b64(envelope["payload"]), "connect"), "connect"), "engineer nonce notAfter notBefore request resource tenant user v", "key scram token")
        need({"key", "scram", "token"} & set(c) == {{"http": "token", "ssh": "key"}.get(b["protocol"], "scram")}, "connect", "not with the one credential of the protocol")
        need(c.get("key", key_id(r["engineer"]["key"])) == key_id(r["engineer"]["key"]), "connect", "another key than the request names")
        fits("token", "[0-9a-f]{64}", c.get("token", "0" * 64))
        need([c["engineer"], c["request"], c["resource"], c["tenant"], c["v"]] == [b["engineer"], self.request, b["resource"], self.tenant, 1], "connect")
        need(instant(c["notBefore"]) <= at < instant(c["notAfter"]) + LATE and instant(c["notAfter"]) <= g["end"], "connect", "not in force")
        need(instant(c["notAfter"]) - instant(c["notBefore"]) <= datetime.timedelta(hours=12), "connect", "for more than 12 hours")
        message, [signature] = pae("application/vnd.lockbox.connect.v1+json", b64(envelope["payload"])), envelope["signatures"]
        need(signature["keyId"] == key_id(r["engineer"]["key"]) and holds(r["engineer"]["key"], signature, message), "connect", "not signed by the engineer")
        need(b["protocol"] in STATUS, "session", "of a protocol that there is not")
        self.sessions[b["session"]] = {"run": run, "key": key, "protocol": b["protocol"], "n": 0, "outcomes": set(), "parts": {}, "units": 0, "bytes": 0, "chain": sha(b["session"].encode()), "closed": False, "over": False, "lost": False}

    def session(self, kind, b, run):
        s = self.sessions.get(b["session"])
        need(s and not s["over"] and (kind == "session-lost" or s["run"] == run), kind, "not in an open session of this gateway")
        need(not s["closed"] or kind == "session-close", kind, "after the end of its session")
        if kind == "operation":
            need(b["n"] == s["n"], kind, "one before it is missing")
            for word in (b["kind"], b.get("refused", "a")):
                fits(kind, "[a-z][a-z-]{0,31}", word)
            read_off(s["protocol"], b["facts"], b["n"], "refused" in b)
            s["n"] += 1
        elif kind == "part":
            members(kind, b, "bytes digest direction n part session", "text")
            need(b["n"] < s["n"] and b["n"] not in s["outcomes"], kind, "without its operation, or after its outcome")
            count("bytes", b["bytes"], 1)
            for name in ("digest", "text"):
                fits(name, "[0-9a-f]{64}", b.get(name, "0" * 64))
            need(b["direction"] in ("in", "out"), kind, "direction")
            need(b["part"] == s["parts"].get((b["n"], b["direction"]), 0), kind, "one before it is missing")
            s["parts"][b["n"], b["direction"]] = b["part"] + 1
        elif kind == "outcome":
            members(kind, b, "bytes n session status units", "changed result")
            need(b["n"] < s["n"] and b["n"] not in s["outcomes"], kind, "without its operation, or twice")
            fits(kind, STATUS[s["protocol"]], b["status"])
            for name in ("bytes", "n", "units"):
                count(name, b[name])
            count("changed", b.get("changed", 1), 1)
            need("result" not in b or (b["units"] and re.fullmatch("[0-9a-f]{64}", b["result"])), kind, "a result without units, or none of 64 digits")
            s["outcomes"].add(b["n"])
            s["units"], s["bytes"], self.units, self.bytes = s["units"] + b["units"], s["bytes"] + b["bytes"], self.units + b["units"], self.bytes + b["bytes"]
            need(self.units <= self.grant["rowBudget"] and self.bytes <= self.grant["byteBudget"], kind, "more rows or bytes than the approvers allowed")
        elif kind == "session-close":
            need([b["operations"], b["units"], b["bytes"], b["chain"]] == [s["n"], s["units"], s["bytes"], s["chain"].hex()], kind, "false totals or chain")
            s["closed"], s["over"] = True, b["released"]
        elif kind == "session-lost":
            need(not s["lost"], kind, "twice")
            s["lost"] = True
        if kind in ("operation", "part", "outcome"):
            s["chain"] = sha(s["chain"], sha(canonical(b)))

    def take(self, entry, raw):
        kind, b, gw = entry["type"], entry["body"], entry.get("gw")
        at = datetime.datetime.fromtimestamp(entry["ts"] / 1000, datetime.timezone.utc)
        run = (gw["id"], gw["boot"]) if gw else None
        self.commits(entry, b)
        self.times[entry["seq"]] = at
        need((gw is not None) == (kind in ("session-open", "operation", "part", "outcome", "session-close", "removal-failed")), kind, "a gateway's mark is missing or too much")
        if gw:
            members("gw", gw, "boot id seq sig" if kind in ("session-open", "session-close") else "boot id seq")
            key = self.gateway(entry, gw, at)
        if "envelope" in b:
            envelope, name = members("envelope", b["envelope"], "payload payloadType signatures"), {"key-add": "keyring", "key-remove": "keyring", "settings": "keyring", "policy": "keyring", "gateway-authority-object": "keyring", "gateway-revoke": "gateway-revocation", "revoke": "revocation", "erased": "erasure"}.get(kind, kind)
            typed(envelope, name, kind)
            payload = known(read(b64(envelope["payload"]), kind), kind)
            message, signatures = pae(envelope["payloadType"], b64(envelope["payload"])), envelope["signatures"]
            if kind == "log-keys":
                self.log_keys(entry, raw, payload, message, signatures)
                return
            if name in ("genesis", "keyring"):
                self.keyring(entry, raw, payload, message, signatures, at)
                if self.access == "off" and self.grant:
                    self.ended = self.ended or at
                return
            if kind == "gateway-revoke":
                self.gateway_revoke(payload, message, signatures, at)
                return
            if kind == "gateway-authority":
                self.gateway_authority(raw, payload, message, signatures, at)
                return
            if kind == "ticket":
                self.ticket(payload, message, signatures)
                return
            if kind == "erased":
                self.erased(entry, payload, message, signatures, at)
                return
            self.signed(payload, message, signatures)
            if kind == "decision":
                self.decided(payload, signatures, at)
            else:
                need(self.grant, kind, "there is no grant")
                self.ended = self.ended or at
        elif kind == "request":
            self.requested(b, entry, raw, at)
        elif kind == "auto":
            self.automatic(b, at)
        elif kind in ("review", "withdraw", "lapse", "end"):
            need(self.asked and b["request"] == self.request, kind, "of another request")
            if kind == "review":
                need(not self.reviewed and b["reviewer"] not in self.theirs and not self.over and at < instant(self.asked["decideBy"]), kind)
                self.reviewed, self.over = b["verdict"] == "approve", b["verdict"] == "reject"
                self.theirs.add(b["reviewer"])
            elif kind == "end":
                need(self.grant and (b["reason"] != "expired" or self.ended or at >= self.grant["end"]), kind, "there is no grant, or it is not over")
                self.ended = self.ended or at
            else:
                need(not self.grant and not self.over and (at >= instant(self.asked["decideBy"])) == (kind == "lapse"), kind)
                self.over = True
        elif kind == "session-open":
            self.opened(b, run, at, key)
        elif kind == "erased":
            self.expired(entry, members(kind, b, "retention"), at)
        elif kind == "recovery":
            members(kind, b, "lostRoot lostSize reason", "epochs")
            if "epochs" in b:
                need(b["epochs"] > self.epochs, kind, "the epoch log goes on under a name that it had before")
                self.epochs = b["epochs"]
                print(f"entry {entry['seq']}: LOST EPOCHS: had been signed with {b['lostSize']}, went on as generation {b['epochs']}: {b['reason']}")
            else:
                print(f"entry {entry['seq']}: LOST ENTRIES: had been signed with {b['lostSize']}, went on from {entry['seq']}: {b['reason']}")
        elif kind == "removal-failed":
            need(b["request"] == self.request and b["session"] in self.sessions, kind)
        else:
            self.session(kind, b, run)


def verify(data, pin):
    files = zip_files(data)
    manifest = members("MANIFEST.json", known(read(files["MANIFEST.json"], "MANIFEST.json"), "MANIFEST.json"), "files origin pin request tenant v")
    need(manifest["files"] == {n: sha(f).hex() for n, f in files.items() if n != "MANIFEST.json"}, "MANIFEST.json", "a file is not the one it lists")
    names = [f"entries/{n:06}.jsonl" for n in range(len([n for n in files if n.startswith("entries/")]))]
    need(set(names) | set("MANIFEST.json README.txt checkpoint.txt log.vkeys proof.txt texts.jsonl verify.html verify.sh".split()) == set(files), "bundle", "a file is missing or too much")
    rows = [row for name in names for row in lines(files, name)]
    need(all(len(lines(files, name)) == 256 for name in names[:-1]) and 1 <= len(lines(files, names[-1])) <= 256, "entries", "not 256 to a file")
    need(sha(rows[0]).hex() == pin == manifest["pin"], "pin", "the log begins with another genesis than the one pinned")
    entries = [read(row, f"entry line {i}") for i, row in enumerate(rows)]
    for before, entry in zip([{"seq": -1}] + entries, entries):
        members(f"entry {entry['seq']}", known(entry, f"entry {entry['seq']}"), "body origin seq ts type v", "gw")
        need(entry["origin"] == manifest["origin"] and entry["seq"] > before["seq"] and entry["type"] in TYPES, f"entry {entry['seq']}", "out of order, of another log or of an unknown kind")
    need(entries[0]["seq"] == 0 and entries[0]["type"] == "genesis", "entry 0", "no genesis")
    typed(entries[0]["body"]["envelope"], "genesis", "genesis")
    genesis = members("genesis", known(read(b64(entries[0]["body"]["envelope"]["payload"]), "genesis"), "genesis"), "gatewayAuthority keys logKeys name origin quorum slot tenant v")
    need(genesis["origin"] == manifest["origin"] and genesis["tenant"] == manifest["tenant"], "entry 0", "of another log")
    direct(genesis["gatewayAuthority"])
    # the checkpoint covers every entry, so its keys are those that the last entry about them names; whether it may is checked below
    rotations = [e for e in entries if e["type"] == "log-keys"]
    vkeys = genesis["logKeys"]
    if rotations:
        typed(rotations[-1]["body"]["envelope"], "log-keys", "log-keys")
        vkeys = known(read(b64(rotations[-1]["body"]["envelope"]["payload"]), "log-keys"), "log-keys")["logKeys"]
    need(files["log.vkeys"].decode() == "".join(k + "\n" for k in vkeys), "log.vkeys", "not the keys that the log names last")
    size, root = checkpoint(files["checkpoint.txt"], vkeys, manifest["origin"])
    leaves = {entry["seq"]: sha(b"\x00", row) for entry, row in zip(entries, rows)}
    need(joint_root(size, leaves, [bytes.fromhex(h.decode()) for h in lines(files, "proof.txt")]) == root, "proof.txt", "the entries do not make the root that the checkpoint names")
    log = Log(genesis, manifest)
    for entry, row in zip(entries, rows):
        try:
            log.take(entry, row)
        except (Unproven, Newer) as e:
            raise type(e)(f"entry {entry['seq']}: {e}")
    need(log.asked, "request", "there is no entry of it")
    texts = [read(row, "texts.jsonl") for row in lines(files, "texts.jsonl")]
    need([t["commitment"] for t in texts] == sorted({t["commitment"] for t in texts}), "texts.jsonl", "not sorted")
    commitments = {commitment for _, _, commitment in log.texts}
    for t in texts:
        members("texts.jsonl", t, "commitment salt text")
        need(len(b64(t["salt"])) == 16 and sha(b64(t["salt"]), b64(t["text"])).hex() == t["commitment"] in commitments, "texts.jsonl", "a text does not open its commitment")
    log.gone({t["commitment"] for t in texts})
    return f"{len(entries)} entries proven under a checkpoint of {size}; {sum(s['n'] for s in log.sessions.values())} operations; {len(texts)} texts."


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print("usage: verify.py FILE PIN", file=sys.stderr)
        sys.exit(2)
    try:
        print(verify(open(sys.argv[1], "rb").read(), sys.argv[2]))
    except Newer as e:
        print(f"NOT CHECKED: {e}", file=sys.stderr)
        sys.exit(3)
    except (Unproven, ValueError, KeyError, TypeError, IndexError, AttributeError, binascii.Error, struct.error) as e:
        print(f"NOT VERIFIED: {type(e).__name__}: {e}" if not isinstance(e, Unproven) else f"NOT VERIFIED: {e}", file=sys.stderr)
        sys.exit(1)
