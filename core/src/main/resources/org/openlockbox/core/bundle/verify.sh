#!/bin/bash
# verify.sh PIN   checks the evidence in this directory (an unpacked bundle) with bash, openssl, jq and coreutils alone
# (and ssh-keygen, where somebody signed with an SSH key).
#
# Checked: every file against MANIFEST.json; the pin; both signatures of the checkpoint (openssl 3.5 or later); that every entry is in the tree of
# that checkpoint at its own number; the signatures of genesis and of each keyring change; of each decision and revocation,
# bound to the bytes of the request; of each opening and closing of a session, and of the gateway's certificate, revocation and authority, with
# their times; that operations are numbered without a gap,
# and that their facts and outcomes are of the session's protocol; and each disclosed text. Not checked here, but by `lockbox verify`: other times, levels and row budgets, totals and chain of a
# session, the rules for key encodings. Whoever could change this file could make it say anything: take it from a release.
#
# Exit codes: 0 everything holds  1 something does not  2 usage  3 could not be checked, such as a newer version of a format
set -euo pipefail
export LC_ALL=C
((BASH_VERSINFO[0] >= 4)) || { echo "NOT CHECKED: this bash is ${BASH_VERSION}; 4.0 is needed (macOS: brew install bash)" >&2; exit 3; }
shopt -s nullglob dotglob

[[ ${1:-} =~ ^[0-9a-f]{64}$ && $# == 1 ]] || { echo "usage: bash verify.sh PIN   (64 hexadecimal digits)" >&2; exit 2; }
pin=$1
cd -- "$(dirname -- "$0")"
for tool in openssl jq sha256sum basenc base64 split truncate; do
    command -v $tool >/dev/null || { echo "NOT CHECKED: $tool is not installed" >&2; exit 3; }
done
openssl list -public-key-algorithms 2>/dev/null | grep -qi ml-dsa-44 || { echo "NOT CHECKED: this openssl has no ML-DSA-44; 3.5 has" >&2; exit 3; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
bad() { echo "NOT VERIFIED: $*" >&2; exit 1; }
newer() { echo "NOT CHECKED: $1: version $2 needs a newer release of this script; this one knows version 1" >&2; exit 3; }
trap 'bad "line $LINENO: a file is not as it should be"' ERR

sha() { sha256sum | cut -d' ' -f1; }
# bytes HEX  and back: hex; by the shell itself, which starts no process for it
# shellcheck disable=SC2059
bytes() {
    local i text=
    for ((i = 0; i < ${#1}; i += 2)); do text+=\\x${1:i:2}; done
    printf "$text"
}
hex() {
    local text
    text=$(basenc -w0 --base16)
    printf %s "${text,,}"
}
verifies() { openssl pkeyutl -verify -pubin -keyform DER -rawin "$@" >/dev/null 2>&1; }

# hashes FILE...  the SHA-256 of each, one a line; in portions, because a command line has a limit
hashes() {
    local -a files=("$@")
    local i
    for ((i = 0; i < ${#files[@]}; i += 1000)); do sha256sum -- "${files[@]:i:1000}"; done | cut -d' ' -f1
}

# ------------------------------------------------------------------------------------------ programs and their steps

# Starting a process is what takes time here. So one program of jq reads all entries and prints, as steps, what is to be said, hashed or
# verified; `follow` takes these in their order. The fields of a step are separated by the character 31, which no field holds.
# Bytes stand in a field as the builtin printf reads them: \x00 to \xff.
octets=[$(printf '"\\\\x%02x",' {0..254})'"\\xff"]'
# shellcheck disable=SC2016
shared='
def line: tostring | gsub("[\n\t\u001f]"; " ");
def step: map(line) | join("\u001f");
def need($holds; $what): if $holds then empty else error({bad: $what}) end;
# the last step of a program that met an error
def stopped($where): if type != "object" then ["bad", $where + ": not as it should be"] elif has("bad") then ["bad", .bad] else ["newer", .where, .newer] end;
# the bytes that a text in base64 stands for: as numbers, and as printf reads them
def is_base64: type == "string" and test("^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\\z");
def bytes: if is_base64 then . else error("not base64") end
    | [explode[] | if . >= 97 then . - 71 elif . >= 65 then . - 65 elif . == 61 then -1 elif . >= 48 then . + 4 elif . == 43 then 62 else 63 end]
    | range(0; length; 4) as $i | .[$i:$i + 4] as [$a, $b, $c, $d]
    | $a * 4 + ($b / 16 | floor), (select($c >= 0) | $b % 16 * 16 + ($c / 4 | floor)), (select($d >= 0) | $c % 4 * 64 + $d);
def raw: [bytes | $octets[.]] | add // "";
# the payload of an envelope as text; none if it is not canonical
def sorted: walk(if type == "object" then to_entries | sort_by(.key) | from_entries else . end);
def text: .payload | . as $encoded | select(is_base64) | @base64d | select(@base64 == $encoded and . == ([fromjson? | sorted | tojson] | add));
# nothing in it moves the cursor of a terminal, or cannot be seen
def visible: isempty(.. | strings, (objects | keys[]) | select(test("(?![\n\t])[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]")));
def later: objects | .v | numbers | select(. > 1 and . == floor);
# the payload is of this kind and of version 1
def typed($kind; $type; $payload; $where):
    [$type | strings | capture("^application/vnd\\.lockbox\\.\($kind)\\.v(?<v>[1-9][0-9]{0,8})\\+json\\z").v] as $version
    | need($version != []; $where + ": another kind of statement"),
    (($version[] | select(. != "1")), ($payload | later) | error({newer: ., where: $where})),
    need($payload.v == 1; $where + ": no version");
'

# program FILE PROGRAM [OPTION...]  what this program of jq prints of the documents in the file
program() { jq -rn --argjson octets "$octets" "${@:3}" "$shared$2" "$1"; }

# follow FILE  takes the steps in the file; ends with the first that does not hold
# shellcheck disable=SC2059  # bytes are in the form that printf reads
follow() {
    local verified= step
    while IFS=$'\x1f' read -r -u 3 -a step; do
        case ${step[0]} in
        say) printf '%s\n' "${step[1]}" ;;
        bad) bad "${step[1]}" ;;
        newer) newer "${step[1]}" "${step[2]}" ;;
        log-keys) named=("${step[@]:1}") ;;
        hash-bytes | hash-text) # NAME CONTENT
            if [[ ${step[0]} == hash-text ]]; then printf %s "${step[2]}"; else printf "${step[2]}"; fi >"$work/hashed/$(printf %07d ${#hashed[@]})"
            hashed+=("${step[1]}")
            ;;
        signature) [[ -n $verified ]] || ! good "${step[@]:1}" || verified=1 ;;
        signed) # one of the signatures that stand before it is good
            [[ -n $verified ]] || bad "${step[1]}"
            verified=
            ;;
        pair) pair "${step[@]:1}" ;;
        log-signature) log_signature "${step[@]:1}" ;;
        gone) printf '%s\n' "${step[1]}" >>"$work/gone" ;;
        *) bad "${step[0]}: no step" ;;
        esac
    done 3<"$1"
}

