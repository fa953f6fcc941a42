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
unhex() { tr a-f A-F | basenc -d --base16; }
hex() { basenc -w0 --base16 | tr A-F a-f; }

# hashes FILE...  the SHA-256 of each, one a line; in portions, because a command line has a limit
hashes() {
    local -a files=("$@")
    local i
    for ((i = 0; i < ${#files[@]}; i += 1000)); do sha256sum -- "${files[@]:i:1000}"; done | cut -d' ' -f1
}

# ------------------------------------------------------------------------------------------ files and pin

jq -cjS . MANIFEST.json | cmp -s - MANIFEST.json || bad "MANIFEST.json: not canonical"
# later FILE WHERE  ends with 3 if one of the documents in the file is of a later version
later() {
    local found
    found=$(jq -rn 'first(inputs | objects | .v | numbers | select(. > 1 and . == floor)) // empty' "$1") || bad "$2: not as it should be"
    [[ -z $found ]] || newer "$2" "$found"
}
# typed KIND TYPE PAYLOAD  the payload is of this kind and of version 1
typed() {
    [[ $2 =~ ^application/vnd\.lockbox\.$1\.v([1-9][0-9]{0,8})\+json$ ]] || bad "entry $seq: another kind of statement"
    ((BASH_REMATCH[1] == 1)) || newer "entry $seq" "${BASH_REMATCH[1]}"
    later <(printf %s "$3") "entry $seq"
    [[ $(jq .v <<<"$3") == 1 ]] || bad "entry $seq: no version"
}

later MANIFEST.json MANIFEST.json
[[ $(jq -r .v MANIFEST.json) == 1 ]] || bad "MANIFEST.json: no version"
jq -r '.files | to_entries[] | "\(.value)  \(.key)"' MANIFEST.json >"$work/sums"
known='^(MANIFEST\.json|README\.txt|checkpoint\.txt|entries|entries/[0-9]{6}\.jsonl|log\.vkeys|proof\.txt|texts\.jsonl|verify\.html|verify\.sh)$'
for file in * entries/*; do
    [[ $file =~ $known ]] || bad "$file: does not belong into a bundle"
    [[ $file == MANIFEST.json || $file == entries ]] || jq -e --arg f "$file" '.files | has($f)' MANIFEST.json >/dev/null ||
        bad "$file: does not belong into a bundle"
done
sha256sum -c --strict --quiet "$work/sums" >&2 || bad "a file is not the one that the manifest lists"
cat entries/*.jsonl >"$work/entries"
mapfile -t entries <"$work/entries"
[[ $(printf %s "${entries[0]}" | sha) == "$pin" ]] || bad "pin: the log begins with another genesis than the one pinned"
[[ $(jq -r .pin MANIFEST.json) == "$pin" ]] || bad "MANIFEST.json: another pin"

# ------------------------------------------------------------------------------------------ entries and checkpoint

# visible FILE  no text in it has a character that moves a terminal's cursor or cannot be seen
visible() { jq -ne 'isempty(inputs | .. | strings, (objects | keys[]) | select(test("(?![\n\t])[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]")))' "$1" >/dev/null; }
visible "$work/entries" || bad "entries: a character that cannot be seen"
jq -ne 'isempty(inputs | .. | numbers | select(. != floor))' "$work/entries" >/dev/null || bad "entries: a number that is not whole"
jq -cS . "$work/entries" | cmp -s - "$work/entries" || bad "entries: not canonical"
later "$work/entries" entries
origin=$(jq -r .origin MANIFEST.json) tenant=$(jq -r .tenant MANIFEST.json) request=$(jq -r .request MANIFEST.json)
types="genesis key-add key-remove settings policy log-keys gateway-authority gateway-authority-object gateway-revoke ticket request review auto decision revoke withdraw lapse end session-open operation part outcome session-close session-lost removal-failed recovery erased"
jq -n --arg origin "$origin" --arg types "$types" 'reduce inputs as $e (-1;
    if $e.v == 1 and $e.origin == $origin and $e.seq > . and ($e.type | IN($types / " " | .[])) then $e.seq
    else error("entry \($e.seq) is out of order, of another log or of an unknown kind") end)' "$work/entries" >/dev/null ||
    bad "entries"

genesis=$(jq -r .body.envelope.payload <<<"${entries[0]}" | base64 -d)
[[ $(jq -r .type <<<"${entries[0]}") == genesis ]] || bad "entry 0: no genesis"
seq=0
typed genesis "$(jq -r .body.envelope.payloadType <<<"${entries[0]}")" "$genesis"
[[ $(jq -r .origin <<<"$genesis") == "$origin" ]] || bad "entry 0: no genesis of $origin"
[[ $(jq -r .tenant <<<"$genesis") == "$tenant" ]] || bad "entry 0: another tenant"
# The checkpoint covers every entry, so its keys are those that the last entry about them names; whether it may is checked below.
named=$genesis rotation=$(jq -c 'select(.type == "log-keys")' "$work/entries" | tail -n 1)
if [[ -n $rotation ]]; then
    seq=$(jq .seq <<<"$rotation") named=$(jq -r .body.envelope.payload <<<"$rotation" | base64 -d)
    typed log-keys "$(jq -r .body.envelope.payloadType <<<"$rotation")" "$named"
fi
jq -r '.logKeys[]' <<<"$named" | cmp -s - log.vkeys || bad "log.vkeys: not the keys that the log names last"
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
        [[ ${1%%+*} == "$origin" && $({ printf '%s\n' "$origin"; unhex <<<"$public"; } | sha) == "${ids[i]}"* ]] ||
            bad "log keys: malformed"
        ((i)) && [[ $public =~ ^06[0-9a-f]{2624}$ ]] || { ((!i)) && [[ $public =~ ^01[0-9a-f]{64}$ ]]; } ||
            bad "log keys: not an Ed25519 and an ML-DSA-44 key"
        unhex <<<"${prefixes[i]}${public:2}" >"$work/$name$i.der"
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
    unhex <<<"${name}0000000000000000${name}0000000000000000$(printf '%016x' "$size")$root"
} >"$work/note1"
for line in "${note[@]:4}"; do
    [[ $line == "— $origin "* ]] || continue
    base64 -d <<<"${line##* }" >"$work/line"
    id=$(head -c 4 "$work/line" | hex) i=0
    [[ $id != "${ids[1]}" ]] || i=1
    [[ $id == "${ids[i]}" ]] || continue
    ((!i)) || [[ $(tail -c +5 "$work/line" | head -c 8 | hex) == 0000000000000000 ]] || bad "checkpoint.txt: a line with a time"
    tail -c +$((5 + 8 * i)) "$work/line" >"$work/sig"
    openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/log$i.der" -rawin -in "$work/note$i" -sigfile "$work/sig" >/dev/null 2>&1 ||
        bad "checkpoint.txt: a false signature"
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
        tr -d '\n' <<<"$pairs" | unhex | split -b 65 -a 7 - "$work/level/"
        mapfile -t nodes < <(hashes "$work"/level/*)
    fi
    nodes+=("${lonely[@]}")
    at=("${next[@]}") width=$(((width + 1) / 2))
done
((used == ${#proof[@]})) && [[ ${nodes[0]} == "$root" ]] || bad "proof.txt: the entries do not make the root that the checkpoint names"

# ------------------------------------------------------------------------------------------ signatures

# pae TYPE <PAYLOAD  the bytes that are signed
pae() {
    cat >"$work/payload"
    printf 'DSSEv1 %d %s %d ' ${#1} "$1" "$(wc -c <"$work/payload")"
    cat "$work/payload"
}

# der KEY-JSON  the key as openssl reads it, if it has one of the two accepted forms
der() {
    local spki
    spki=$(jq -r .spki <<<"$1" | base64 -d | hex)
    [[ $spki =~ ^(302a300506032b6570032100[0-9a-f]{64}|3059301306072a8648ce3d020106082a8648ce3d03010703420004[0-9a-f]{128})$ ]] || return 1
    unhex <<<"$spki" >"$work/key.der"
    algorithm=ed25519
    [[ $spki == 302a* ]] || algorithm=p256
}

# good KEY-JSON SIGNATURE-JSON  does the key sign the PAE in $work/pae so?
good() {
    local scheme message=$work/pae
    scheme=$(jq -r .scheme <<<"$1")
    [[ $(jq -r .scheme <<<"$2") == "$scheme" ]] && der "$1" || return 1
    jq -r .sig <<<"$2" | base64 -d >"$work/sig"
    case $scheme-$algorithm in
    ed25519-ed25519 | ecdsa-p256-p256) ;;
    webauthn-*)
        assertion "$1" "$2" || return 1
        message=$work/asserted
        ;;
    sshsig-*)
        ssh_signed "$1"
        return
        ;;
    *) return 1 ;;
    esac
    local digest=()
    [[ $algorithm == ed25519 ]] || digest=(-digest sha256)
    openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/key.der" -rawin "${digest[@]}" -in "$message" -sigfile "$work/sig" >/dev/null 2>&1
}

# assertion KEY-JSON SIGNATURE-JSON  a passkey's: docs/spec/signatures.md, section 5
assertion() {
    local flags challenge
    jq -r .clientDataJSON <<<"$2" | base64 -d >"$work/client"
    jq -r .authenticatorData <<<"$2" | base64 -d >"$work/authenticator"
    challenge=$(openssl dgst -sha256 -binary "$work/pae" | basenc -w0 --base64url | tr -d =)
    jq -e --arg challenge "$challenge" --argjson key "$1" '.type == "webauthn.get" and .challenge == $challenge
        and (.origin | IN($key.webauthn.origins[])) and (.crossOrigin // false) == false and (has("topOrigin") | not)' \
        "$work/client" >/dev/null || return 1
    [[ $(wc -c <"$work/authenticator") == 37 ]] || return 1
    [[ $(head -c 32 "$work/authenticator" | hex) == $(jq -rj .webauthn.rpId <<<"$1" | sha) ]] || return 1
    flags=$((16#$(tail -c +33 "$work/authenticator" | head -c 1 | hex)))
    (((flags & 0xE7) == 0x05 && (!(flags & 16) || flags & 8))) || return 1
    [[ $(((flags & 8) > 0)) == $(jq 'if .webauthn.backupEligible then 1 else 0 end' <<<"$1") ]] || return 1
    { cat "$work/authenticator"; openssl dgst -sha256 -binary "$work/client"; } >"$work/asserted"
}

string() { printf '%08x%s' $((${#1} / 2)) "$1"; }
ascii() { string "$(printf %s "$1" | hex)"; }

# ssh_signed KEY-JSON  the signature of an SSH key, by ssh-keygen: docs/spec/signatures.md, section 6. It cannot demand that a
# security key has verified its user; that is the byte 05 before the counter.
ssh_signed() {
    local name=ssh-ed25519 application= spki public signature
    command -v ssh-keygen >/dev/null || { echo "NOT CHECKED: entry $seq is signed with an SSH key, and ssh-keygen is not installed" >&2; exit 3; }
    [[ $algorithm == ed25519 ]] || name=ecdsa-sha2-nistp256
    if [[ $(jq 'has("application")' <<<"$1") == true ]]; then
        application=$(jq -r .application <<<"$1") name=sk-$name@openssh.com
        [[ $application =~ ^ssh:[!-~]{0,60}$ ]] || return 1
    fi
    spki=$(hex <"$work/key.der") signature=$(hex <"$work/sig")
    public=$(ascii "$name")
    if [[ $algorithm == ed25519 ]]; then public+=$(string "${spki:24}"); else public+=$(ascii nistp256)$(string "${spki:52}"); fi
    [[ -z $application ]] || public+=$(ascii "$application")
    [[ $signature == 53534853494700000001$(string "$public")$(ascii lockbox@v1)00000000* ]] || return 1
    [[ -z $application || ${signature: -10:2} == 05 ]] || return 1
    echo "approver namespaces=\"lockbox@v1\" $name $(unhex <<<"$public" | base64 -w0)" >"$work/allowed"
    { echo "-----BEGIN SSH SIGNATURE-----"; base64 -w70 "$work/sig"; echo "-----END SSH SIGNATURE-----"; } >"$work/armored"
    ssh-keygen -Y verify -f "$work/allowed" -I approver -n lockbox@v1 -s "$work/armored" <"$work/pae" >/dev/null 2>&1
}

declare -A keys who reserved revoked opened_with
quorum=0 last=
key_id() { jq -r .spki <<<"$1" | base64 -d | sha; }
enrol() { # ENROLLED-JSON
    local id
    id=$(key_id "$(jq -c .key <<<"$1")")
    [[ -z ${keys[$id]:-} ]] || bad "entry $seq: a key twice"
    [[ -z ${reserved[$id]:-} ]] || bad "entry $seq: an approver's key that is the provider's"
    keys[$id]=$(jq -c .key <<<"$1") who[$id]=$(jq -r .approver <<<"$1")
}

# keyring  genesis or a change: signed by every new key and by the quorum of its time, and by nobody else
keyring() {
    local new=() valid=0 people= sig id old=("${!keys[@]}") before=$quorum each
    if [[ $type == genesis ]]; then
        mapfile -t new < <(jq -c '.keys[]' <<<"$payload")
    else
        [[ $(jq -r .prev <<<"$payload") == "$last" ]] || bad "entry $seq: does not follow the keyring entry before it"
        [[ $type == $(jq -r '[if has("add") then "key-add" else empty end, if has("remove") then "key-remove" else empty end,
            if has("settings") then "settings" else empty end, if has("objectTo") then "gateway-authority-object" else empty end] | join(" ")' <<<"$payload") ]] || bad "entry $seq: not what it says"
        mapfile -t new < <(jq -c '.add // empty' <<<"$payload")
    fi
    if [[ $type == gateway-authority-object ]]; then
        [[ -n $next && $(jq -r .objectTo <<<"$payload") == "$change" ]] && ((ts < effect)) || bad "entry $seq: an objection to no change, or too late"
        next=
    fi
    for each in "${new[@]}"; do enrol "$each"; done
    while read -r sig; do
        id=$(jq -r .keyId <<<"$sig")
        [[ -n ${keys[$id]:-} ]] && good "${keys[$id]}" "$sig" || bad "entry $seq: a false or foreign signature"
        valid=$((valid + 1))
        [[ " ${old[*]} " != *" $id "* ]] || people+=${who[$id]}$'\n'
        [[ " ${old[*]} " == *" $id "* ]] || new=("${new[@]:1}")
    done < <(jq -c '.signatures | unique_by(.keyId)[]' <<<"$envelope")
    ((${#new[@]} == 0 && valid == $(jq '.signatures | length' <<<"$envelope"))) || bad "entry $seq: not signed by every new key"
    (($(printf %s "$people" | sort -u | wc -l) >= before)) || bad "entry $seq: not signed by a quorum"
    quorum=$(jq .quorum <<<"$payload")
    id=$(jq -r '.remove // empty' <<<"$payload")
    [[ -z $id ]] || { [[ -n ${keys[$id]:-} ]] || bad "entry $seq: no such key"; unset "keys[$id]" "who[$id]"; }
    last=$(printf %s "$entry" | sha)
}

# rotated  the old pair of log keys names the next, and both sign (docs/spec/log.md, section 5)
rotated() {
    local i which sig id new=()
    jq -e --arg t "$tenant" --arg o "$origin" --arg p "$last" '.tenant == $t and .origin == $o and .prev == $p' <<<"$payload" >/dev/null ||
        bad "entry $seq: does not follow the keyring entry before it"
    mapfile -t new < <(jq -r '.logKeys[]' <<<"$payload")
    for i in "${new[@]}"; do
        [[ -z ${log_keys[$i]:-} ]] || bad "entry $seq: a log key that was one before"
        log_keys[$i]=1
    done
    pair old "${pair[@]}"
    pair new "${new[@]}"
    [[ $(jq '.signatures | length' <<<"$envelope") == 4 ]] || bad "entry $seq: not signed by both old log keys and both new ones"
    for i in 0 1 2 3; do
        which=$((i < 2 ? 0 : 1)) sig=$(jq -c --argjson i "$i" '.signatures[$i]' <<<"$envelope")
        if ((which)); then id=$work/new$((i % 2)).der; else id=$work/old$((i % 2)).der; fi
        [[ $(jq -r .keyId <<<"$sig") == $(sha <"$id") ]] || bad "entry $seq: signed by another key"
        jq -r .sig <<<"$sig" | base64 -d >"$work/sig"
        openssl pkeyutl -verify -pubin -keyform DER -inkey "$id" -rawin -in "$work/pae" -sigfile "$work/sig" >/dev/null 2>&1 ||
            bad "entry $seq: not signed by both old log keys and both new ones"
    done
    pair=("${new[@]}")
    echo "entry $seq  provider  replaced the keys of the log  [signed by both old log keys and both new ones]"
}

# decided  a decision or a revocation: exactly one signature, by a key in force, over this very request
decided() {
    local sig id
    jq -e --arg t "$tenant" --arg o "$origin" --arg r "$request" --argjson i "$asked" --arg h "$asked_hash" --arg a "$assurance" \
        '.tenant == $t and .origin == $o and .request == {assurance: $a, id: $r, index: $i, sha256: $h}' <<<"$payload" >/dev/null ||
        bad "entry $seq: signed for another request, or for other terms of it"
    [[ $(jq '.signatures | length' <<<"$envelope") == 1 ]] || bad "entry $seq: not exactly one signature"
    sig=$(jq -c '.signatures[0]' <<<"$envelope")
    id=$(jq -r .keyId <<<"$sig")
    [[ -n ${keys[$id]:-} && ${who[$id]} == $(jq -r .approver <<<"$payload") ]] || bad "entry $seq: not a key of the approver it names"
    [[ $id != "$engineer" ]] || bad "entry $seq: the requester's own key"
    good "${keys[$id]}" "$sig" || bad "entry $seq: a false signature"
    echo "entry $seq  ${who[$id]}  $type $(jq -r '.decision // ""' <<<"$payload") $(jq -c '.grant // ""' <<<"$payload")  [signature by key ${id:0:12}]"
    [[ $(jq -r '.decision // ""' <<<"$payload") != approve ]] || approvers+=${who[$id]}$'\n'
}

# erased  texts that approvers had erased: one for single entries, the quorum for everything; keeps which in $work/gone
erased() {
    local sig id people= valid=0 at by
    at=$(jq -r .ts <<<"$entry")
    jq -e --arg t "$tenant" --arg o "$origin" --argjson at "$at" --argjson seq "$seq" '.tenant == $t and .origin == $o and
        (.notAfter | sub("\\.[0-9]+Z$"; "Z") | fromdate * 1000 + 999) > $at and (.all == true) != (.entries | type == "array") and
        all(.entries // [] | .[]; . < $seq)' <<<"$payload" >/dev/null || bad "entry $seq: an erasure for another log, too late, or of entries that there are not"
    while read -r sig; do
        id=$(jq -r .keyId <<<"$sig")
        [[ -n ${keys[$id]:-} ]] && good "${keys[$id]}" "$sig" || bad "entry $seq: a false or foreign signature"
        valid=$((valid + 1)) people+=${who[$id]}$'\n'
    done < <(jq -c '.signatures | unique_by(.keyId)[]' <<<"$envelope")
    ((valid == $(jq '.signatures | length' <<<"$envelope"))) || bad "entry $seq: a key twice"
    (($(printf %s "$people" | sort -u | wc -l) >= $(jq --argjson q "$quorum" 'if .all then $q else 1 end' <<<"$payload"))) || bad "entry $seq: not signed by a quorum"
    by=$(printf %s "$people" | sort -u | paste -sd' ')
    jq -c --argjson own "$seq" --argjson at "$at" --arg by "$by" \
        '{own: $own, entries: (.entries // null), how: "on \($at / 1000 | floor | todate) by \($by) (entry \($own): \(.reason))"}' <<<"$payload" >>"$work/gone"
    echo "entry $seq  $by  erased $(jq -r 'if .all then "every text so far" else "the texts of entries \(.entries | tojson)" end + ": " + .reason' <<<"$payload")  [signed]"
}

# expired  texts whose time was over by the settings in force (times are not checked here)
expired() {
    jq -e --argjson at "$settings_at" --argjson kept "$retention" --argjson seq "$seq" '.body.retention | .settings == $at and
        (.before | length > 0 and all(to_entries[]; .key as $k | $kept | has($k)) and all(.[]; . > 0 and . <= $seq))' <<<"$entry" >/dev/null ||
        bad "entry $seq: not by the settings in force"
    jq -c '{own: .seq, before: .body.retention.before, how: "on \(.ts / 1000 | floor | todate) by the retention period (entry \(.seq): settings of entry \(.body.retention.settings))"}' <<<"$entry" >>"$work/gone"
    echo "entry $seq  server  erased what had been kept for as long as entry $settings_at lets it: $(jq -c .body.retention.before <<<"$entry")"
}

# Which gateways may open sessions: docs/spec/log-entry.md, "Gateways"
host=${origin%%/t/*} next= effect=0 change=
authority=$(jq -c .gatewayAuthority <<<"$genesis")
reserved[$(key_id "$authority")]=1
while read -r key; do # what a log's key is called here: SHA-256 of its SPKI; in base64 "+" is a digit
    key=${key#*+}
    key=$(base64 -d <<<"${key#*+}" | hex)
    case $key in 01*) id=302a300506032b6570032100 ;; *) id=30820532300b06096086480165030403110382052100 ;; esac
    reserved[$(unhex <<<"$id${key:2}" | sha)]=1
done <log.vkeys
ms='def ms: (sub("\\.[0-9]{3}Z$"; "Z") | fromdate * 1000) + ([capture("\\.(?<f>[0-9]{3})Z$").f | tonumber][0] // 0);'

# in_force  the gateway authority at the entry's time
in_force() { if [[ -n $next ]] && ((ts >= effect)); then printf %s "$next"; else printf %s "$authority"; fi; }

# vouched KEY-JSON ENVELOPE-JSON  this gateway authority, whatever others did, signed the PAE in $work/pae
vouched() {
    local sig id
    [[ $(jq -r .scheme <<<"$1") =~ ^(ed25519|ecdsa-p256)$ ]] || return 1
    id=$(key_id "$1")
    while read -r sig; do
        ! good "$1" "$sig" || return 0
    done < <(jq -c --arg id "$id" --argjson key "$1" '.signatures[] | select(.keyId == $id and .scheme == $key.scheme)' <<<"$2")
    return 1
}

# revoke_gateway  a gateway's key that the authority ended
revoke_gateway() {
    jq -e --arg h "$host" 'keys == ["gateway", "key", "logHost", "reason", "v"] and .v == 1 and .logHost == $h' <<<"$payload" >/dev/null ||
        bad "entry $seq: a revocation for another log host"
    vouched "$(in_force)" "$envelope" || bad "entry $seq: not signed by the gateway authority"
    revoked[$(jq -r .key <<<"$payload")]=1
    jq -r '"entry '"$seq"'  gateway authority  revoked key \(.key[:12]) of gateway \(.gateway): \(.reason)  [signed]"' <<<"$payload"
}

# change_authority  another gateway authority follows, unless the tenant objects
change_authority() {
    local old new id
    old=$(in_force) new=$(jq -c .authority <<<"$payload")
    id=$(key_id "$new")
    jq -e --arg h "$host" --arg old "$(key_id "$old")" --arg new "$id" --argjson at "$ts" "$ms"'
        keys == ["authority", "logHost", "prev", "takesEffect", "v"] and .v == 1 and .logHost == $h and .prev == $old and $new != $old and
        ((.takesEffect | ms) - $at | . >= 72 * 3600000 and . <= 720 * 3600000)' <<<"$payload" >/dev/null ||
        bad "entry $seq: a gateway authority that does not follow, or not in time"
    [[ -z ${keys[$id]:-} ]] || bad "entry $seq: an approver's key as the gateway authority"
    vouched "$old" "$envelope" && vouched "$new" "$envelope" || bad "entry $seq: not signed by the old and the new gateway authority"
    authority=$old next=$new effect=$(jq "$ms .takesEffect | ms" <<<"$payload") change=$(printf %s "$entry" | sha)
    reserved[$id]=1
    jq -r '"entry '"$seq"'  gateway authority  another one takes effect at \(.takesEffect)  [signed by both]"' <<<"$payload"
}

# certified  keeps the key of the certificate that a gateway shows when it opens a session
certified() {
    local envelope payload key id kind=application/vnd.lockbox.gateway-certificate.v1+json
    envelope=$(jq -c .body.certificate.envelope <<<"$entry")
    payload=$(jq -r .payload <<<"$envelope" | base64 -d)
    jq -cS . <<<"$payload" | cmp -s - <(printf '%s\n' "$payload") || bad "entry $seq: a certificate that is not canonical"
    typed gateway-certificate "$(jq -r .payloadType <<<"$envelope")" "$payload"
    jq -e --arg h "$host" --argjson e "$entry" --argjson at "$ts" "$ms"'
        keys == ["gateway", "key", "logHost", "notAfter", "notBefore", "resources", "v"] and .v == 1 and .logHost == $h and .gateway == $e.gw.id and
        (.resources | . == unique and length <= 100 and any(. == $e.body.resource)) and (.notBefore | ms) <= $at and $at < (.notAfter | ms) and
        (.notAfter | ms) - (.notBefore | ms) <= 400 * 86400000' <<<"$payload" >/dev/null ||
        bad "entry $seq: the gateway's certificate is for another gateway, host, resource or time"
    key=$(jq -c .key <<<"$payload")
    [[ $(jq -r .scheme <<<"$key") =~ ^(ed25519|ecdsa-p256)$ ]] || bad "entry $seq: a gateway's key that does not sign directly"
    id=$(key_id "$key")
    [[ -z ${keys[$id]:-}${reserved[$id]:-} ]] || bad "entry $seq: a gateway's key that is something else"
    printf %s "$payload" | pae "$kind" >"$work/pae"
    vouched "$(in_force)" "$envelope" ||
        bad "entry $seq: a certificate that is not signed by the gateway authority"
    id=$(jq -r .body.session <<<"$entry")
    [[ -z ${opened_with[$id]:-} ]] || bad "entry $seq: a session that was opened twice"
    opened_with[$id]=$key
}

# gateway  an opening or a closing, signed with the key that the gateway was certified for
gateway() {
    local key
    [[ $type != session-open ]] || certified
    key=${opened_with[$(jq -r .body.session <<<"$entry")]:-}
    [[ -n $key ]] || bad "entry $seq: a session that was not opened"
    [[ -z ${revoked[$(key_id "$key")]:-} ]] || bad "entry $seq: the gateway's key was revoked"
    jq -cjS --arg t "$tenant" '{body, gw: (.gw | del(.sig)), tenant: $t, type}' <<<"$entry" |
        pae application/vnd.lockbox.gateway.v1+json >"$work/pae"
    good "$key" "$(jq -c --argjson k "$key" '{scheme: $k.scheme, sig: .gw.sig}' <<<"$entry")" ||
        bad "entry $seq: not signed with the key that the gateway was certified for"
    if [[ $type == session-open ]]; then
        typed connect "$(jq -r .body.connect.envelope.payloadType <<<"$entry")" "$(jq -r .body.connect.envelope.payload <<<"$entry" | base64 -d)"
        (($(printf %s "$approvers" | sort -u | wc -l) >= needed)) || bad "entry $seq: a session without a quorum of approvals"
        [[ $(jq -r .body.request <<<"$entry") == "$request" ]] || bad "entry $seq: a session of another request"
    fi
    echo "entry $seq  gateway $(jq -r .gw.id <<<"$entry")  $type $(jq -r .body.session <<<"$entry")  [signed by the gateway]"
}

mapfile -t pair < <(jq -r '.logKeys[]' <<<"$genesis")
declare -A log_keys=(["${pair[0]}"]=1 ["${pair[1]}"]=1)
settings_at=0 retention={} epochs=1 asked=-1 asked_hash= assurance= engineer= needed=0 approvers=
while read -r entry; do
    seq=$(jq .seq <<<"$entry") ts=$(jq .ts <<<"$entry") type=$(jq -r .type <<<"$entry")
    case $type in
    policy | ticket | auto) bad "entry $seq: it rests on a policy, which this script does not evaluate: use lockbox verify" ;;
    erased) [[ $(jq '.body | has("retention")' <<<"$entry") == false ]] || { expired && continue; } ;;&
    genesis | key-add | key-remove | settings | log-keys | gateway-* | decision | revoke | erased)
        envelope=$(jq -c .body.envelope <<<"$entry")
        payload=$(jq -r .payload <<<"$envelope" | base64 -d)
        case $type in key-* | settings | gateway-authority-object) kind=keyring ;; gateway-revoke) kind=gateway-revocation ;; revoke) kind=revocation ;; erased) kind=erasure ;; *) kind=$type ;; esac
        jq -cS . <<<"$payload" | cmp -s - <(printf '%s\n' "$payload") || bad "entry $seq: a payload that is not canonical"
        typed "$kind" "$(jq -r .payloadType <<<"$envelope")" "$payload"
        visible <(printf %s "$payload") || bad "entry $seq: a character that cannot be seen"
        printf %s "$payload" | pae "application/vnd.lockbox.$kind.v1+json" >"$work/pae"
        [[ $type != settings || $(jq '.settings | has("access")' <<<"$payload") == false ]] ||
            bad "entry $seq: it switches access on or off, which this script does not follow: use lockbox verify"
        [[ $type != settings ]] || { settings_at=$seq retention=$(jq -c '.settings.retention // {}' <<<"$payload"); }
        case $type in decision | revoke) decided ;; erased) erased ;; log-keys) rotated ;; gateway-revoke) revoke_gateway ;; gateway-authority) change_authority ;; *) keyring ;; esac
        ;;
    request)
        ((asked < 0)) && [[ $(jq -r .body.request.id <<<"$entry") == "$request" ]] || bad "entry $seq: another request"
        asked=$seq asked_hash=$(printf %s "$entry" | sha) needed=$(jq .body.request.quorum <<<"$entry")
        ((needed == quorum)) || bad "entry $seq: asks for another quorum than the keyring"
        assurance=$(jq -r .body.request.assurance <<<"$entry")
        [[ $assurance =~ ^(gated|checked|granted)$ ]] || bad "entry $seq: no such assurance"
        engineer=$(key_id "$(jq -c .body.request.engineer.key <<<"$entry")")
        jq -r '.body.request | "entry '"$seq"'  \(.engineer.id)  asked for \(.level) on \(.resource), \(.duration)"' <<<"$entry"
        ;;
    session-open | session-close) gateway ;;
    recovery)
        generation=$(jq '.body.epochs // 0' <<<"$entry")
        [[ $generation =~ ^[0-9]{1,9}$ ]] || bad "entry $seq: no generation of the epoch log"
        ((generation == 0 || generation > epochs)) || bad "entry $seq: the epoch log goes on under a name that it had before"
        ((generation == 0)) || epochs=$generation
        jq -r '"entry \(.seq)  provider  " + (if .body.epochs then "LOST EPOCHS" else "LOST ENTRIES" end) + ": had been signed with \(.body.lostSize), went on "
            + (if .body.epochs then "as generation \(.body.epochs)" else "from \(.seq)" end) + ": \(.body.reason)"' <<<"$entry"
        ;;
    esac
done < <(jq -c 'select(.type | IN("operation", "part", "outcome") | not)' "$work/entries")
((asked >= 0)) || bad "there is no entry of $request"

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
jq -r '"\(.commitment) \(.salt) \(.text)"' texts.jsonl >"$work/texts"
cut -d' ' -f1 "$work/texts" | sort -uc || bad "texts.jsonl: not sorted"
[[ -z $(cut -d' ' -f1 "$work/texts" | comm -23 - "$work/commitments") ]] || bad "texts.jsonl: no entry commits to a text"
while read -r commitment salt text; do
    [[ ${#salt} == 24 && $({ base64 -d <<<"$salt"; base64 -d <<<"${text:-}"; } | sha) == "$commitment" ]] ||
        bad "texts.jsonl: a text does not open $commitment"
done <"$work/texts"
# each text that is shown, in quotes, and nothing in it that a terminal obeys or hides
jq -a '.commitment, (.text | @base64d)' texts.jsonl | paste - - | sed 's/^"\([0-9a-f]*\)"/\1/' >"$work/readable"
join -t $'\t' -o 1.2,1.3,2.2 <(tr ' ' '\t' <"$work/texts-of") "$work/readable" | sort -n | while IFS=$'\t' read -r index kind text; do
    printf 'entry %s: %s %s\n' "$index" "$kind" "$text"
done
if [[ -s $work/gone ]]; then
    while read -r commitment index kind; do
        how=$(jq -r --argjson i "$index" --arg k "$kind" 'select($i < .own and if .before then $i < (.before[$k] // 0)
            else .entries == null or any(.entries[]; . == $i) end) | .how' "$work/gone" | head -1)
        [[ -n $how ]] || continue
        ! grep -q "^$commitment " "$work/texts" || bad "texts.jsonl: the $kind of entry $index is still shown, although it was erased $how"
        echo "entry $index: $kind erased $how"
    done <"$work/texts-of"
fi
echo "${#entries[@]} entries proven under a checkpoint of $size; $(cat "$work/count") operations; $(wc -l <"$work/texts") texts."
echo "verified: what verify.sh checks (see its head) holds" >&2
