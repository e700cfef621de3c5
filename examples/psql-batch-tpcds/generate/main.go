// Command generate makes the data that the TPC-DS refresh loads: gzip files with fields between tildes, the same on every
// machine and at every call. The tables are TPC-DS's with the columns that the scripts use, in the size of its 1 GB data set.
//
//	go run generate/main.go generate/line.go FOLDER [SALES]
//
// FOLDER/base holds the first state of the warehouse with SALES store sales (2,881,200 by default) and customer demographics in
// proportion to them,
// FOLDER/{customer_address,item,store_sales}/*=DATE/ what two days bring. FOLDER/READY is written last.
package main

import (
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

const (
	addresses = 50_000
	customers = 100_000
	items     = 18_000
	stores    = 12
	promotion = 300
	linesADay = 30_000
	files     = 4

	repricedADay = 90  // items whose price changes on a day
	movedADay    = 500 // addresses that change on a day
	newADay      = 20  // items and addresses that are new on a day
)

// firstDate is the first day of date_dim, and firstDateKey its key: TPC-DS counts Julian days.
var (
	firstDate    = time.Date(1900, 1, 2, 0, 0, 0, 0, time.UTC)
	firstDateKey = 2_415_022
)

// firstSale begins the sales of the base; they end before the first of days.
var (
	firstSale = time.Date(1998, 1, 2, 0, 0, 0, 0, time.UTC)
	days      = []time.Time{time.Date(2003, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(2003, 1, 3, 0, 0, 0, 0, time.UTC)}
)

func main() {
	sales := 2_881_200
	var err error
	if len(os.Args) == 3 {
		sales, err = strconv.Atoi(os.Args[2])
	}
	if len(os.Args) < 2 || len(os.Args) > 3 || err != nil {
		log.Fatal("usage: generate FOLDER [SALES]")
	}
	g := generator{folder: os.Args[1], persons: sales / 3 * 2, random: rand.New(rand.NewPCG(1, 2003))}
	g.calendar()
	g.demographics()
	g.people()
	g.shops()
	g.history(sales)
	for n, day := range days {
		g.changes(n, day.Format(time.DateOnly))
		g.sales(n, day.Format(time.DateOnly))
	}
	if g.err == nil {
		g.err = os.WriteFile(filepath.Join(g.folder, "READY"), []byte("made by generate\n"), 0o644)
	}
	if g.err != nil {
		log.Fatal(g.err)
	}
}

func (g *generator) calendar() {
	g.file("base/date_dim", func(l *line) {
		for n := range 73_049 {
			d := firstDate.AddDate(0, 0, n)
			l.number(firstDateKey + n).text(d.Format(time.DateOnly)).number(d.Year()).number(int(d.Month())).text(d.Weekday().String()).end()
		}
	})
	g.file("base/time_dim", func(l *line) {
		for n := range 86_400 {
			l.number(n).number(n).number(n / 3600).number(n / 60 % 60).end()
		}
	})
}

var (
	genders    = []string{"M", "F"}
	marital    = []string{"M", "S", "D", "W", "U"}
	education  = []string{"Primary", "Secondary", "College", "2 yr Degree", "4 yr Degree", "Advanced Degree", "Unknown"}
	potentials = []string{"0-500", "501-1000", "1001-5000", "5001-10000", ">10000", "Unknown"}
)

// demographics are every combination of their attributes, as in TPC-DS.
func (g *generator) demographics() {
	g.file("base/customer_demographics", func(l *line) {
		for n := range g.persons {
			l.number(n + 1).text(genders[n%2]).text(marital[n/2%5]).text(education[n/10%7]).number(500 + n/70%20*500).number(n / 1400 % 7).end()
		}
	})
	g.file("base/household_demographics", func(l *line) {
		for n := range 7_200 {
			l.number(n + 1)
			household(l, n)
			l.end()
		}
	})
}

// household writes the attributes of a household by its number from 0: income band, buying potential, dependents, vehicles.
func household(l *line, n int) {
	l.number(1 + n%20).text(potentials[n/20%len(potentials)]).number(n / 120 % 10).number(n/1200%6 - 1)
}

var (
	firstNames = []string{"Amara", "Boris", "Clara", "Deniz", "Edda", "Farid", "Gwen", "Hiro", "Ines", "Jakob", "Kaya", "Luis", "Mira"}
	lastNames  = []string{"Adeyemi", "Bauer", "Castro", "Duval", "Engel", "Fischer", "Gomes", "Horvat", "Ito", "Jansen", "Keller"}
	streets    = []string{"Bridge Street", "Cedar Avenue", "Elm Road", "Forest Lane", "Lake Drive", "Market Square", "Ridge Way"}
	cities     = []string{"Ashford", "Brookdale", "Cedar Falls", "Eastwick", "Fairmount", "Glenwood", "Oakland", "Riverton", "Summit"}
	states     = []string{"CA", "GA", "IL", "MN", "OH", "TN", "TX", "WA"}
)

func (g *generator) address(l *line, key int) {
	l.text(identity('A', key)).number(1 + g.random.IntN(990)).text(g.pick(streets)).text(g.pick(cities)).text(g.pick(states)).
		number(10_000 + g.random.IntN(89_999)).end()
}

func (g *generator) people() {
	g.file("base/customer_address", func(l *line) {
		for key := 1; key <= addresses; key++ {
			g.address(l.number(key), key)
		}
	})
	g.file("base/customer", func(l *line) {
		for key := 1; key <= customers; key++ {
			l.number(key).text(identity('C', key)).number(1 + g.random.IntN(addresses)).text(g.pick(firstNames)).text(g.pick(lastNames)).end()
		}
	})
}

var categories = []string{"Books", "Children", "Electronics", "Home", "Jewelry", "Music", "Shoes", "Sports", "Women"}

// price is an item's in cents on a day; -1 is the base. It changes for repricedADay items on each day and then stays.
func price(key, day int) int {
	cents := 120 + key*7919%9_800
	for d := range day + 1 {
		if key%(items/repricedADay) == d {
			cents += 75 + d*30
		}
	}
	return cents
}

func item(l *line, key, day int) {
	l.text(identity('I', key)).text(fmt.Sprintf("article number %d", key)).text(categories[key%len(categories)]).cents(price(key, day)).end()
}

func (g *generator) shops() {
	g.file("base/item", func(l *line) {
		for key := 1; key <= items; key++ {
			item(l.number(key).text("1997-10-27"), key, -1)
		}
	})
	g.file("base/store", func(l *line) {
		for key := 1; key <= stores; key++ {
			l.number(key).text(identity('S', key)).text("1997-03-13").text(g.pick(cities)).end()
		}
	})
	g.file("base/promotion", func(l *line) {
		for key := 1; key <= promotion; key++ {
			l.number(key).text(identity('P', key)).text(fmt.Sprintf("promotion %d", key)).end()
		}
	})
}

// changes are what the source systems tell of a day: moved and new addresses, repriced and new items.
func (g *generator) changes(day int, date string) {
	g.file("customer_address/date="+date+"/changes", func(l *line) {
		for n := range movedADay {
			g.address(l, 1+(n*97+day*13)%addresses)
		}
		for n := range newADay {
			g.address(l, addresses+day*newADay+n+1)
		}
	})
	g.file("item/date="+date+"/changes", func(l *line) {
		for key := 1; key <= items; key++ {
			if price(key, day) != price(key, day-1) {
				item(l, key, day)
			}
		}
		for n := range newADay {
			item(l, items+day*newADay+n+1, day)
		}
	})
}

// purchase is what the lines of one ticket have in common; the keys count from 1.
type purchase struct {
	ticket, second, customer, demographics, household, address, store int
	left                                                              int // lines to come
}

func (g *generator) next(p *purchase) {
	if p.left--; p.left >= 0 {
		return
	}
	*p = purchase{
		ticket: p.ticket + 1, second: 8*3600 + g.random.IntN(12*3600), customer: 1 + g.random.IntN(customers),
		demographics: 1 + g.random.IntN(g.persons), household: 1 + g.random.IntN(7_200), address: 1 + g.random.IntN(addresses),
		store: 1 + g.random.IntN(stores), left: 5 + g.random.IntN(12),
	}
}

// history are the sales before the first day, with keys as they stand in the warehouse.
func (g *generator) history(sales int) {
	span := int(days[0].Sub(firstSale).Hours() / 24)
	firstKey := firstDateKey + int(firstSale.Sub(firstDate).Hours()/24)
	var p purchase
	n := 0
	for part := range 2 * files {
		g.file(fmt.Sprintf("base/store_sales/part_%d", part), func(l *line) {
			for range sales / (2 * files) {
				g.next(&p)
				key := 1 + g.random.IntN(items)
				l.number(firstKey + n*span/sales).number(p.second).number(key).number(p.customer).number(p.demographics).number(p.household).
					number(p.address).number(p.store).number(1 + g.random.IntN(promotion)).number(p.ticket)
				g.amounts(l, price(key, -1))
				n++
			}
		})
	}
}

// sales are those of a day as the shops tell them: with names and attributes, where the warehouse has keys.
func (g *generator) sales(day int, date string) {
	p := purchase{ticket: 1_000_000 * (day + 1)}
	for part := range files {
		g.file(fmt.Sprintf("store_sales/saledate=%s/part_%d", date, part), func(l *line) {
			for range linesADay / files {
				g.next(&p)
				key := 1 + g.random.IntN(items+(day+1)*newADay)
				l.text(date).number(p.second).text(identity('I', key)).text(identity('C', p.customer)).number(p.demographics)
				household(l, p.household-1)
				l.text(identity('A', p.address)).text(identity('S', p.store)).text(identity('P', 1+g.random.IntN(promotion))).number(p.ticket)
				g.amounts(l, price(key, day))
			}
		})
	}
}

// amounts writes the quantity and the money of a line that is sold below its list price.
func (g *generator) amounts(l *line, list int) {
	quantity := 1 + g.random.IntN(20)
	wholesale, sold := list*6/10, list*(60+g.random.IntN(41))/100
	coupon := 0
	if g.random.IntN(5) == 0 {
		coupon = quantity * sold / 4
	}
	paid := quantity*sold - coupon
	tax := paid * 6 / 100
	l.number(quantity).cents(wholesale).cents(list).cents(sold).cents(quantity * (list - sold)).cents(quantity * sold).
		cents(quantity * wholesale).cents(quantity * list).cents(tax).cents(coupon).cents(paid).cents(paid + tax).
		cents(paid - quantity*wholesale).end()
}
