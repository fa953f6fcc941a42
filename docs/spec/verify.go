// verify FILE PIN: the short verifier of evidence bundles, in Go's standard library alone. It proves that the entries are those of
// the pinned log, unchanged and in order, and whose signatures let the engineer in, through which gateway. It leaves ML-DSA (not in Go yet) and the rules of
// sessions, windows and narrowing to verify.py. Exit codes: 0 everything here holds, 1 something does not, 2 usage,
// 3 a newer version of a format, so nothing is known (evolution.md).
package main

import (
	"archive/zip"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

type object = map[string]any

var types = strings.Fields("genesis key-add key-remove settings policy log-keys gateway-authority gateway-authority-object gateway-revoke ticket request review auto decision revoke withdraw lapse end session-open operation part " +
	"outcome session-close session-lost removal-failed recovery erased")
var known = regexp.MustCompile(`^(README\.txt|checkpoint\.txt|log\.vkeys|proof\.txt|texts\.jsonl|verify\.(html|sh)|entries/\d{6}\.jsonl)$`)

func need(holds bool, what ...any) {
	if !holds {
		panic(fmt.Sprint(what...))
	}
}

// newer is a document of a version that this program does not know: not verified, and not false.
type newer string

func versioned(value object, what string) object {
	if v, is := value["v"].(float64); is && v > 1 {
		panic(newer(fmt.Sprintf("%s: version %v needs a newer verifier; this one knows version 1", what, v)))
	}
	need(value["v"] == 1.0, what, ": no version of it")
	return value
}

var payloadType = regexp.MustCompile(`^application/vnd\.lockbox\.([a-z-]+)\.v([1-9][0-9]{0,8})\+json$`)

// statement gives the payload of an envelope, which is of this kind.
func statement(envelope object, kind string) object {
	parts := payloadType.FindStringSubmatch(envelope["payloadType"].(string))
	need(parts != nil && parts[1] == kind, "another kind of statement than ", kind)
	versioned(object{"v": must(strconv.ParseFloat(parts[2], 64))}, kind)
	return versioned(read(string(b64(envelope["payload"]))), kind)
}

func must[T any](value T, err error) T {
	need(err == nil, err)
	return value
}

func b64(text any) []byte { return must(base64.StdEncoding.Strict().DecodeString(text.(string))) }
func sha(text ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(text, "")))
	return string(sum[:])
}
func hexsha(text string) string { return hex.EncodeToString([]byte(sha(text))) }

func read(data string) (value object) {
	need(json.Unmarshal([]byte(data), &value) == nil, "not JSON: ", data)
	return value
}

func lines(file string) []string {
	rows := strings.Split(file, "\n")
	need(rows[len(rows)-1] == "", "a line that does not end")
	return rows[:len(rows)-1]
}

// holds is whether this key made this signature over the message (signatures.md, sections 3 to 6).
func holds(key, signature object, message string) bool {
	spki, sig := b64(key["spki"]), b64(signature["sig"])
	need(signature["scheme"] == key["scheme"], "another scheme than the key's")
	if passkey, is := key["webauthn"].(object); is {
		client, data := string(b64(signature["clientDataJSON"])), string(b64(signature["authenticatorData"]))
		said, challenge := read(client), base64.RawURLEncoding.EncodeToString([]byte(sha(message)))
		need(said["type"] == "webauthn.get" && said["challenge"] == challenge && slices.Contains(passkey["origins"].([]any), said["origin"]), "a passkey's page")
		need(len(data) == 37 && data[:32] == sha(passkey["rpId"].(string)) && data[32]&0xe7 == 5, "a passkey's site or flags")
		need(data[32]&24 != 16 && (data[32]&8 != 0) == passkey["backupEligible"].(bool), "a passkey of another kind than the one enrolled")
		_, framed := said["topOrigin"]
		need(!framed && (said["crossOrigin"] == nil || said["crossOrigin"] == false), "a passkey's page in a foreign frame")
		message = data + sha(client)
	}
	if key["scheme"] == "sshsig" {
		message, sig = sshSigned(string(spki), key["application"], string(sig), message)
	}
	switch public := must(x509.ParsePKIXPublicKey(spki)).(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(public, []byte(message), sig)
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(public, []byte(sha(message)), sig)
	}
	return false
}

