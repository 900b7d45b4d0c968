// Checks proofs with golang.org/x/mod/sumdb, a line of JSON for each, and answers a line for each:
// "ok", or why not. Built by tests/ledger/strangers/__init__.py where Go is installed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Question is a note to open, an inclusion proof, or a consistency proof.
type Question struct {
	Key, Note        string
	Leaf             []byte
	Index, Old, Size int64
	OldRoot, Root    []byte
	Path             [][]byte
}

func hash(given []byte) (found tlog.Hash) {
	copy(found[:], given)
	return found
}

func check(question Question) error {
	path := make([]tlog.Hash, 0, len(question.Path))
	for _, one := range question.Path {
		path = append(path, hash(one))
	}
	switch {
	case question.Note != "":
		verifier, err := note.NewVerifier(question.Key)
		if err != nil {
			return err
		}
		_, err = note.Open([]byte(question.Note), note.VerifierList(verifier))
		return err
	case question.Leaf != nil:
		leaf := tlog.RecordHash(question.Leaf)
		return tlog.CheckRecord(tlog.RecordProof(path), question.Size, hash(question.Root), question.Index, leaf)
	default:
		return tlog.CheckTree(tlog.TreeProof(path), question.Size, hash(question.Root), question.Old, hash(question.OldRoot))
	}
}

func main() {
	lines := bufio.NewReader(os.Stdin)
	decoder := json.NewDecoder(lines)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for decoder.More() {
		var question Question
		if err := decoder.Decode(&question); err != nil {
			fmt.Fprintln(out, "unreadable:", err)
			return
		}
		if err := check(question); err != nil {
			fmt.Fprintf(out, "%q\n", err.Error())
			continue
		}
		fmt.Fprintln(out, "ok")
	}
}
