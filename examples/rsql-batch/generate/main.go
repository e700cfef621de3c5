// Command generate makes the extracts that the RSQL example loads: lzop files with fields between bars, as TPC-H has them at
// scale 1, the same on every machine and at every call.
//
//	go run generate/main.go generate/lzop.go FOLDER
//
// FOLDER/READY is written last.
package main

import (
	"bytes"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
)

const (
	customers        = 150_000
	filesOfCustomers = 4
)

var regions = []string{"AFRICA", "AMERICA", "ASIA", "EUROPE", "MIDDLE EAST"}

// nations are those of the regions, five each.
var nations = [][]string{
	{"ALGERIA", "ETHIOPIA", "KENYA", "MOROCCO", "MOZAMBIQUE"},
	{"ARGENTINA", "BRAZIL", "CANADA", "PERU", "UNITED STATES"},
	{"CHINA", "INDIA", "INDONESIA", "JAPAN", "VIETNAM"},
	{"FRANCE", "GERMANY", "ROMANIA", "RUSSIA", "UNITED KINGDOM"},
	{"EGYPT", "IRAN", "IRAQ", "JORDAN", "SAUDI ARABIA"},
}

var (
	segments = []string{"AUTOMOBILE", "BUILDING", "FURNITURE", "HOUSEHOLD", "MACHINERY"}
	words    = []string{"quietly", "final", "requests", "sleep", "above", "the", "bold", "deposits", "carefully", "ironic", "packages",
		"haggle", "among", "regular", "accounts", "nag", "slyly", "even", "ideas", "wake", "furiously", "special", "theodolites"}
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: generate FOLDER")
	}
	g := generator{folder: os.Args[1], random: rand.New(rand.NewPCG(5, 2026))}
	if err := g.all(); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(g.folder, "READY"), []byte("made by generate\n"), 0o644); err != nil {
		log.Fatal(err)
	}
}

type generator struct {
	folder string
	random *rand.Rand
}

func (g *generator) all() error {
	var region, nation bytes.Buffer
	key := 0
	for i, name := range regions {
		fmt.Fprintf(&region, "%d|%s|%s|\n", i, name, g.comment(100))
		for _, name := range nations[i] {
			fmt.Fprintf(&nation, "%d|%s|%d|%s|\n", key, name, i, g.comment(100))
			key++
		}
	}
	if err := g.file("region/region.tbl.lzo", region.Bytes()); err != nil {
		return err
	}
	if err := g.file("nation/nation.tbl.lzo", nation.Bytes()); err != nil {
		return err
	}
	for part := range filesOfCustomers {
		if err := g.file(fmt.Sprintf("customer/customer.tbl.%d.lzo", part+1), g.customers(part)); err != nil {
			return err
		}
	}
	return nil
}

func (g *generator) customers(part int) []byte {
	var out bytes.Buffer
	each := customers / filesOfCustomers
	for key := part*each + 1; key <= (part+1)*each; key++ {
		nation, cents := g.random.IntN(25), g.random.IntN(1_099_999)-99_999
		sign := ""
		if cents < 0 {
			sign, cents = "-", -cents
		}
		fmt.Fprintf(&out, "%d|Customer#%09d|%d %s Street|%d|%d-%03d-%03d-%04d|%s%d.%02d|%s|%s|\n", key, key, 1+g.random.IntN(999),
			g.pick(words), nation, 10+nation, g.random.IntN(1000), g.random.IntN(1000), g.random.IntN(10000), sign, cents/100, cents%100,
			g.pick(segments), g.comment(100))
	}
	return out.Bytes()
}

func (g *generator) pick(from []string) string { return from[g.random.IntN(len(from))] }

// comment returns words of at most so many characters.
func (g *generator) comment(most int) string {
	text := g.pick(words)
	for wanted := 20 + g.random.IntN(most-20); len(text) < wanted; {
		next := text + " " + g.pick(words)
		if len(next) > most {
			break
		}
		text = next
	}
	return text
}

func (g *generator) file(name string, text []byte) error {
	path := filepath.Join(g.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, lzop(text), 0o644)
}
