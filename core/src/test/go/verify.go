// verify DIRECTORY: golang.org/x/mod/sumdb's note and tlog over a checkpoint, and over an inclusion proof and a leaf for each
// line "<index> <base64 leaf> <base64 hash>..." of the file `leaves`. Prints the number of leaves; ends with 1 if one is not proven.
package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, "NOT VERIFIED:", err)
		os.Exit(1)
	}
	return value
}

func hash(text string) (h tlog.Hash) {
	raw := must(base64.StdEncoding.DecodeString(text))
	if len(raw) != len(h) {
		must(0, fmt.Errorf("a hash of %d bytes", len(raw)))
	}
	copy(h[:], raw)
	return h
}

func main() {
	read := func(name string) string { return string(must(os.ReadFile(os.Args[1] + "/" + name))) }
	verifier := must(note.NewVerifier(strings.Split(read("log.vkeys"), "\n")[0]))
	opened := must(note.Open([]byte(read("checkpoint.txt")), note.VerifierList(verifier)))
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != verifier.Name() || len(lines) != 4 {
		must(0, fmt.Errorf("another log"))
	}
	size, root := must(strconv.ParseInt(lines[1], 10, 64)), hash(lines[2])
	count := 0
	for _, line := range strings.Split(strings.TrimSpace(read("leaves")), "\n") {
		words := strings.Split(line, " ")
		index := must(strconv.ParseInt(words[0], 10, 64))
		leaf := tlog.RecordHash(must(base64.StdEncoding.DecodeString(words[1])))
		var proof tlog.RecordProof
		for _, word := range words[2:] {
			proof = append(proof, hash(word))
		}
		if err := tlog.CheckRecord(proof, size, root, index, leaf); err != nil {
			must(0, fmt.Errorf("leaf %d: %w", index, err))
		}
		count++
	}
	fmt.Println(count)
}