func str(text string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(text)))) + text
}
func cut(text string) (string, string) {
	need(len(text) >= 4 && len(text)-4 >= int(binary.BigEndian.Uint32([]byte(text))), "an SSH signature that ends too early")
	end := 4 + int(binary.BigEndian.Uint32([]byte(text)))
	return text[4:end], text[end:]
}

// sshSigned gives what an SSH key has signed, and its signature as the other schemes have it (signatures.md, section 6).
func sshSigned(spki string, application any, blob, message string) (string, []byte) {
	kind, point, more := "ssh-ed25519", str(spki[12:]), ""
	if len(spki) != 44 {
		kind, point = "ecdsa-sha2-nistp256", str("nistp256")+str(spki[26:])
	}
	if application != nil {
		kind, more = "sk-"+kind+"@openssh.com", str(application.(string))
	}
	inner, is := strings.CutPrefix(blob, "SSHSIG\x00\x00\x00\x01"+str(str(kind)+point+more)+str("lockbox@v1")+str(""))
	need(is, "an SSH signature by another key, or for another use")
	hash, inner := cut(inner)
	inner, after := cut(inner)
	named, inner := cut(inner)
	sig, said := cut(inner)
	digest := sha(message)
	if hash == "sha512" {
		sum := sha512.Sum512([]byte(message))
		digest = string(sum[:])
	}
	need((hash == "sha256" || hash == "sha512") && named == kind && after == "" && (said == "") == (more == ""), "a malformed SSH signature")
	signed := "SSHSIG" + str("lockbox@v1") + str("") + str(hash) + str(digest)
	if more != "" {
		need(len(said) == 5 && said[0] == 5, "a security key that did not verify its user")
		signed = sha(application.(string)) + said + sha(signed)
	}
	if len(spki) != 44 {
		r, rest := cut(sig)
		s, rest := cut(rest)
		need(rest == "" && len(r) <= 33 && len(s) <= 33, "a malformed SSH signature")
		sig = "\x02" + string([]byte{byte(len(r))}) + r + "\x02" + string([]byte{byte(len(s))}) + s
		sig = "\x30" + string([]byte{byte(len(sig))}) + sig
	}
	return signed, []byte(sig)
}

// root climbs from some leaves to the root, taking what they do not give from the joint proof (log.md, section 4).
func root(size int, nodes map[int]string, proof []string) string {
	for ; size > 1; size = (size + 1) / 2 {
		above := map[int]string{}
		for _, index := range slices.Sorted(maps.Keys(nodes)) {
			left := index &^ 1
			if left+1 == size {
				above[left/2] = nodes[left]
			}
			for side := left; side < left+2 && left+1 < size; side++ {
				if nodes[side] == "" {
					need(len(proof) > 0, "proof.txt is too short")
					nodes[side], proof = string(must(hex.DecodeString(proof[0]))), proof[1:]
				}
				above[left/2] = sha("\x01", nodes[left], nodes[left+1])
			}
		}
		nodes = above
	}
	need(len(proof) == 0, "proof.txt is too long")
	return nodes[0]
}

