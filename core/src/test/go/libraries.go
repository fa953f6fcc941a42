// libraries FILE: golang.org/x/mod/sumdb and transparency-dev's merkle and formats over the cases of the file, one a line:
//
//	inclusion <index> <size> <leaf hash> <root> <hash>...
//	consistency <from> <to> <root> <root> <hash>...
//	checkpoint <origin> <vkey of the log> <vkey of a witness> <base64 note>
//
// Hashes and vkeys as in checkpoints. Prints one line a case: what x/mod says and what transparency-dev says, "yes" or "no".
// A checkpoint counts if log and witness have signed it.
package main

import (
	"bufio"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/transparency-dev/formats/log"
	cosigned "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	return value
}

func bytes(text string) []byte { return must(base64.StdEncoding.DecodeString(text)) }

func hash(text string) (h tlog.Hash) {
	copy(h[:], bytes(text))
	return h
}

func number(text string) int64 { return must(strconv.ParseInt(text, 10, 64)) }

func merkle(words []string) (bool, bool) {
	a, b := number(words[1]), number(words[2])
	var theirs [][]byte
	var hashes []tlog.Hash
	for _, word := range words[5:] {
		theirs, hashes = append(theirs, bytes(word)), append(hashes, hash(word))
	}
	first, second := bytes(words[3]), bytes(words[4])
	if words[0] == "inclusion" {
		return a >= 0 && a < b && tlog.CheckRecord(hashes, b, tlog.Hash(second), a, tlog.Hash(first)) == nil,
			proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(a), uint64(b), first, theirs, second) == nil
	}
	return a >= 1 && a <= b && tlog.CheckTree(hashes, b, tlog.Hash(second), a, tlog.Hash(first)) == nil,
		proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(a), uint64(b), theirs, first, second) == nil
}

// witness is a verifier of cosignature/v1 for x/mod, which has none.
type witness struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.id }
func (w witness) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), text)
	return ed25519.Verify(w.key, []byte(message), sig[8:])
}

func checkpoint(words []string) (bool, bool) {
	origin, message := words[1], bytes(words[4])
	own := must(note.NewVerifier(words[2]))
	parts := strings.SplitN(words[3], "+", 3)
	key := bytes(parts[2])[1:]
	theirs := witness{parts[0], uint32(must(strconv.ParseUint(parts[1], 16, 32))), key}
	opened, err := note.Open(message, note.VerifierList(own, theirs))
	xmod := err == nil && len(opened.Sigs) == 2 && strings.HasPrefix(opened.Text, origin+"\n")
	// Its verifier wants the key with the type of a plain Ed25519 key.
	plain := parts[0] + "+" + parts[1] + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, key...))
	cosigner := must(cosigned.NewVerifierForCosignatureV1(plain))
	parsed, rest, read, err := log.ParseCheckpoint(message, origin, own, cosigner)
	dev := err == nil && len(rest) == 0 && len(read.Sigs) == 2 && parsed.Origin == origin
	if dev {
		for _, line := range read.Sigs {
			if line.Name == cosigner.Name() {
				dev = must(cosigned.CoSigV1Timestamp(line)).Unix() > 0
			}
		}
	}
	return xmod, dev
}

func main() {
	in := bufio.NewScanner(must(os.Open(os.Args[1])))
	in.Buffer(nil, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	say := map[bool]string{true: "yes", false: "no"}
	for in.Scan() {
		words := strings.Fields(in.Text())
		judge := merkle
		if words[0] == "checkpoint" {
			judge = checkpoint
		}
		xmod, dev := judge(words)
		fmt.Fprintln(out, say[xmod], say[dev])
	}
	must(0, in.Err())
}
