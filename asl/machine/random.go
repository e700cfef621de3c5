package machine

import "fmt"

// generator is splitmix64: the draws of one event, from its seed.
type generator struct{ state uint64 }

func (g *generator) next() uint64 {
	g.state += 0x9e3779b97f4a7c15
	z := g.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// fraction returns a number from 0 to 1, without 1.
func (g *generator) fraction() float64 { return float64(g.next()>>11) / (1 << 53) }

func (g *generator) token() string {
	return fmt.Sprintf("%016x%016x%016x%016x", g.next(), g.next(), g.next(), g.next())
}