// checkpoint gives size and root of a note that the log's Ed25519 key signed.
func checkpoint(note, vkey, origin string) (size int, root string) {
	text, signatures, _ := strings.Cut(note, "\n\n")
	parts := strings.SplitN(vkey, "+", 3)
	name, public := parts[0], string(b64(parts[2]))
	need(name == origin && public[0] == 1 && strings.HasPrefix(text, origin+"\n"), "checkpoint.txt is of another log")
	signed := false
	for _, line := range lines(signatures) {
		words := strings.Split(line, " ")
		if sig := b64(words[2]); words[1] == origin && string(sig[:4]) == sha(name, "\n", public)[:4] {
			signed = ed25519.Verify([]byte(public[1:]), []byte(text+"\n"), sig[4:])
			need(signed, "checkpoint.txt has a false signature")
		}
	}
	need(signed, "checkpoint.txt is not signed by the log")
	must(fmt.Sscanf(text[len(origin)+1:], "%d\n%s", &size, &root))
	return size, string(b64(root))
}

// log is what the entries so far mean: the approvers' keys and their quorum, the request, and who has approved it.
type text struct {
	seq  float64
	kind string
}

type log struct {
	keys       map[string]object
	quorum     float64
	last       string
	request    object
	asked      float64
	approvers  map[any]bool
	operations int
	protocols  map[any]any     // by session
	sent       map[any]float64 // the number of its last operation, by session
	parts      map[string]float64
	ended      map[string]bool
	settings   any
	logKeys    [][]any         // every pair that the log had, the newest last
	texts      map[string]text // by commitment
	erased     []func(t text) bool
	host       string
	tenant     string
	reserved   map[string]bool // key ids that are no gateway's: of the log and of every authority
	trusted    object          // the gateway authority in force, and the one that follows it
	next       object
	effect     time.Time
	change     string
	revoked    map[any]bool
	gateways   map[any]object // the key of each session's gateway
}

func keyID(key any) string { return hexsha(string(b64(key.(object)["spki"]))) }
func date(text any) time.Time {
	return must(time.Parse("2006-01-02T15:04:05.999Z", text.(string)))
}

func exactly(value object, names string) object {
	need(slices.Equal(slices.Sorted(maps.Keys(value)), strings.Fields(names)), "a missing or unknown member")
	return value
}

func (l *log) authority(at time.Time) object {
	if l.next != nil && !at.Before(l.effect) {
		return l.next
	}
	return l.trusted
}

// vouched is that this gateway authority, whatever others did, signed the envelope.
func vouched(envelope object, authority any) {
	payload, key := string(b64(envelope["payload"])), authority.(object)
	need(slices.Contains([]any{"ed25519", "ecdsa-p256"}, key["scheme"]), "a gateway authority that does not sign directly")
	message := fmt.Sprintf("DSSEv1 %d %s %d %s", len(envelope["payloadType"].(string)), envelope["payloadType"], len(payload), payload)
	need(slices.ContainsFunc(envelope["signatures"].([]any), func(each any) bool {
		one := each.(object)
		return one["keyId"] == keyID(key) && one["scheme"] == key["scheme"] && holds(key, one, message)
	}), "not signed by the gateway authority")
}

// provider takes what the gateway authority says: a gateway's key is revoked, or another authority follows.
func (l *log) provider(kind any, envelope, said object, row string, at time.Time) {
	old := l.authority(at)
	need(said["logHost"] == l.host, "the gateway authority of another log host")
	if kind == "gateway-revoke" {
		exactly(said, "gateway key logHost reason v")
		vouched(envelope, old)
		l.revoked[said["key"]] = true
		return
	}
	exactly(said, "authority logHost prev takesEffect v")
	vouched(envelope, old)
	vouched(envelope, said["authority"])
	effect, id := date(said["takesEffect"]), keyID(said["authority"])
	need(said["prev"] == keyID(old) && id != keyID(old) && l.keys[id] == nil, "a gateway authority that does not follow the one in force")
	need(effect.Sub(at) >= 72*time.Hour && effect.Sub(at) <= 720*time.Hour, "a gateway authority too early or too late")
	l.trusted, l.next, l.effect, l.change = old, said["authority"].(object), effect, hexsha(row)
	l.reserved[id] = true
}

