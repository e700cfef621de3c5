// Command generate makes the extracts that the sales pipeline loads: gzip files with fields between tildes, the same on
// every machine and at every call.
//
//	go run generate/main.go FOLDER
//
// FOLDER/base holds the first state of the dimensions, FOLDER/{customer_address,item,store_sales}/DATE/ the extracts of two
// business days. FOLDER/READY is written last.
package main

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

const (
	customers    = 20_000
	items        = 4_000
	stores       = 12
	linesPerDay  = 210_000
	filesPerDay  = 4
	pricesPerDay = 150 // items whose price changes on a day
	movesPerDay  = 800 // addresses that change on a day
	newPerDay    = 25  // items and addresses that are new on a day
)

var days = []string{"2026-03-01", "2026-03-02"}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: generate FOLDER")
	}
	g := generator{folder: os.Args[1], random: rand.New(rand.NewPCG(7, 2026))}
	g.base()
	for i, day := range days {
		g.changes(i, day)
		g.sales(i, day)
	}
	if g.err == nil {
		g.err = os.WriteFile(filepath.Join(g.folder, "READY"), []byte("made by generate\n"), 0o644)
	}
	if g.err != nil {
		log.Fatal(g.err)
	}
}

// generator writes files until the first error.
type generator struct {
	folder string
	random *rand.Rand
	err    error
}

// file writes one gzip file of lines. Its folder appears under its name only when the file is whole.
func (g *generator) file(name string, write func(line func(format string, args ...any))) {
	if g.err != nil {
		return
	}
	path := filepath.Join(g.folder, name+".gz")
	if g.err = os.MkdirAll(filepath.Dir(path), 0o755); g.err != nil {
		return
	}
	f, err := os.Create(path)
	if err != nil {
		g.err = err
		return
	}
	packed := gzip.NewWriter(f)
	buffered := bufio.NewWriterSize(packed, 1<<16)
	write(func(format string, args ...any) { fmt.Fprintf(buffered, format+"\n", args...) })
	for _, end := range []func() error{buffered.Flush, packed.Close, f.Close} {
		if err := end(); err != nil && g.err == nil {
			g.err = err
		}
	}
}

func (g *generator) pick(from []string) string { return from[g.random.IntN(len(from))] }

var (
	firstNames = []string{"Ada", "Bela", "Chen", "Dara", "Emil", "Fatou", "Grete", "Hana", "Ivo", "Jun", "Kofi", "Lena"}
	lastNames  = []string{"Abebe", "Brandt", "Costa", "Dvorak", "Eriksen", "Fujita", "Garcia", "Haddad", "Ivanova", "Jensen"}
	streets    = []string{"Mill Lane", "High Street", "Station Road", "Church Hill", "Garden Row", "Harbour Walk", "Long Acre"}
	cities     = []string{"Aarhus", "Bergen", "Coimbra", "Dresden", "Évora", "Fürth", "Gdańsk", "Heraklion"}
	countries  = []string{"Denmark", "Norway", "Portugal", "Germany", "Poland", "Greece"}
	categories = []string{"Books", "Electronics", "Home", "Music", "Shoes", "Sports", "Toys"}
	adjectives = []string{"plain", "small", "folding", "woollen", "striped", "quiet", "sturdy", "bright"}
	things     = []string{"lamp", "kettle", "racket", "notebook", "speaker", "boot", "puzzle", "blanket", "drum"}
)

func (g *generator) address(line func(string, ...any), key int) {
	line("%d~A%015d~%d %s~%s~%05d~%s~", key, key, 1+g.random.IntN(199), g.pick(streets), g.pick(cities),
		10000+g.random.IntN(89999), g.pick(countries))
}

func itemID(key int) string     { return fmt.Sprintf("I%015d", key) }
func customerID(key int) string { return fmt.Sprintf("C%015d", key) }

// price of an item on a day: -1 is the base. It changes for pricesPerDay items on each day and then stays.
func price(key, day int) int {
	cents := 99 + (key*7919)%9900
	for d := range day + 1 {
		if key%(items/pricesPerDay) == d {
			cents += 50 + d*25
		}
	}
	return cents
}

func (g *generator) item(line func(string, ...any), key, day int, rest string) {
	line("%s~%s %s %d~%s~%d.%02d%s", itemID(key), adjectives[key%len(adjectives)], things[key%len(things)], key,
		categories[key%len(categories)], price(key, day)/100, price(key, day)%100, rest)
}

func (g *generator) base() {
	g.file("base/date_dim", func(line func(string, ...any)) {
		begin := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range 3 * 365 {
			d := begin.AddDate(0, 0, i)
			line("%d~%s~%d~%d~%s", 20000+i, d.Format(time.DateOnly), d.Year(), d.Month(), d.Weekday())
		}
	})
	g.file("base/customer", func(line func(string, ...any)) {
		for key := 1; key <= customers; key++ {
			first, last := g.pick(firstNames), g.pick(lastNames)
			line("%d~%s~%d~%s~%s~%s.%s.%d@example.com", key, customerID(key), key, first, last, first, last, key)
		}
	})
	g.file("base/customer_address", func(line func(string, ...any)) {
		for key := 1; key <= customers; key++ {
			g.address(line, key)
		}
	})
	g.file("base/item", func(line func(string, ...any)) {
		for key := 1; key <= items; key++ {
			g.item(line, key, -1, "~2025-01-01")
		}
	})
}

// changes writes what the source systems report of a day: moved and new addresses, repriced and new items.
func (g *generator) changes(day int, date string) {
	g.file("customer_address/"+date+"/changes", func(line func(string, ...any)) {
		for i := range movesPerDay {
			g.address(line, 1+(i*23+day*11)%customers)
		}
		for i := range newPerDay {
			g.address(line, customers+day*newPerDay+i+1)
		}
	})
	g.file("item/"+date+"/changes", func(line func(string, ...any)) {
		for key := 1; key <= items; key++ {
			if price(key, day) != price(key, day-1) {
				g.item(line, key, day, "")
			}
		}
		for i := range newPerDay {
			g.item(line, items+day*newPerDay+i+1, day, "")
		}
	})
}

func (g *generator) sales(day int, date string) {
	ticket, lineNumber := 1_000_000*(day+1), 0
	for part := range filesPerDay {
		g.file(fmt.Sprintf("store_sales/%s/part_%d", date, part), func(line func(string, ...any)) {
			for range linesPerDay / filesPerDay {
				if lineNumber++; lineNumber > 1+ticket%5 {
					ticket, lineNumber = ticket+1, 1
				}
				key := 1 + g.random.IntN(items)
				customer := customerID(1 + ticket*31%customers)
				if ticket%20 == 0 {
					customer = "" // paid in cash
				}
				cents := price(key, day)
				line("%s~%d~%d~%d~%s~%s~%d~%d.%02d", date, ticket, lineNumber, 1+ticket%stores, itemID(key), customer,
					1+g.random.IntN(6), cents/100, cents%100)
			}
		})
	}
}
