// Judges our log by Go's own packages for checksum databases, whose formats ours are.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type asked struct {
	Log, Vkey   string
	Checkpoints []string
	Inclusions  []struct {
		Index, Size int64
		Leaf, Root  []byte
		Path        [][]byte
	}
	Consistencies []struct {
		Old, Size     int64
		OldRoot, Root []byte
		Path          [][]byte
	}
}

// files reads tiles where tlog-tiles puts them: Go's own paths say the height, ours do not.
type files struct {
	log  string
	read int
}

func (f *files) Height() int { return 8 }

func (f *files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(f.log, strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
		f.read++
	}
	return all, nil
}

func (f *files) SaveTiles([]tlog.Tile, [][]byte) {}

func hash(b []byte) (h tlog.Hash) { copy(h[:], b); return }

func hashes(path [][]byte) (all []tlog.Hash) {
	for _, each := range path {
		all = append(all, hash(each))
	}
	return
}

func flipped(h tlog.Hash) tlog.Hash { h[31] ^= 1; return h }

func must(err error, what string) {
	if err != nil {
		fmt.Fprintln(os.Stderr, what, err)
		os.Exit(1)
	}
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	must(err, "asked")
	var a asked
	must(json.Unmarshal(text, &a), "asked")
	told := map[string]int{}
	refuse := func(err error, what string) {
		if err == nil {
			must(fmt.Errorf("was accepted"), what)
		}
		told["refused"]++
	}

	verifier, err := note.NewVerifier(a.Vkey)
	must(err, "vkey")
	known := note.VerifierList(verifier)
	for _, each := range a.Checkpoints {
		_, err := note.Open([]byte(each), known)
		must(err, each)
		told["checkpoints"]++
		_, err = note.Open([]byte("x"+each), known)
		refuse(err, "a changed checkpoint")
	}
	var last tlog.Hash
	for _, each := range a.Inclusions {
		root, leaf, path := hash(each.Root), hash(each.Leaf), hashes(each.Path)
		must(tlog.CheckRecord(path, each.Size, root, each.Index, leaf), fmt.Sprint(each.Index, " in ", each.Size))
		told["inclusions"]++
		refuse(tlog.CheckRecord(path, each.Size, root, each.Index, flipped(leaf)), "a changed leaf")
		last = root
	}
	size := a.Inclusions[len(a.Inclusions)-1].Size
	for _, each := range a.Consistencies {
		old, root, path := hash(each.OldRoot), hash(each.Root), hashes(each.Path)
		must(tlog.CheckTree(path, each.Size, root, each.Old, old), fmt.Sprint(each.Old, " to ", each.Size))
		told["consistencies"]++
		refuse(tlog.CheckTree(path, each.Size, root, each.Old, flipped(old)), "a changed root")
	}
	// Go makes proofs from our tiles, each authenticated on the way, and they are ours.
	tiles := &files{log: a.Log}
	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: last}, tiles)
	for _, each := range a.Inclusions {
		if each.Size != size {
			continue
		}
		path, err := tlog.ProveRecord(size, each.Index, reader)
		must(err, "proving from tiles")
		if fmt.Sprint(path) != fmt.Sprint(tlog.RecordProof(hashes(each.Path))) {
			must(fmt.Errorf("differs"), fmt.Sprint("the proof of ", each.Index))
		}
	}
	told["tiles"] = tiles.read
	must(json.NewEncoder(os.Stdout).Encode(told), "telling")
}