// gateway takes the opening or the closing of a session, which its gateway signed (log-entry.md, "Gateways").
func (l *log) gateway(entry, body object, at time.Time) {
	gw := maps.Clone(entry["gw"].(object))
	if entry["type"] == "session-open" {
		envelope := body["certificate"].(object)["envelope"].(object)
		said := exactly(statement(envelope, "gateway-certificate"), "gateway key logHost notAfter notBefore resources v")
		vouched(envelope, l.authority(at))
		need(said["gateway"] == gw["id"] && said["logHost"] == l.host, "a certificate of another gateway, or for another log host")
		from, end, resources := date(said["notBefore"]), date(said["notAfter"]), said["resources"].([]any)
		need(!at.Before(from) && at.Before(end) && end.Sub(from) <= 400*24*time.Hour, "a certificate that is not valid at this time")
		need(slices.Contains(resources, body["resource"]) && len(resources) <= 100, "a certificate for another resource")
		for i := range resources[1:] {
			need(resources[i].(string) < resources[i+1].(string), "resources that are not sorted")
		}
		id := keyID(said["key"])
		need(!l.reserved[id] && l.keys[id] == nil, "a gateway's key that is something else")
		need(l.gateways[body["session"]] == nil, "a session that was opened twice")
		l.gateways[body["session"]] = said["key"].(object)
	}
	key, sig := l.gateways[body["session"]], gw["sig"]
	delete(gw, "sig")
	need(key != nil && !l.revoked[keyID(key)] && slices.Contains([]any{"ed25519", "ecdsa-p256"}, key["scheme"]), "a gateway's key that was revoked, or none")
	signed := canonical(object{"body": body, "gw": gw, "tenant": l.tenant, "type": entry["type"]})
	kind := "application/vnd.lockbox.gateway.v1+json"
	message := fmt.Sprintf("DSSEv1 %d %s %d %s", len(kind), kind, len(signed), signed)
	need(holds(key, object{"scheme": key["scheme"], "sig": sig}, message), "not signed with the key that the gateway was certified for")
}

// canonical writes what was read anew: members sorted, whole numbers, nothing escaped that need not be.
func canonical(value any) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	need(encoder.Encode(value) == nil, "not JSON")
	return strings.TrimSuffix(out.String(), "\n")
}

// one is an identifier as log-entry.md writes it: plain, or in quotation marks if it has anything but a-z, 0-9 and _.
const one = `([a-z_][a-z0-9_]*|"([^"a-z_\t\n\x{10000}-\x{10FFFF}]|""|[a-z_][a-z0-9_]*([^"a-z0-9_\t\n\x{10000}-\x{10FFFF}]|""))([^"\t\n\x{10000}-\x{10FFFF}]|"")*")`

var (
	status = map[any]*regexp.Regexp{
		"postgresql": regexp.MustCompile(`^[0-9A-Z]{5}$`),
		"http":       regexp.MustCompile(`^[1-5][0-9]{2}$`),
		"ssh":        regexp.MustCompile(`^(exit (0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])|signal [A-Z][A-Z0-9]{2,3})$`),
	}
	word   = regexp.MustCompile(`^[a-z][a-z-]{0,31}$`)
	class  = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)
	name   = regexp.MustCompile(`^[a-z_][a-z0-9_.$]{0,126}$`)
	table  = regexp.MustCompile("^" + one + `(\.` + one + ")?$")
	route  = regexp.MustCompile(`^[a-z][a-z0-9]*([.-][a-z0-9]+){0,7}$`)
	method = regexp.MustCompile(`^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|OTHER)$`)
)

// only says whether an object has the member that it must have, if any, and none but those that it may have.
func only(it any, must, may string) bool {
	members, is := it.(object)
	for member := range members {
		is = is && (member == must || slices.Contains(strings.Fields(may), member))
	}
	_, has := members[must]
	return is && (has || must == "")
}

// counts says whether what is counted there, if anything, is 1 or more.
func counts(it object, member string) bool {
	value, has := it[member]
	number, is := value.(float64)
	return !has || is && number >= 1
}

