// Command generate makes the files that the auto-copy example delivers: gzip files of store sales with fields between bars, and
// CSV files of two cab companies, the same on every machine and at every call.
//
//	go run generate/main.go FOLDER
//
// FOLDER/deliveries/DAY.json says which files belong to a day and how many rows each job is to make of them. FOLDER/READY is
// written last.
package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

const (
	salesPerFile = 60_000
	salesFiles   = 4
	tripsPerFile = 8_000
	tripFiles    = 2
	lineItems    = 10 // lines of a ticket
	items        = 18_000
)

// days are business days with their keys in TPC-DS's calendar.
var days = []struct {
	name string
	key  int
}{{"2002-12-31", 2452640}, {"2003-01-01", 2452641}}

// vendors are cab companies: each puts its trips into a folder of its own, which a job of its own watches.
var vendors = []struct{ id, folder, job string }{{"1", "Customer_1", "job_green_cab"}, {"2", "Customer_2", "job_red_cab"}}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: generate FOLDER")
	}
	g := generator{folder: os.Args[1], random: rand.New(rand.NewPCG(3, 2026))}
	for i := range days {
		g.day(i)
	}
	g.file("READY", func(w io.Writer) { io.WriteString(w, "made by generate\n") })
	if g.err != nil {
		log.Fatal(g.err)
	}
}

// delivery is what belongs to a day.
type delivery struct {
	Files []string       `json:"files"`
	Rows  map[string]int `json:"rows"`
}

// generator writes files until the first error.
type generator struct {
	folder  string
	random  *rand.Rand
	tickets int
	err     error
}

func (g *generator) day(i int) {
	day := days[i]
	d := delivery{Rows: map[string]int{"job_store_sales": salesFiles * salesPerFile}}
	for part := range salesFiles {
		name := fmt.Sprintf("store_sales/%s/part-%d.gz", day.name, part+1)
		d.Files = append(d.Files, name)
		g.file(name, func(w io.Writer) {
			packed, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
			if err != nil {
				g.err = err
				return
			}
			g.sales(packed, day.key)
			if err := packed.Close(); err != nil {
				g.err = err
			}
		})
	}
	for _, vendor := range vendors {
		d.Rows[vendor.job] = tripFiles * tripsPerFile
		for part := range tripFiles {
			name := fmt.Sprintf("%s/%s-trips-%d.csv", vendor.folder, day.name, part+1)
			d.Files = append(d.Files, name)
			g.file(name, func(w io.Writer) { g.trips(w, vendor.id, day.name) })
		}
	}
	g.file("deliveries/"+day.name+".json", func(w io.Writer) {
		text, err := json.MarshalIndent(d, "", "  ")
		if err != nil {
			g.err = err
		}
		fmt.Fprintf(w, "%s\n", text)
	})
}

func (g *generator) sales(w io.Writer, day int) {
	for i := range salesPerFile {
		if i%lineItems == 0 {
			g.tickets++
		}
		item := 1 + (g.tickets*7919+i)%items // one item once on a ticket
		quantity, cost := 1+g.random.IntN(20), 100+g.random.IntN(9_900)
		list := cost + g.random.IntN(cost)
		price := list * (50 + g.random.IntN(51)) / 100
		coupon := 0
		if g.random.IntN(5) == 0 {
			coupon = quantity * price / 10
		}
		paid := quantity*price - coupon
		tax := paid * 7 / 100
		fmt.Fprintf(w, "%d|%d|%d|%s|%d|%d|%d|%d|%d|%d|%d|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s\n",
			day, 28_800+g.random.IntN(46_800), item, g.customer(), 1+g.random.IntN(1_920_800), 1+g.random.IntN(7200), 1+g.random.IntN(50_000),
			1+g.random.IntN(12), 1+g.random.IntN(300), g.tickets, quantity, money(cost), money(list), money(price),
			money(quantity*(list-price)), money(quantity*price), money(quantity*cost), money(quantity*list), money(tax), money(coupon),
			money(paid), money(paid+tax), money(paid-quantity*cost))
	}
}

// customer is empty for some of the sales: nobody knows who bought.
func (g *generator) customer() string {
	if g.random.IntN(25) == 0 {
		return ""
	}
	return fmt.Sprint(1 + g.random.IntN(100_000))
}

func (g *generator) trips(w io.Writer, vendor, day string) {
	fmt.Fprintln(w, "vendorid,pickup_datetime,dropoff_datetime,store_and_fwd_flag,ratecode,pickup_longitude,pickup_latitude,dropoff_longitude,"+
		"dropoff_latitude,passenger_count,trip_distance,fare_amount,extra,mta_tax,tip_amount,tolls_amount,ehail_fee,improvement_surcharge,"+
		"total_amount,payment_type,trip_type")
	midnight, err := time.Parse(time.DateOnly, day)
	if err != nil {
		g.err = err
		return
	}
	for range tripsPerFile {
		pickup := midnight.Add(time.Duration(g.random.IntN(86_400)) * time.Second)
		minutes := 3 + g.random.IntN(50)
		fare, tip := 300+minutes*80, g.random.IntN(600)
		fmt.Fprintf(w, "%s,%s,%s,N,1,%s,%s,%s,%s,%d,%d.%d,%s,0.50,0.50,%s,0.00,,0.30,%s,%d,1\n", vendor,
			pickup.Format(time.DateTime), pickup.Add(time.Duration(minutes)*time.Minute).Format(time.DateTime),
			g.near(-73.95), g.near(40.75), g.near(-73.95), g.near(40.75), 1+g.random.IntN(5), minutes/4, g.random.IntN(10),
			money(fare), money(tip), money(fare+tip+130), 1+g.random.IntN(2))
	}
}

func (g *generator) near(degrees float64) string {
	return fmt.Sprintf("%.5f", degrees+(g.random.Float64()-0.5)/5)
}

// money writes cents as an amount.
func money(cents int) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return fmt.Sprintf("%s%d.%02d", sign, cents/100, cents%100)
}

func (g *generator) file(name string, write func(io.Writer)) {
	if g.err != nil {
		return
	}
	path := filepath.Join(g.folder, filepath.FromSlash(name))
	if g.err = os.MkdirAll(filepath.Dir(path), 0o755); g.err != nil {
		return
	}
	f, err := os.Create(path)
	if err != nil {
		g.err = err
		return
	}
	buffered := bufio.NewWriterSize(f, 1<<16)
	write(buffered)
	for _, end := range []func() error{buffered.Flush, f.Close} {
		if err := end(); err != nil && g.err == nil {
			g.err = err
		}
	}
}