# ------------------------------------------------------------------------------------------ files and pin

jq -cjS . MANIFEST.json | cmp -s - MANIFEST.json || bad "MANIFEST.json: not canonical"
program MANIFEST.json 'input | ([later][0] // 1, .v, .pin, .origin, .tenant, .request | line), (.files | to_entries[] | "\(.value)  \(.key)" | line)' >"$work/manifest"
mapfile -t manifest <"$work/manifest"
[[ ${manifest[0]} == 1 ]] || newer MANIFEST.json "${manifest[0]}"
[[ ${manifest[1]} == 1 ]] || bad "MANIFEST.json: no version"
origin=${manifest[3]} tenant=${manifest[4]} request=${manifest[5]}
printf '%s\n' "${manifest[@]:6}" >"$work/sums"
declare -A listed
for file in "${manifest[@]:6}"; do listed[${file#*  }]=1; done
known='^(MANIFEST\.json|README\.txt|checkpoint\.txt|entries|entries/[0-9]{6}\.jsonl|log\.vkeys|proof\.txt|texts\.jsonl|verify\.html|verify\.sh)$'
for file in * entries/*; do
    [[ $file =~ $known ]] || bad "$file: does not belong into a bundle"
    [[ $file == MANIFEST.json || $file == entries || -n ${listed[$file]:-} ]] || bad "$file: does not belong into a bundle"
done
sha256sum -c --strict --quiet "$work/sums" >&2 || bad "a file is not the one that the manifest lists"
cat /dev/null entries/*.jsonl >"$work/entries"
mapfile -t entries <"$work/entries"
[[ $(printf %s "${entries[0]:-}" | sha) == "$pin" ]] || bad "pin: the log begins with another genesis than the one pinned"
[[ ${manifest[2]} == "$pin" ]] || bad "MANIFEST.json: another pin"

# ------------------------------------------------------------------------------------------ entries and checkpoint

types="genesis key-add key-remove settings policy log-keys gateway-authority gateway-authority-object gateway-revoke ticket request review auto decision revoke withdraw lapse end session-open operation part outcome session-close session-lost removal-failed recovery erased"
# shellcheck disable=SC2016
program "$work/entries" 'reduce inputs as $e ({seq: -1, faults: []};
    if $e | visible then . else .faults[0] = true end
    | if [$e | .. | numbers | select(. != floor)] == [] then . else .faults[1] = true end
    | .faults[2] = (.faults[2] // ([$e | later] | .[0]))
    | if $e.v == 1 and $e.origin == $origin and ($e.seq | type == "number") and $e.seq > .seq and ($e.type | IN($types / " " | .[])) then .seq = $e.seq
        else .faults[3] = (.faults[3] // ($e.seq | tojson)) end)
    | .faults[range(4)] | . // "" | line' --arg origin "$origin" --arg types "$types" >"$work/faults" || bad "entries"
mapfile -t faults <"$work/faults"
[[ -z ${faults[0]} ]] || bad "entries: a character that cannot be seen"
[[ -z ${faults[1]} ]] || bad "entries: a number that is not whole"
jq -cS . "$work/entries" | cmp -s - "$work/entries" || bad "entries: not canonical"
[[ -z ${faults[2]} ]] || newer entries "${faults[2]}"
[[ -z ${faults[3]} ]] || bad "entries: entry ${faults[3]} is out of order, of another log or of an unknown kind"
jq -c 'select(.type | IN("operation", "part", "outcome") | not)' "$work/entries" >"$work/others"

# The checkpoint covers every entry, so its keys are those that the last entry about them names; whether it may is checked below.
# What is named by its SHA-256 below is hashed here: keys, and the entries that others follow.
# shellcheck disable=SC2016
program "$work/others" 'def named($kind): "entry \(.seq)" as $where | .body.envelope as $envelope | [$envelope | text | fromjson][0] as $payload
        | need($payload; $where + ": a payload that is not canonical"), typed($kind; $envelope.payloadType; $payload; $where),
        (select($kind == "genesis") | need($payload.origin == $origin; $where + ": no genesis of " + $origin),
            need($payload.tenant == $tenant; $where + ": another tenant")),
        ["log-keys", $payload.logKeys[]];
    [inputs] as $all
    | try (need($all[0].type == "genesis"; "entry 0: no genesis"), ($all[0] | named("genesis")),
        ([$all[] | select(.type == "log-keys")][-1] | values | named("log-keys")),
        ($all[] | select(.type | IN("genesis", "key-add", "key-remove", "settings", "gateway-authority-object", "gateway-authority", "request"))
            | ["hash-text", .seq, tojson]),
        ([$all[] | ., (.body.envelope?, .body.certificate?.envelope? | objects | text | fromjson) | .. | objects | .spki? | select(is_base64)]
            | unique[] | ["hash-bytes", ., raw]))
    catch stopped("entries") | step' --arg origin "$origin" --arg tenant "$tenant" >"$work/steps"
named=() hashed=()
mkdir "$work/hashed"
follow "$work/steps"
printf '%s\n' "${named[@]}" | cmp -s - log.vkeys || bad "log.vkeys: not the keys that the log names last"
prefixes=(302a300506032b6570032100 30820532300b06096086480165030403110382052100)

# pair NAME VKEY VKEY  writes the two keys of a log as openssl reads them, NAME0.der and NAME1.der; their ids are in ids
pair() {
    local i key public name=$1
    shift
    (($# == 2)) || bad "log keys: not two"
    ids=()
    for i in 0 1; do
        key=${1#*+}
        ids+=("${key%%+*}")
        public=$(base64 -d <<<"${key#*+}" | hex)
        [[ ${1%%+*} == "$origin" && $({ printf '%s\n' "$origin"; bytes "$public"; } | sha) == "${ids[i]}"* ]] ||
            bad "log keys: malformed"
        ((i)) && [[ $public =~ ^06[0-9a-f]{2624}$ ]] || { ((!i)) && [[ $public =~ ^01[0-9a-f]{64}$ ]]; } ||
            bad "log keys: not an Ed25519 and an ML-DSA-44 key"
        bytes "${prefixes[i]}${public:2}" >"$work/$name$i.der"
        shift
    done
}
mapfile -t vkeys <log.vkeys
pair log "${vkeys[@]}"

mapfile -t note <checkpoint.txt
[[ ${note[0]} == "$origin" && ${note[1]} =~ ^[1-9][0-9]*$ && -z ${note[3]} ]] || bad "checkpoint.txt: not a checkpoint of $origin"
size=${note[1]} root=$(base64 -d <<<"${note[2]}" | hex) signed=(0 0)
head -n 3 checkpoint.txt >"$work/note0"
name=$(printf '%02x' ${#origin})$(printf %s "$origin" | hex)
{
    printf 'subtree/v1\n\0'
    bytes "${name}0000000000000000${name}0000000000000000$(printf '%016x' "$size")$root"
} >"$work/note1"
for line in "${note[@]:4}"; do
    [[ $line == "— $origin "* ]] || continue
    base64 -d <<<"${line##* }" >"$work/line"
    id=$(head -c 4 "$work/line" | hex) i=0
    [[ $id != "${ids[1]}" ]] || i=1
    [[ $id == "${ids[i]}" ]] || continue
    ((!i)) || [[ $(tail -c +5 "$work/line" | head -c 8 | hex) == 0000000000000000 ]] || bad "checkpoint.txt: a line with a time"
    tail -c +$((5 + 8 * i)) "$work/line" >"$work/sig"
    verifies -inkey "$work/log$i.der" -in "$work/note$i" -sigfile "$work/sig" || bad "checkpoint.txt: a false signature"
    signed[i]=1
done
((signed[0] && signed[1])) || bad "checkpoint.txt: not signed by both keys of the log"

# ------------------------------------------------------------------------------------------ the joint proof (docs/spec/log.md, section 4)

mkdir "$work/leaf"
printf '\0%s\n' "${entries[@]}" | split -l 1 -a 7 - "$work/leaf/"
leaves=("$work"/leaf/*)
for ((i = 0; i < ${#leaves[@]}; i += 1000)); do truncate -s -1 "${leaves[@]:i:1000}"; done
mapfile -t nodes < <(hashes "${leaves[@]}")
mapfile -t at < <(jq .seq "$work/entries")
mapfile -t proof <proof.txt
used=0 width=$size
((at[-1] < size)) || bad "entries: more than the checkpoint covers"
while ((width > 1)); do
    pairs= next=() lonely=()
    for ((i = 0; i < ${#at[@]}; i++)); do
        index=${at[i]} left=$((at[i] - at[i] % 2))
        next+=($((index / 2)))
        if ((left + 1 == width)); then
            lonely=("${nodes[i]}")
        elif ((index == left && i + 1 < ${#at[@]})) && ((at[i + 1] == left + 1)); then
            pairs+=01${nodes[i]}${nodes[i + 1]}$'\n'
            i=$((i + 1))
        else
            ((used < ${#proof[@]})) && [[ ${proof[used]} =~ ^[0-9a-f]{64}$ ]] || bad "proof.txt: too short or malformed"
            if ((index == left)); then pairs+=01${nodes[i]}${proof[used]}$'\n'; else pairs+=01${proof[used]}${nodes[i]}$'\n'; fi
            used=$((used + 1))
        fi
    done
    rm -rf "$work/level" && mkdir "$work/level"
    nodes=()
    if [[ -n $pairs ]]; then
        tr -d '\n' <<<"${pairs^^}" | basenc -d --base16 | split -b 65 -a 7 - "$work/level/"
        mapfile -t nodes < <(hashes "$work"/level/*)
    fi
    nodes+=("${lonely[@]}")
    at=("${next[@]}") width=$(((width + 1) / 2))
done
((used == ${#proof[@]})) && [[ ${nodes[0]} == "$root" ]] || bad "proof.txt: the entries do not make the root that the checkpoint names"

# ------------------------------------------------------------------------------------------ signatures

# signed_text KIND TEXT  writes the bytes that are signed, the PAE of a payload, to $work/pae
signed_text() {
    local type=application/vnd.lockbox.$1.v1+json
    printf 'DSSEv1 %d %s %d %s' ${#type} "$type" ${#2} "$2" >"$work/pae"
}

# good KIND TEXT SCHEME ALGORITHM KEY SIGNATURE [MORE...]  does the key sign this payload so?
# shellcheck disable=SC2059
good() {
    local message=$work/pae digest=()
    signed_text "$1" "$2"
    printf "$5" >"$work/key.der"
    printf "$6" >"$work/sig"
    case $3 in
    webauthn)
        assertion "${@:7}" || return 1
        message=$work/asserted
        ;;
    sshsig)
        ssh_signed "$4" "${5//\\x/}" "${6//\\x/}" "${@:7}"
        return
        ;;
    esac
    [[ $4 == ed25519 ]] || digest=(-digest sha256)
    verifies -inkey "$work/key.der" "${digest[@]}" -in "$message" -sigfile "$work/sig"
}

# assertion CHALLENGE RP-ID CLIENT-DATA AUTHENTICATOR-DATA  a passkey's: docs/spec/signatures.md, section 5; the flags and
# what else the client data say have been looked at
# shellcheck disable=SC2059
assertion() {
    local sums challenge authenticator=${4//\\x/}
    printf %s "$2" >"$work/rp"
    printf "$3" >"$work/client"
    mapfile -t sums < <(hashes "$work/pae" "$work/rp" "$work/client")
    challenge=$(bytes "${sums[0]}" | basenc -w0 --base64url)
    [[ $1 == "${challenge%=}" && ${authenticator:0:64} == "${sums[1]}" ]] || return 1
    bytes "$authenticator${sums[2]}" >"$work/asserted"
}

string() { printf '%08x%s' $((${#1} / 2)) "$1"; }
ascii() {
    local i text=
    for ((i = 0; i < ${#1}; i++)); do text+=$(printf %02x "'${1:i:1}"); done
    string "$text"
}

# ssh_signed ALGORITHM KEY SIGNATURE WHERE [APPLICATION]  the signature of an SSH key, by ssh-keygen: docs/spec/signatures.md, section 6. It
# cannot demand that a security key has verified its user; that is the byte 05 before the counter.
ssh_signed() {
    local name=ssh-ed25519 public
    command -v ssh-keygen >/dev/null || { echo "NOT CHECKED: ${4%: } is signed with an SSH key, and ssh-keygen is not installed" >&2; exit 3; }
    [[ $1 == ed25519 ]] || name=ecdsa-sha2-nistp256
    [[ -z ${5:-} ]] || name=sk-$name@openssh.com
    public=$(ascii "$name")
    if [[ $1 == ed25519 ]]; then public+=$(string "${2:24}"); else public+=$(ascii nistp256)$(string "${2:52}"); fi
    [[ -z ${5:-} ]] || public+=$(ascii "$5")
    [[ $3 == 53534853494700000001$(string "$public")$(ascii lockbox@v1)00000000* ]] || return 1
    [[ -z ${5:-} || ${3: -10:2} == 05 ]] || return 1
    echo "approver namespaces=\"lockbox@v1\" $name $(bytes "$public" | base64 -w0)" >"$work/allowed"
    { echo "-----BEGIN SSH SIGNATURE-----"; base64 -w70 "$work/sig"; echo "-----END SSH SIGNATURE-----"; } >"$work/armored"
    ssh-keygen -Y verify -f "$work/allowed" -I approver -n lockbox@v1 -s "$work/armored" <"$work/pae" >/dev/null 2>&1
}

# log_signature WHERE TEXT KEY-FILE KEY-ID SIGNATURE  one of the four below a change of the log's keys
# shellcheck disable=SC2059
log_signature() {
    [[ $4 == "$(sha <"$work/$3.der")" ]] || bad "${1}signed by another key"
    signed_text log-keys "$2"
    printf "$5" >"$work/sig"
    verifies -inkey "$work/$3.der" -in "$work/pae" -sigfile "$work/sig" || bad "${1}not signed by both old log keys and both new ones"
}

# Each function of the program below prints what follows from one entry, $c.e: steps, and what is true from then on, if that has changed.
# $c.s is what was true before it: keys and quorum of the keyring, the gateway authority, the request, who has approved, open sessions.
mapfile -t reserved < <(hashes "$work/log0.der" "$work/log1.der")
mapfile -t digests < <(hashes "$work"/hashed/*)
for ((i = 0; i < ${#hashed[@]}; i++)); do printf '{"%s":"%s"}\n' "${hashed[i]}" "${digests[i]}"; done >"$work/hashes"
# shellcheck disable=SC2016
program "$work/others" '($hashes | add) as $hash |
    def id: $hash[.spki];
    def ms: (sub("\\.[0-9]{3}Z$"; "Z") | fromdate * 1000) + ([capture("\\.(?<f>[0-9]{3})Z$").f | tonumber][0] // 0);
    def say($c; $words): ["say", "entry \($c.e.seq)  \($words)"];
    def must($c; $holds; $what): need($holds; $c.at + $what);

    # attempt  a `signature` step, if this key could have made this signature of $c.text
    def algorithm: if test("^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=\\z") then "ed25519"
        elif test("^MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE[A-Za-z0-9+/]{86}==\\z") then "p256" else empty end;
    def passkey($key; $signature): ($signature.clientDataJSON | select(is_base64) | @base64d | fromjson) as $client
        | [$signature.authenticatorData | bytes] as $data
        | select($client.type == "webauthn.get" and ($client.origin | IN($key.webauthn.origins[])) and ($client.crossOrigin // false) == false
            and ($client | has("topOrigin") | not) and ($data | length) == 37
            and ($data[32] | if $key.webauthn.backupEligible then IN(13, 29) else . == 5 end)) # present, verified; can be and is backed up
        | [$client.challenge, $key.webauthn.rpId, ($signature.clientDataJSON | raw), ($signature.authenticatorData | raw)];
    def attempt($c; $key; $signature): try (($key.spki | algorithm) as $algorithm | $key.scheme | select(. == $signature.scheme)
        | ["signature", $c.kind, $c.text, ., $algorithm, ($key.spki | raw), ($signature.sig | raw)]
            + if . == "webauthn" then passkey($key; $signature)
            elif . == "sshsig" then [$c.at, ($key | if has("application") then .application | select(test("^ssh:[!-~]{0,60}\\z")) else "" end)]
            else select(. + " " + $algorithm | IN("ed25519 ed25519", "ecdsa-p256 p256")) | [] end) catch empty;

    # by_approvers  every signature is by a key of the keyring, and good; each key signs once
    def by_approvers($c; $keys; $what): $c.envelope.signatures | unique_by(.keyId)[]
        | must($c; $keys[.keyId]; $what), attempt($c; $keys[.keyId].key; .), ["signed", $c.at + $what];
    def people($c; $keys): [$c.envelope.signatures[] | $keys[.keyId] | values | .approver] | unique;

    # keyring  genesis or a change: signed by every new key and by the quorum of its time, and by nobody else
    def enrol($c; $new): reduce $new[] as $one (.; ($one.key | id) as $id
        | if .keys[$id] then must($c; false; "a key twice") elif .reserved[$id] then must($c; false; "an approver\u0027s key that is the provider\u0027s")
            elif $one.approver | type != "string" then must($c; false; "a key of nobody") else .keys[$id] = $one end);
    def keyring($c): $c.e.type as $type | $c.p as $p | $c.s.keys as $old
        | (if $type == "genesis" then must($c; $c.s.last == null; "a second genesis") else
            must($c; $p.prev == $c.s.last; "does not follow the keyring entry before it"),
            must($c; $type == ([({add: "key-add", remove: "key-remove", settings: "settings", objectTo: "gateway-authority-object"} | to_entries[])
                | .key as $member | select($p | has($member)) | .value] | join(" ")); "not what it says") end),
        (select($type == "gateway-authority-object") | must($c; $c.s.next and $p.objectTo == $c.s.change and $c.e.ts < $c.s.effect; "an objection to no change, or too late")),
        ([if $type == "genesis" then $p.keys[] else $p.add // empty end] as $new
        | ($c.s | (select($type == "genesis") | .authority = $p.gatewayAuthority | .reserved[.authority | id] = true | .pair = $p.logKeys) // .
            | enrol($c; $new)) as $s
        | by_approvers($c; $s.keys; "a false or foreign signature"),
        must($c; ([$c.envelope.signatures[].keyId | select($old[.] | not)] | unique | length) == ($new | length)
            and ($c.envelope.signatures | length == (unique_by(.keyId) | length)); "not signed by every new key"),
        must($c; people($c; $old) | length >= $c.s.quorum; "not signed by a quorum"),
        must($c; $p.quorum | type == "number" and . >= 1; "no quorum"),
        must($c; $p | has("remove") | not or $s.keys[$p.remove]; "no such key"),
        ($s | .quorum = $p.quorum | .last = $c.hash | if $p | has("remove") then del(.keys[$p.remove]) else . end
            | if $type == "settings" then .settings = $c.e.seq | .retention = ($p.settings.retention // {})
            elif $type == "gateway-authority-object" then .next = null else . end));

    # rotated  the old pair of log keys names the next, and both sign (docs/spec/log.md, section 5)
    def rotated($c): $c.s.pair as $pair | $c.p.logKeys as $new
        | must($c; $c.p.tenant == $tenant and $c.p.origin == $origin and $c.p.prev == $c.s.last; "does not follow the keyring entry before it"),
        must($c; ($new | unique | length) == ($new | length) and all($new[]; IN($c.s.log_keys[], $pair[]) | not); "a log key that was one before"),
        ["pair", "old", $pair[]], ["pair", "new", $new[]],
        must($c; $c.envelope.signatures | length == 4; "not signed by both old log keys and both new ones"),
        (range(4) as $i | $c.envelope.signatures[$i] | ["log-signature", $c.at, $c.text, ["old0", "old1", "new0", "new1"][$i], .keyId, (.sig | raw)]),
        say($c; "provider  replaced the keys of the log  [signed by both old log keys and both new ones]"),
        ($c.s | .log_keys += $pair | .pair = $new);

    # decided  a decision or a revocation: exactly one signature, by a key in force, over this very request
    def decided($c): $c.p as $p | $c.s.request as $asked
        | must($c; $p.tenant == $tenant and $p.origin == $origin and $asked != null
            and $p.request == ($asked | {assurance, id: $request, index: .seq, sha256: .hash}); "signed for another request, or for other terms of it"),
        must($c; $c.envelope.signatures | length == 1; "not exactly one signature"),
        ($c.envelope.signatures[0] as $signature | $signature.keyId as $id
        | must($c; $c.s.keys[$id] and $c.s.keys[$id].approver == $p.approver; "not a key of the approver it names"),
        must($c; $id != $asked.engineer; "the requester\u0027s own key"),
        attempt($c; $c.s.keys[$id].key; $signature), ["signed", $c.at + "a false signature"],
        say($c; "\($p.approver)  \($c.e.type) \($p.decision // "") \($p.grant // "" | tojson)  [signature by key \($id[:12])]"),
        ($c.s | select($p.decision == "approve") | .approvers |= (. + [$p.approver] | unique)));

    # erased  texts that approvers had erased: one for single entries, the quorum for everything; `gone` keeps which
    def erased($c): $c.p as $p | $c.e as $e | people($c; $c.s.keys) as $people
        | must($c; $p.tenant == $tenant and $p.origin == $origin and ($p.notAfter | sub("\\.[0-9]+Z$"; "Z") | fromdate * 1000 + 999) > $e.ts
            and ($p.all == true) != ($p.entries | type == "array") and all($p.entries // [] | .[]; . < $e.seq);
            "an erasure for another log, too late, or of entries that there are not"),
        by_approvers($c; $c.s.keys; "a false or foreign signature"),
        must($c; $c.envelope.signatures | length == (unique_by(.keyId) | length); "a key twice"),
        must($c; ($people | length) >= if $p.all then $c.s.quorum else 1 end; "not signed by a quorum"),
        ($people | join(" ")) as $by
        | ["gone", ({own: $e.seq, entries: ($p.entries // null), how: "on \($e.ts / 1000 | floor | todate) by \($by) (entry \($e.seq): \($p.reason))"} | tojson)],
        say($c; "\($by)  erased \($p | if .all then "every text so far" else "the texts of entries \(.entries | tojson)" end): \($p.reason)  [signed]");

    # expired  texts whose time was over by the settings in force (times are not checked here)
    def expired($c): $c.e as $e | $e.body.retention as $r
        | must($c; $r.settings == $c.s.settings and ($r.before | length > 0 and all(keys[]; . as $kind | $c.s.retention | has($kind))
            and all(.[]; . > 0 and . <= $e.seq)); "not by the settings in force"),
        ["gone", ({own: $e.seq, before: $r.before,
            how: "on \($e.ts / 1000 | floor | todate) by the retention period (entry \($e.seq): settings of entry \($r.settings))"} | tojson)],
        say($c; "server  erased what had been kept for as long as entry \($r.settings) lets it: \($r.before | tojson)");

    # Which gateways may open sessions: docs/spec/log-entry.md, "Gateways"
    ($origin | split("/t/")[0]) as $host |
    def in_force($c): $c.s | if .next and $c.e.ts >= .effect then .next else .authority end;
    # vouched  this gateway authority signed, whatever others did
    def vouched($c; $authority; $what): ($authority | id) as $id
        | ($c.envelope.signatures[] | select(.keyId == $id and .scheme == $authority.scheme and (.scheme | IN("ed25519", "ecdsa-p256"))) | attempt($c; $authority; .)), ["signed", $c.at + $what];

    # revoke_gateway  a key of a gateway that the authority ended
    def revoke_gateway($c): $c.p as $p
        | must($c; ($p | keys) == ["gateway", "key", "logHost", "reason", "v"] and $p.logHost == $host; "a revocation for another log host"),
        vouched($c; in_force($c); "not signed by the gateway authority"),
        say($c; "gateway authority  revoked key \($p.key[:12]) of gateway \($p.gateway): \($p.reason)  [signed]"),
        ($c.s | .revoked[$p.key] = true);

    # change_authority  another gateway authority follows, unless the tenant objects
    def change_authority($c): $c.p as $p | in_force($c) as $old | ($p.authority | id) as $id | "not signed by the old and the new gateway authority" as $unsigned
        | must($c; ($p | keys) == ["authority", "logHost", "prev", "takesEffect", "v"] and $p.logHost == $host and $p.prev == ($old | id) and $id != $p.prev
            and (($p.takesEffect | ms) - $c.e.ts | . >= 72 * 3600000 and . <= 720 * 3600000); "a gateway authority that does not follow, or not in time"),
        must($c; $c.s.keys[$id] | not; "an approver\u0027s key as the gateway authority"),
        vouched($c; $old; $unsigned), vouched($c; $p.authority; $unsigned),
        say($c; "gateway authority  another one takes effect at \($p.takesEffect)  [signed by both]"),
        ($c.s | .authority = $old | .next = $p.authority | .effect = ($p.takesEffect | ms) | .change = $c.hash | .reserved[$id] = true);

    # certified  the certificate that a gateway shows when it opens a session
    def certified($c): $c.p as $p | $c.e as $e
        | must($c; $p; "a certificate that is not canonical"),
        typed($c.kind; $c.envelope.payloadType; $p; "entry \($e.seq)"),
        must($c; ($p | keys) == ["gateway", "key", "logHost", "notAfter", "notBefore", "resources", "v"] and $p.logHost == $host and $p.gateway == $e.gw.id
            and ($p.resources | . == unique and length <= 100 and any(. == $e.body.resource)) and ($p.notBefore | ms) <= $e.ts and $e.ts < ($p.notAfter | ms)
            and ($p.notAfter | ms) - ($p.notBefore | ms) <= 400 * 86400000; "the gateway\u0027s certificate is for another gateway, host, resource or time"),
        must($c; $p.key.scheme | IN("ed25519", "ecdsa-p256"); "a gateway\u0027s key that does not sign directly"),
        must($c; $p.key | id | ($c.s.keys[.] or $c.s.reserved[.]) | not; "a gateway\u0027s key that is something else"),
        vouched($c; in_force($c); "a certificate that is not signed by the gateway authority"),
        must($c; $c.s.opened[$e.body.session] | not; "a session that was opened twice");

    # gateway  an opening or a closing, signed with the key that the gateway was certified for
    def gateway($c): $c.e as $e | ($e.type == "session-open") as $opens | $e.body.session as $session
        | [select($opens) | $e.body.certificate.envelope] as $shown | [$shown[] | text] as $text | ([$text[] | fromjson][0]) as $certificate
        | ($shown[] | certified($c + {envelope: ., kind: "gateway-certificate", text: $text[0], p: $certificate})),
        (if $opens then $certificate.key else $c.s.opened[$session] end) as $key
        | must($c; $key; "a session that was not opened"),
        must($c; $c.s.revoked[$key | id] | not; "the gateway\u0027s key was revoked"),
        attempt($c + {kind: "gateway", text: ({body: $e.body, gw: ($e.gw | del(.sig)), tenant: $tenant, type: $e.type} | tojson)};
            $key; {scheme: $key.scheme, sig: $e.gw.sig}),
        ["signed", $c.at + "not signed with the key that the gateway was certified for"],
        (select($opens) | ($e.body.connect.envelope | typed("connect"; .payloadType; .payload | @base64d | fromjson; "entry \($e.seq)")),
            must($c; $c.s.request and ($c.s.approvers | length) >= $c.s.request.quorum; "a session without a quorum of approvals"),
            must($c; $e.body.request == $request; "a session of another request")),
        say($c; "gateway \($e.gw.id)  \($e.type) \($session)  [signed by the gateway]"),
        ($c.s | .opened[$session] = $key);

    def asked($c): $c.e as $e | $e.body.request as $r
        | must($c; $c.s.request == null and $r.id == $request; "another request"),
        must($c; $r.quorum == $c.s.quorum; "asks for another quorum than the keyring"),
        must($c; $r.assurance | IN("gated", "checked", "granted"); "no such assurance"),
        say($c; "\($r.engineer.id)  asked for \($r.level) on \($r.resource), \($r.duration)"),
        ($c.s | .request = {seq: $e.seq, hash: $c.hash, quorum: $r.quorum, assurance: $r.assurance, engineer: ($r.engineer.key | id)});

    def recovered($c): $c.e as $e | ($e.body.epochs // 0) as $generation
        | must($c; $generation | type == "number" and . >= 0 and . < 1000000000; "no generation of the epoch log"),
        must($c; $generation == 0 or $generation > $c.s.epochs; "the epoch log goes on under a name that it had before"),
        say($c; "provider  \(if $e.body.epochs then "LOST EPOCHS" else "LOST ENTRIES" end): had been signed with \($e.body.lostSize), went on \(
            if $e.body.epochs then "as generation \($generation)" else "from \($e.seq)" end): \($e.body.reason)"),
        ($c.s | select($generation > 0) | .epochs = $generation);

    # signed  an entry with an envelope
    def signed($c): $c.e.type as $type | $c.e.body.envelope as $envelope | [$envelope | text] as $text | ([$text[] | fromjson][0]) as $p
        | ({"key-add": "keyring", "key-remove": "keyring", settings: "keyring", "gateway-authority-object": "keyring", "gateway-revoke": "gateway-revocation",
            revoke: "revocation", erased: "erasure"}[$type] // $type) as $kind
        | must($c; $text != []; "a payload that is not canonical"),
        typed($kind; $envelope.payloadType; $p; "entry \($c.e.seq)"),
        must($c; $p | visible; "a character that cannot be seen"),
        must($c; $type != "settings" or ($p.settings | has("access") | not);
            "it switches access on or off, which this script does not follow: use lockbox verify"),
        ($c + {envelope: $envelope, kind: $kind, text: $text[0], p: $p}
        | if $type | IN("decision", "revoke") then decided(.) elif $type == "erased" then erased(.) elif $type == "log-keys" then rotated(.)
            elif $type == "gateway-revoke" then revoke_gateway(.) elif $type == "gateway-authority" then change_authority(.) else keyring(.) end);

    def entry($c): $c.e.type | if IN("policy", "ticket", "auto") then must($c; false; "it rests on a policy, which this script does not evaluate: use lockbox verify")
        elif . == "erased" and ($c.e.body | has("retention")) then expired($c)
        elif IN("genesis", "key-add", "key-remove", "settings", "log-keys", "gateway-authority", "gateway-authority-object", "gateway-revoke", "decision",
            "revoke", "erased") then signed($c)
        elif . == "request" then asked($c) elif IN("session-open", "session-close") then gateway($c) elif . == "recovery" then recovered($c) else empty end;

    foreach (inputs, null) as $e ({s: {quorum: 0, settings: 0, retention: {}, epochs: 1, approvers: [], keys: {}, revoked: {}, opened: {}, log_keys: [],
            reserved: ($reserved / " " | map({(.): true}) | add)}};
        .s as $s | [if $e == null then select($s.request == null) | ["bad", "there is no entry of \($request)"]
            else try entry({$s, $e, at: "entry \($e.seq): ", hash: $hash[$e.seq | tostring]}) catch stopped("entry \($e.seq)") end] as $out
        | {s: ([$out[] | objects][-1] // $s), steps: [$out[] | arrays]};
        .steps[] | step)' --arg origin "$origin" --arg tenant "$tenant" --arg request "$request" --slurpfile hashes "$work/hashes" --arg reserved "${reserved[*]}" >"$work/steps" ||
    bad "entries: not as they should be"
follow "$work/steps"

jq -n 'reduce (inputs | select(.type == "operation")) as $e ({}; if $e.body.n == (.[$e.body.session] // 0)
    then .[$e.body.session] += 1 else error("entry \($e.seq): an operation is missing") end) | add // 0' "$work/entries" >"$work/count" ||
    bad "entries: an operation is missing"
# log-entry.md, "Facts": what a gateway read off an operation, and how one ended, for each protocol
# shellcheck disable=SC2016
jq -n '
    def like($r): type == "string" and test($r);
    def counts($least): type == "number" and . >= $least;
    def only($must; $may): type == "object" and (keys | ($must - . == []) and (. - $must - $may == []));
    def names($r): type == "array" and length > 0 and length <= 200 and all(like($r)) and . == unique;
    # plain, or in quotation marks if it has anything but a-z, 0-9 and _
    "(?:[a-z_][a-z0-9_]*|\"(?![a-z_][a-z0-9_]*\"(?!\"))(?:[^\"\t\n\\x{10000}-\\x{10ffff}]|\"\")+\")" as $one
    | "^(?=[^\n]{1,257}\\z)\($one)(?:[.]\($one))?\\z" as $table
    | "^[a-z_][a-z0-9_.$]{0,126}\\z" as $name |
    def some($lists; $r): only([]; $lists + ["others"]) and length > 0 and (if has("others") then .others | counts(1) else true end)
        and all(to_entries[] | select(.key != "others"); .value | names($r));
    def sql($n): only(["class"]; ["columns", "functions", "preparedBy", "tables"])
        and (.class | type == "array" and length > 0 and length <= 16 and all(like("^[a-z][a-z-]{0,31}$")))
        and (if has("columns") then .columns | counts(1) else true end)
        and (if has("preparedBy") then .preparedBy | counts(0) and . < $n else true end)
        and (if has("functions") then .functions | some(["names"]; $name) else true end)
        and (if has("tables") then .tables | some(["reads", "writes"]; $table) else true end);
    def http($refused): only(["method"]; ["route"]) and (.method | IN("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "OTHER"))
        and (if has("route") then .route | like("^(?=.{1,64}$)[a-z][a-z0-9]*([.-][a-z0-9]+){0,7}$") else $refused end);
    def ssh: only(["channel"]; ["command", "path"]) and (.channel | IN("exec", "forward", "sftp", "shell"))
        and all(to_entries[] | select(.key != "channel"); .value | like("^[a-z][a-z0-9-]{0,31}$"));
    def facts($p; $b): {postgresql: "sql", http: "http", ssh: "ssh"}[$p] as $m
        | only([$m]; []) and (.[$m] | if $p == "postgresql" then sql($b.n) elif $p == "http" then http($b | has("refused")) else ssh end);
    {postgresql: "^[0-9A-Z]{5}$", http: "^[1-5][0-9]{2}$",
     ssh: "^(exit (0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])|signal [A-Z][A-Z0-9]{2,3})$"} as $status
    | foreach (inputs | select(.type | IN("session-open", "operation", "part", "outcome"))) as $e ({};
        if $e.type == "session-open" then .[$e.body.session] = {p: $e.body.protocol, n: 0}
        elif $e.type == "operation" then .[$e.body.session].n += 1
        elif $e.type == "outcome" then .[$e.body.session].ended["\($e.body.n)"] = true
        elif $e.type == "part" then .[$e.body.session].parts["\($e.body.n) \($e.body.direction)"] += 1 else . end;
        .[$e.body.session] as $s | $e.body
        | if $e.type == "session-open" then $status[.protocol] != null
          elif $e.type == "operation" then . as $b | .facts | facts($s.p; $b)
          elif $e.type == "part" then only(["bytes", "digest", "direction", "n", "part", "session"]; ["text"]) and .n < $s.n and (.bytes | counts(1))
            and (.direction | IN("in", "out")) and (.digest | like("^[0-9a-f]{64}$")) and ($s.ended["\(.n)"] | not) and .part == $s.parts["\(.n) \(.direction)"] - 1
          else .n < $s.n and (.status | like($status[$s.p])) and (if has("changed") then .changed | counts(1) else true end) end
        | if . then empty else error("entry \($e.seq): not as a \($e.type) of its protocol is written") end)' "$work/entries" ||
    bad "entries: an operation or outcome that is not as its protocol is written"

# ------------------------------------------------------------------------------------------ texts

jq -cS . texts.jsonl | cmp -s - texts.jsonl || bad "texts.jsonl: not canonical"
jq -r '. as $e | (select(.type == "operation").body | [.text, "operation"], [.input // empty, "input"]),
    (select(.type == "part").body | select(has("text")) | [.text, if .direction == "in" then "input" else "operation" end]),
    (select(.type == "request").body.request | [.reason, "reason"], [.engineer.name, "name"], (.sql.statements // [] | .[] | [., "operation"])) |
    select(length == 2) | "\(.[0]) \($e.seq) \(.[1])"' "$work/entries" | sort >"$work/texts-of"
cut -d' ' -f1 "$work/texts-of" >"$work/commitments"
program texts.jsonl 'inputs | [.commitment, ("\(.salt)" | select(length == 24) | raw) + (.text // "" | raw)] | step' >"$work/texts" ||
    bad "texts.jsonl: a text that is not as it should be"
cut -d$'\x1f' -f1 "$work/texts" >"$work/texts-shown"
sort -uc "$work/texts-shown" || bad "texts.jsonl: not sorted"
[[ -z $(comm -23 "$work/texts-shown" "$work/commitments") ]] || bad "texts.jsonl: no entry commits to a text"
mkdir "$work/text"
texts=0
while IFS=$'\x1f' read -r commitment bytes; do
    printf -v file '%s/text/%08d' "$work" $((texts++))
    # shellcheck disable=SC2059
    printf "$bytes" >"$file"
done <"$work/texts"
((texts == $(wc -l <texts.jsonl))) || bad "texts.jsonl: a salt that is none"
mapfile -t opened < <(hashes "$work"/text/*)
mapfile -t shown <"$work/texts-shown"
for ((i = 0; i < texts; i++)); do
    [[ ${opened[i]} == "${shown[i]}" ]] || bad "texts.jsonl: a text does not open ${shown[i]}"
done
# each text that is shown, in quotes, and nothing in it that a terminal obeys or hides
jq -a '.commitment, (.text | @base64d)' texts.jsonl | paste - - | sed 's/^"\([0-9a-f]*\)"/\1/' >"$work/readable"
join -t $'\t' -o 1.2,1.3,2.2 <(tr ' ' '\t' <"$work/texts-of") "$work/readable" | sort -n | sed 's/^\([^\t]*\)\t\([^\t]*\)\t/entry \1: \2 /'
if [[ -s $work/gone ]]; then
    # shellcheck disable=SC2016
    jq -rR --slurpfile gone "$work/gone" --rawfile shown "$work/texts-shown" '
        ($shown / "\n" | map({(.): true}) | add) as $shown | (. / " ") as [$commitment, $index, $kind] | ($index | tonumber) as $i
        | first($gone[] | select($i < .own and if .before then $i < (.before[$kind] // 0) else .entries == null or any(.entries[]; . == $i) end) | .how)
        | if $shown[$commitment] then ["bad", "texts.jsonl: the \($kind) of entry \($i) is still shown, although it was erased \(.)"]
          else ["say", "entry \($i): \($kind) erased \(.)"] end
        | map(gsub("[\n\t\u001f]"; " ")) | join("\u001f")' "$work/texts-of" >"$work/steps"
    follow "$work/steps"
fi
echo "${#entries[@]} entries proven under a checkpoint of $size; $(cat "$work/count") operations; $texts texts."
echo "verified: what verify.sh checks (see its head) holds" >&2