// words says whether a list there, if any, has 1 to so many words like this.
func words(it object, member string, like *regexp.Regexp, most int, sorted bool) bool {
	value, has := it[member]
	list, is := value.([]any)
	before := ""
	for _, each := range list {
		text, ok := each.(string)
		is = is && ok && like.MatchString(text) && utf8.RuneCountInString(text) <= 257 && (!sorted || before < text)
		before = text
	}
	return !has || is && len(list) > 0 && len(list) <= most
}

func like(it object, member string, pattern *regexp.Regexp) bool {
	value, has := it[member]
	text, is := value.(string)
	return !has || is && pattern.MatchString(text) && len(text) <= 64
}

// facts says whether what a gateway read off operation n is of this protocol, and as it is written.
func facts(protocol any, all object, n float64, refused bool) bool {
	switch protocol {
	case "postgresql":
		sql, _ := all["sql"].(object)
		by, made := sql["preparedBy"]
		before, number := by.(float64)
		for group, lists := range map[string]string{"functions": "names others", "tables": "reads writes others"} {
			value, has := sql[group]
			some, _ := value.(object)
			if has && !(only(value, "", lists) && len(some) > 0 && counts(some, "others") && words(some, "names", name, 200, true) && words(some, "reads", table, 200, true) && words(some, "writes", table, 200, true)) {
				return false
			}
		}
		return only(all, "sql", "") && only(sql, "class", "columns functions preparedBy tables") && words(sql, "class", word, 16, false) && counts(sql, "columns") &&
			(!made || number && before >= 0 && before < n)
	case "http":
		http, _ := all["http"].(object)
		_, routed := http["route"]
		return only(all, "http", "") && only(http, "method", "route") && like(http, "method", method) && like(http, "route", route) && (routed || refused)
	default:
		ssh, _ := all["ssh"].(object)
		channel, _ := ssh["channel"].(string)
		return only(all, "ssh", "") && only(ssh, "channel", "command path") && slices.Contains([]string{"exec", "forward", "sftp", "shell"}, channel) &&
			like(ssh, "command", class) && like(ssh, "path", class)
	}
}

// signers gives the payload of an envelope and the key of each of its signatures, all of which must hold.
func signers(envelope object, keys map[string]object) map[string]object {
	kind, payload, by := envelope["payloadType"].(string), string(b64(envelope["payload"])), map[string]object{}
	for _, one := range envelope["signatures"].([]any) {
		signature := one.(object)
		id := signature["keyId"].(string)
		need(keys[id] != nil && holds(keys[id]["key"].(object), signature, fmt.Sprintf("DSSEv1 %d %s %d %s", len(kind), kind, len(payload), payload)), "a false or foreign signature")
		by[id] = keys[id]
	}
	return by
}

// keyring takes genesis or a later change of the keys: signed by the quorum of its time, and by every key that it adds.
func (l *log) keyring(envelope, payload object, row string) {
	added, next := []any{}, maps.Clone(l.keys)
	if keys, is := payload["keys"].([]any); is && l.last == "" {
		added = keys
	} else if add, is := payload["add"]; is {
		added = []any{add}
	}
	for _, key := range added {
		next[hexsha(string(b64(key.(object)["key"].(object)["spki"])))] = key.(object)
	}
	people, newcomers := map[any]bool{}, 0
	for id, key := range signers(envelope, next) {
		if l.keys[id] != nil {
			people[key["approver"]] = true
		} else {
			newcomers++
		}
	}
	need(newcomers == len(added) && len(people) >= int(l.quorum) && (l.last == "" || payload["prev"] == l.last), "a keyring entry without its signatures, or out of order")
	delete(next, fmt.Sprint(payload["remove"]))
	l.keys, l.last, l.quorum = next, hexsha(row), payload["quorum"].(float64)
}

