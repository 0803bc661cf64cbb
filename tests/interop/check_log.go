// Checks a ledger with other people's code: golang.org/x/mod/sumdb/note and
// tlog, as Debian packages them, which know nothing of Daybook.
//
//	check_log -vkey VKEY [-witness VKEY] LOG [OLDER...]
//
// LOG is the URL or the folder of a log in the layout of c2sp.org/tlog-tiles;
// each OLDER is a file with an earlier checkpoint of it. The checkpoints are
// opened; every entry is hashed, and the tree made of all must have the root;
// entries are proven to be in it, and the older trees to be its beginnings,
// from tiles that are authenticated on the way. All of this is then tried with
// something false in it, which must be refused. The exit code is 1 when
// anything is not as it should be.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	fileMax    = 32 << 20
)

// fetch reads one file of a log.
type fetch func(path string) ([]byte, error)

func fetcherOf(log string) fetch {
	if !strings.HasPrefix(log, "http://") {
		return func(path string) ([]byte, error) {
			return os.ReadFile(filepath.Join(log, filepath.FromSlash(path)))
		}
	}
	client := &http.Client{Timeout: time.Minute}
	return func(path string) ([]byte, error) {
		reply, err := client.Get(strings.TrimSuffix(log, "/") + "/" + path)
		if err != nil {
			return nil, err
		}
		defer reply.Body.Close()
		if reply.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("%s: %s", path, reply.Status)
		}
		return io.ReadAll(io.LimitReader(reply.Body, fileMax))
	}
}

// pathOf turns the number of a tile or bundle into its path below "tile/": the
// sumdb writes "tile/8/0/..." for what c2sp.org/tlog-tiles writes "tile/0/...",
// and "data" for "entries".
func pathOf(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

// tiles reads the tiles of a log, each once; spoil, when it is set, changes
// what was read.
type tiles struct {
	fetch fetch
	read  map[tlog.Tile][]byte
	spoil func(tlog.Tile, []byte)
}

func newTiles(f fetch) *tiles {
	return &tiles{fetch: f, read: make(map[tlog.Tile][]byte)}
}

func (t *tiles) Height() int { return tileHeight }

func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		data, known := t.read[tile]
		if !known {
			var err error
			if data, err = t.fetch(pathOf(tile)); err != nil {
				return nil, err
			}
			t.read[tile] = data
		}
		if t.spoil != nil {
			data = append([]byte(nil), data...)
			t.spoil(tile, data)
		}
		all = append(all, data)
	}
	return all, nil
}

// cosigner verifies cosignatures of c2sp.org/tlog-cosignature (Ed25519), which
// the sumdb does not know.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func newCosigner(vkey string) (*cosigner, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("%s is no verifier key", vkey)
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != 4 {
		return nil, fmt.Errorf("%s is no key of type 4", vkey)
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	hash := binary.BigEndian.Uint32(sum[:])
	if parts[1] != fmt.Sprintf("%08x", hash) {
		return nil, fmt.Errorf("%s has another id", vkey)
	}
	return &cosigner{parts[0], hash, ed25519.PublicKey(key[1:])}, nil
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

func (c *cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	seconds := binary.BigEndian.Uint64(signature)
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, text)
	return ed25519.Verify(c.key, []byte(message), signature[8:])
}

