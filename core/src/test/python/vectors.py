"""vectors.py DIRECTORY-OF-verify.py VECTORS.json: prints "<name> yes" or "<name> no" for each vector."""
import base64, json, sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import verify

vectors = json.load(open(sys.argv[2], encoding="utf-8"))


def says(check):
    try:
        return "yes" if check() else "no"
    except (verify.Unproven, ValueError, KeyError, TypeError, IndexError, RecursionError):
        return "no"


for v in vectors["canonical"]:
    print(v["name"], says(lambda: verify.read(base64.b64decode(v["document"]), "vector") or True))
for v in vectors["signatures"] + vectors["webauthn"] + vectors["sshsig"]:
    envelope, pae = v["envelope"], base64.b64decode(v["pae"])
    [signature] = envelope["signatures"]
    assert pae == verify.pae(envelope["payloadType"], base64.b64decode(envelope["payload"]))
    print(v["name"], says(lambda: signature["keyId"] == verify.key_id(v["key"]) and verify.holds(v["key"], signature, pae)))
for v in vectors["joint"]:
    nodes = dict(zip(v["indexes"], map(bytes.fromhex, v["leaves"])))
    print(v["name"], says(lambda: verify.joint_root(v["size"], nodes, list(map(bytes.fromhex, v["hashes"]))).hex() == v["root"]))