// ed25519Half gives the Ed25519 key of a pair of log keys, as approvers' keys are written, and its id.
func ed25519Half(pair []any, origin string) (key object, id string) {
	parts := strings.SplitN(pair[0].(string), "+", 3)
	need(len(pair) == 2 && len(parts) == 3 && parts[0] == origin, "log keys of another log")
	public := b64(parts[2])
	need(len(public) == 33 && public[0] == 1, "not an Ed25519 key of a log")
	spki := "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00" + string(public[1:])
	return object{"scheme": "ed25519", "spki": base64.StdEncoding.EncodeToString([]byte(spki))}, hexsha(spki)
}

// rotation takes an entry that names the next keys of the log: signed by the old Ed25519 key and by the new one (log.md, section 5).
func (l *log) rotation(envelope, payload object, row, origin string) {
	old, next := l.logKeys[len(l.logKeys)-1], payload["logKeys"].([]any)
	signatures, kind, text := envelope["signatures"].([]any), envelope["payloadType"].(string), string(b64(envelope["payload"]))
	need(payload["prev"] == l.last && payload["origin"] == origin && len(signatures) == 4, "log keys out of order, or without their signatures")
	for _, before := range l.logKeys {
		need(!slices.Contains(before, next[0]) && !slices.Contains(before, next[1]), "a log key that was one before")
	}
	for i, pair := range [][]any{old, next} {
		key, id := ed25519Half(pair, origin)
		signature := signatures[2*i].(object)
		need(signature["keyId"] == id && holds(key, signature, fmt.Sprintf("DSSEv1 %d %s %d %s", len(kind), kind, len(text), text)), "log keys with a false signature")
	}
	l.logKeys = append(l.logKeys, next)
}

// erasing takes an entry that says which texts are gone: an approver signed for single entries, a quorum for all before it.
func (l *log) erasing(envelope, payload object, own float64) {
	people := map[any]bool{}
	for _, key := range signers(envelope, l.keys) {
		people[key["approver"]] = true
	}
	entries, single := payload["entries"].([]any)
	need(len(people) >= int(l.quorum) || single && len(people) > 0, "an erasure without its signatures")
	l.erased = append(l.erased, func(t text) bool { return t.seq < own && (!single || slices.Contains(entries, any(t.seq))) })
}