// openCheckpoint opens a checkpoint that all of these have signed.
func openCheckpoint(data []byte, signers []note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(data, note.VerifierList(signers...))
	if err != nil {
		return tlog.Tree{}, err
	}
	if len(opened.Sigs) != len(signers) {
		return tlog.Tree{}, fmt.Errorf("%d of %d have signed the checkpoint", len(opened.Sigs), len(signers))
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != signers[0].Name() || lines[3] != "" {
		return tlog.Tree{}, fmt.Errorf("the checkpoint is not of %s", signers[0].Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size <= 0 {
		return tlog.Tree{}, fmt.Errorf("the checkpoint has the size %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// entriesOf reads all entries below a size, bundle by bundle.
func entriesOf(f fetch, size int64) ([][]byte, error) {
	var entries [][]byte
	for first := int64(0); first < size; first += tileWidth {
		bundle := tlog.Tile{H: tileHeight, L: -1, N: first / tileWidth, W: tileWidth}
		if size-first < tileWidth {
			bundle.W = int(size - first)
		}
		data, err := f(pathOf(bundle))
		if err != nil {
			return nil, err
		}
		for i := 0; i < bundle.W; i++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("%s ends within entry %d", pathOf(bundle), i)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			entries = append(entries, data[2:end])
			data = data[end:]
		}
		if len(data) != 0 {
			return nil, fmt.Errorf("%s goes on behind its entries", pathOf(bundle))
		}
	}
	return entries, nil
}

// rootOf hashes all entries into a tree.
func rootOf(entries [][]byte) (tlog.Hash, error) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	for i, entry := range entries {
		more, err := tlog.StoredHashes(int64(i), entry, reader)
		if err != nil {
			return tlog.Hash{}, err
		}
		stored = append(stored, more...)
	}
	return tlog.TreeHash(int64(len(entries)), reader)
}

// positionsOf picks the edges of tiles and of the tree, and many between.
func positionsOf(size int64) []int64 {
	var positions []int64
	for _, p := range []int64{0, 1, 254, 255, 256, 257, 65535, 65536, size / 2, size - 2, size - 1} {
		if p >= 0 && p < size {
			positions = append(positions, p)
		}
	}
	for i := int64(1); i <= 200; i++ {
		positions = append(positions, i*i*7919%size)
	}
	return positions
}

// checker collects what was done, for the last line.
type checker struct {
	tree     tlog.Tree
	tiles    *tiles
	reader   tlog.HashReader
	entries  [][]byte
	proofs   int
	refusals int
}

// refused counts a falsification that was noticed.
func (c *checker) refused(what string, err error) error {
	if err == nil {
		return fmt.Errorf("%s was not noticed in a tree of size %d", what, c.tree.N)
	}
	c.refusals++
	return nil
}

func (c *checker) checkInclusion() error {
	for _, p := range positionsOf(c.tree.N) {
		proof, err := tlog.ProveRecord(c.tree.N, p, c.reader)
		if err != nil {
			return fmt.Errorf("position %d: %w", p, err)
		}
		leaf := tlog.RecordHash(c.entries[p])
		if err := tlog.CheckRecord(proof, c.tree.N, c.tree.Hash, p, leaf); err != nil {
			return fmt.Errorf("position %d: %w", p, err)
		}
		c.proofs++
		changed := tlog.RecordHash(append([]byte{0}, c.entries[p]...))
		err = tlog.CheckRecord(proof, c.tree.N, c.tree.Hash, p, changed)
		if err := c.refused("a changed entry", err); err != nil {
			return err
		}
		if len(proof) == 0 {
			continue
		}
		proof[len(proof)/2][7] ^= 1
		err = tlog.CheckRecord(proof, c.tree.N, c.tree.Hash, p, leaf)
		if err := c.refused("a changed inclusion proof", err); err != nil {
			return err
		}
	}
	return nil
}

// checkOlder checks that an earlier tree is the beginning of this one, and that
// it can still be read from the partial tiles that it ended with.
func (c *checker) checkOlder(older tlog.Tree) error {
	proof, err := tlog.ProveTree(c.tree.N, older.N, c.reader)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, c.tree.N, c.tree.Hash, older.N, older.Hash); err != nil {
		return fmt.Errorf("size %d to %d: %w", older.N, c.tree.N, err)
	}
	c.proofs++
	other := older.Hash
	other[0] ^= 1
	err = tlog.CheckTree(proof, c.tree.N, c.tree.Hash, older.N, other)
	if err := c.refused("another root of an older size", err); err != nil {
		return err
	}
	if len(proof) > 0 {
		proof[len(proof)-1][31] ^= 1
		err = tlog.CheckTree(proof, c.tree.N, c.tree.Hash, older.N, older.Hash)
		if err := c.refused("a changed consistency proof", err); err != nil {
			return err
		}
	}
	root, err := tlog.TreeHash(older.N, tlog.TileHashReader(older, c.tiles))
	if err != nil {
		return fmt.Errorf("tiles of size %d: %w", older.N, err)
	}
	if root != older.Hash {
		return fmt.Errorf("tiles of size %d have another root", older.N)
	}
	return nil
}

// checkSpoiledTiles changes one bit of each tile that proofs are read from.
func (c *checker) checkSpoiledTiles() error {
	honest := c.tiles.read
	for victim := range honest {
		spoiled := &tiles{fetch: c.tiles.fetch, read: honest}
		met := false
		spoiled.spoil = func(tile tlog.Tile, data []byte) {
			if tile == victim {
				met = true
				data[len(data)/2] ^= 4
			}
		}
		reader := tlog.TileHashReader(c.tree, spoiled)
		first := victim.N << (tileHeight * uint(victim.L+1))
		if first >= c.tree.N {
			continue
		}
		proof, err := tlog.ProveRecord(c.tree.N, first, reader)
		if !met {
			continue
		}
		// Where several peaks of the tree lie in one tile, the reader holds some
		// of the others against nothing; the proof from them is false then.
		if err == nil {
			leaf := tlog.RecordHash(c.entries[first])
			err = tlog.CheckRecord(proof, c.tree.N, c.tree.Hash, first, leaf)
		}
		if err := c.refused("a changed "+pathOf(victim), err); err != nil {
			return err
		}
	}
	return nil
}

func run(vkey, witness, log string, older []string) (string, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return "", err
	}
	signers := []note.Verifier{verifier}
	if witness != "" {
		cosigner, err := newCosigner(witness)
		if err != nil {
			return "", err
		}
		signers = append(signers, cosigner)
	}
	f := fetcherOf(log)
	data, err := f("checkpoint")
	if err != nil {
		return "", err
	}
	c := checker{tiles: newTiles(f)}
	if c.tree, err = openCheckpoint(data, signers); err != nil {
		return "", err
	}
	_, err = openCheckpoint(bytes.Replace(data, []byte("\n"), []byte("x\n"), 1), signers)
	if err := c.refused("a changed checkpoint", err); err != nil {
		return "", err
	}
	c.reader = tlog.TileHashReader(c.tree, c.tiles)
	if c.entries, err = entriesOf(f, c.tree.N); err != nil {
		return "", err
	}
	root, err := rootOf(c.entries)
	if err != nil {
		return "", err
	}
	if root != c.tree.Hash {
		return "", fmt.Errorf("the entries have the root %v, the checkpoint %v", root, c.tree.Hash)
	}
	if err := c.checkInclusion(); err != nil {
		return "", err
	}
	if err := c.checkSpoiledTiles(); err != nil {
		return "", err
	}
	for _, file := range older {
		data, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		earlier, err := openCheckpoint(data, signers[:1])
		if err != nil {
			return "", fmt.Errorf("%s: %w", file, err)
		}
		if err := c.checkOlder(earlier); err != nil {
			return "", fmt.Errorf("%s: %w", file, err)
		}
	}
	return fmt.Sprintf("%d entries, %d proofs and %d older checkpoints agree; %d falsifications refused",
		len(c.entries), c.proofs, len(older), c.refusals), nil
}

func main() {
	vkey := flag.String("vkey", "", "verifier key of the log")
	witness := flag.String("witness", "", "verifier key of a witness that must have cosigned")
	flag.Parse()
	if *vkey == "" || flag.NArg() < 1 {
		flag.Usage()
		os.Exit(2)
	}
	done, err := run(*vkey, *witness, flag.Arg(0), flag.Args()[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "check_log:", err)
		os.Exit(1)
	}
	fmt.Println(done)
}
