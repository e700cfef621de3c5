// Command generate makes the extracts that the audit example loads: gzip files with fields between bars, in the shape and size
// that TPC-H has at scale 0.1, the same on every machine and at every call.
//
//	go run generate/main.go FOLDER
//
// FOLDER/READY is written last.
package main

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

const (
	suppliers = 1_000
	customers = 15_000
	orders    = 150_000
)

var (
	nations = []string{"ALGERIA", "ARGENTINA", "BRAZIL", "CANADA", "CHINA", "EGYPT", "ETHIOPIA", "FRANCE", "GERMANY", "INDIA",
		"INDONESIA", "IRAN", "IRAQ", "JAPAN", "JORDAN", "KENYA", "MOROCCO", "MOZAMBIQUE", "PERU", "ROMANIA", "RUSSIA",
		"SAUDI ARABIA", "UNITED KINGDOM", "UNITED STATES", "VIETNAM"}
	segments = []string{"AUTOMOBILE", "BUILDING", "FURNITURE", "HOUSEHOLD", "MACHINERY"}
	streets  = []string{"Canal", "Harbour", "Mill", "Orchard", "Quarry", "Station", "Tannery", "Well"}
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: generate FOLDER")
	}
	g := generator{folder: os.Args[1], random: rand.New(rand.NewPCG(4, 2026))}
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
	for _, table := range []struct {
		name  string
		write func(*bufio.Writer)
	}{{"nation", g.nations}, {"supplier", g.suppliers}, {"customer", g.customers}} {
		if err := g.file(table.name, table.write); err != nil {
			return err
		}
	}
	var unwritten error
	err := g.file("orders", func(orders *bufio.Writer) {
		unwritten = g.file("lineitem", func(lines *bufio.Writer) { g.sales(orders, lines) })
	})
	return errors.Join(err, unwritten)
}

func (g *generator) nations(out *bufio.Writer) {
	for key, name := range nations {
		fmt.Fprintf(out, "%d|%s\n", key, name)
	}
}

func (g *generator) suppliers(out *bufio.Writer) {
	for key := 1; key <= suppliers; key++ {
		fmt.Fprintf(out, "%d|Supplier#%09d|%s\n", key, key, g.party())
	}
}

func (g *generator) customers(out *bufio.Writer) {
	for key := 1; key <= customers; key++ {
		fmt.Fprintf(out, "%d|Customer#%09d|%s|%s\n", key, key, g.party(), g.pick(segments))
	}
}

// party returns what suppliers and customers have in common: address, nation, phone, balance.
func (g *generator) party() string {
	nation := g.random.IntN(len(nations))
	return fmt.Sprintf("%d %s Street|%d|%d-%03d-%03d-%04d|%.2f", 1+g.random.IntN(999), g.pick(streets), nation, 10+nation,
		g.random.IntN(1000), g.random.IntN(1000), g.random.IntN(10000), float64(g.random.IntN(1_099_999)-99_999)/100)
}

// sales writes the orders of seven years and their lines, one to seven an order.
func (g *generator) sales(orderFile, lineFile *bufio.Writer) {
	first := time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC)
	for key := 1; key <= orders; key++ {
		day := first.AddDate(0, 0, g.random.IntN(7*365))
		fmt.Fprintf(orderFile, "%d|%d|%s\n", key, 1+g.random.IntN(customers), day.Format(time.DateOnly))
		for line := range 1 + g.random.IntN(7) {
			quantity := 1 + g.random.IntN(50)
			cents := quantity * (90_000 + g.random.IntN(20_000))
			fmt.Fprintf(lineFile, "%d|%d|%d|%d|%d.%02d|0.%02d\n", key, line+1, 1+g.random.IntN(suppliers), quantity,
				cents/100, cents%100, g.random.IntN(11))
		}
	}
}

func (g *generator) pick(from []string) string { return from[g.random.IntN(len(from))] }

// file makes TABLE/TABLE.tbl.gz.
func (g *generator) file(table string, write func(*bufio.Writer)) error {
	folder := filepath.Join(g.folder, table)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(folder, table+".tbl.gz"))
	if err != nil {
		return err
	}
	defer f.Close()
	packed := gzip.NewWriter(f)
	out := bufio.NewWriter(packed)
	write(out)
	if err := out.Flush(); err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	return f.Close()
}