func (l *log) take(entry object, row string) {
	body, kind, at := entry["body"].(object), entry["type"], time.UnixMilli(int64(entry["ts"].(float64)))
	envelope, is := body["envelope"].(object)
	need(kind != "policy" && kind != "ticket" && kind != "auto", "it rests on a policy, which this program does not evaluate: use lockbox verify")
	switch {
	case kind == "request":
		asked := body["request"].(object)
		l.texts[asked["reason"].(string)] = text{entry["seq"].(float64), "reason"}
		l.texts[asked["engineer"].(object)["name"].(string)] = text{entry["seq"].(float64), "name"}
		sql, _ := asked["sql"].(object)
		exact, _ := sql["statements"].([]any)
		for _, each := range exact {
			l.texts[each.(string)] = text{entry["seq"].(float64), "operation"}
		}
		need(l.request == nil && asked["quorum"] == l.quorum, "a second request, or one for too few approvers")
		l.asked, l.request = l.quorum, object{"assurance": asked["assurance"], "id": asked["id"], "index": entry["seq"], "sha256": hexsha(row)}
	case kind == "operation":
		l.operations++
		_, refused := body["refused"]
		need(facts(l.protocols[body["session"]], body["facts"].(object), body["n"].(float64), refused), "facts that are not of the session's protocol, or not as they are written")
		l.texts[body["text"].(string)] = text{entry["seq"].(float64), "operation"}
		if input, is := body["input"].(string); is {
			l.texts[input] = text{entry["seq"].(float64), "input"}
		}
		l.sent[body["session"]] = body["n"].(float64)
	case kind == "part":
		last, has := l.sent[body["session"]]
		stream := fmt.Sprint(body["session"], body["n"], body["direction"])
		need(has && body["n"].(float64) <= last && !l.ended[fmt.Sprint(body["session"], body["n"])], "a part without its operation, or after its outcome")
		need(body["part"] == l.parts[stream] && counts(body, "bytes") && (body["direction"] == "in" || body["direction"] == "out"), "a part is missing before it, or not as it is written")
		l.parts[stream]++
		if kept, is := body["text"].(string); is {
			l.texts[kept] = text{entry["seq"].(float64), map[any]string{"in": "input", "out": "operation"}[body["direction"]]}
		}
	case kind == "outcome":
		l.ended[fmt.Sprint(body["session"], body["n"])] = true
		last, has := l.sent[body["session"]]
		need(has && body["n"].(float64) <= last, "an outcome without its operation")
		need(status[l.protocols[body["session"]]].MatchString(body["status"].(string)), "a status of another protocol")
		need(counts(body, "changed"), "it says that nothing was changed")
	case kind == "session-close":
		l.gateway(entry, body, at)
	case kind == "session-open":
		l.gateway(entry, body, at)
		statement(body["connect"].(object)["envelope"].(object), "connect")
		l.protocols[body["session"]] = body["protocol"]
		need(status[body["protocol"]] != nil, "a session of a protocol that there is not")
		need(len(l.approvers) >= int(l.asked) && l.request != nil && body["request"] == l.request["id"], "a session that nobody let in")
	case kind == "erased" && !is:
		before := body["retention"].(object)["before"].(object)
		need(body["retention"].(object)["settings"] == l.settings, "an erasure by other settings than those in force")
		l.erased = append(l.erased, func(t text) bool { n, is := before[t.kind].(float64); return is && t.seq < n })
	case is:
		payload := statement(envelope, map[any]string{"genesis": "genesis", "decision": "decision", "revoke": "revocation", "erased": "erasure",
			"key-add": "keyring", "key-remove": "keyring", "settings": "keyring", "gateway-authority-object": "keyring",
			"gateway-revoke": "gateway-revocation", "gateway-authority": "gateway-authority", "log-keys": "log-keys"}[kind])
		if kind == "gateway-revoke" || kind == "gateway-authority" {
			l.provider(kind, envelope, payload, row, at)
			return
		}
		if kind == "log-keys" {
			l.rotation(envelope, payload, row, entry["origin"].(string))
			return
		}
		if kind == "genesis" {
			l.logKeys = [][]any{payload["logKeys"].([]any)}
		}
		if kind == "erased" {
			l.erasing(envelope, payload, entry["seq"].(float64))
			return
		}
		if kind != "decision" && kind != "revoke" {
			l.keyring(envelope, payload, row)
			if kind == "gateway-authority-object" {
				need(l.next != nil && payload["objectTo"] == l.change && at.Before(l.effect), "an objection to no change, or too late")
				l.next = nil
			}
			need(!slices.ContainsFunc(slices.Collect(maps.Keys(l.keys)), func(id string) bool { return l.reserved[id] }), "an approver's key that is the provider's")
			if kind == "settings" {
				l.settings = entry["seq"]
				_, switched := payload["settings"].(object)["access"]
				need(!switched, "it switches access on or off, which this program does not follow: use lockbox verify")
			}
			return
		}
		need(fmt.Sprint(payload["request"]) == fmt.Sprint(l.request), "a decision about another request")
		for _, key := range signers(envelope, l.keys) {
			need(key["approver"] == payload["approver"], "a decision in another's name")
			if payload["decision"] == "approve" {
				l.approvers[key["approver"]] = true
			}
		}
	}
}

func verify(file, pin string) string {
	files, listed := map[string]string{}, object{}
	for _, each := range must(zip.OpenReader(file)).File {
		files[each.Name] = string(must(io.ReadAll(must(each.Open()))))
	}
	manifest := versioned(read(files["MANIFEST.json"]), "MANIFEST.json")
	for name, body := range files {
		need(name == "MANIFEST.json" || known.MatchString(name), "a file more: ", name)
		listed[name] = hexsha(body)
	}
	delete(listed, "MANIFEST.json")
	need(fmt.Sprint(listed) == fmt.Sprint(manifest["files"]), "MANIFEST.json does not list the files as they are")
	names, rows, leaves, before := slices.Sorted(maps.Keys(files)), []string{}, map[int]string{}, -1.0
	for _, name := range names {
		if strings.HasPrefix(name, "entries/") {
			rows = append(rows, lines(files[name])...)
		}
	}
	need(len(rows) > 0 && hexsha(rows[0]) == pin && manifest["pin"] == pin, "another genesis than the one pinned")
	genesis := read(string(b64(read(rows[0])["body"].(object)["envelope"].(object)["payload"])))
	need(genesis["origin"] == manifest["origin"] && genesis["tenant"] == manifest["tenant"], "the genesis of another log")
	all := log{keys: map[string]object{}, approvers: map[any]bool{}, texts: map[string]text{}, settings: 0.0, protocols: map[any]any{}, sent: map[any]float64{}, parts: map[string]float64{}, ended: map[string]bool{},
		reserved: map[string]bool{}, revoked: map[any]bool{}, gateways: map[any]object{}, tenant: manifest["tenant"].(string)}
	all.host, _, _ = strings.Cut(genesis["origin"].(string), "/t/")
	all.trusted = genesis["gatewayAuthority"].(object)
	all.reserved[keyID(all.trusted)] = true
	for _, vkey := range genesis["logKeys"].([]any) {
		key := b64(strings.SplitN(vkey.(string), "+", 3)[2])
		prefix := must(hex.DecodeString(map[byte]string{1: "302a300506032b6570032100", 6: "30820532300b06096086480165030403110382052100"}[key[0]]))
		all.reserved[hexsha(string(prefix)+string(key[1:]))] = true
	}
	for i, row := range rows {
		entry := versioned(read(row), fmt.Sprint("entry line ", i+1))
		seq, kind := entry["seq"].(float64), entry["type"].(string)
		need(entry["origin"] == manifest["origin"] && seq > before && slices.Contains(types, kind) && (i == 0) == (kind == "genesis"), "entry ", seq, " is out of place")
		all.take(entry, row)
		leaves[int(seq)], before = sha("\x00", row), seq
	}
	vkeys := all.logKeys[len(all.logKeys)-1]
	need(files["log.vkeys"] == fmt.Sprintf("%s\n%s\n", vkeys...), "log.vkeys are not those that the log names last")
	size, top := checkpoint(files["checkpoint.txt"], vkeys[0].(string), manifest["origin"].(string))
	need(int(before) < size && root(size, leaves, lines(files["proof.txt"])) == top, "the entries are not those under checkpoint.txt")
	texts := lines(files["texts.jsonl"])
	for _, line := range texts {
		opened := read(line)
		commitment := opened["commitment"].(string)
		need(hexsha(string(b64(opened["salt"]))+string(b64(opened["text"]))) == commitment, "a text that does not open its commitment")
		kept, is := all.texts[commitment]
		need(is && !slices.ContainsFunc(all.erased, func(covers func(text) bool) bool { return covers(kept) }), "a text that no entry commits to, or that was erased")
	}
	return fmt.Sprintf("%d entries under a checkpoint of %d; approved by %v; %d operations; %d texts", len(rows), size, slices.Collect(maps.Keys(all.approvers)), all.operations, len(texts))
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: verify FILE PIN")
		os.Exit(2)
	}
	defer func() {
		switch fault := recover().(type) {
		case nil:
		case newer:
			fmt.Fprintln(os.Stderr, "NOT CHECKED:", fault)
			os.Exit(3)
		default:
			fmt.Fprintln(os.Stderr, "NOT VERIFIED:", fault)
			os.Exit(1)
		}
	}()
	fmt.Println(verify(os.Args[1], os.Args[2]))
}
