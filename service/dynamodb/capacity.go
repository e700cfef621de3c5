package dynamodb

import (
	"math"

	"github.com/stepwell/stepwell/service/dynamodb/attribute"
)

type capacityUnits struct{ CapacityUnits float64 }

// consumedCapacity is what an operation tells about the capacity that it would have used on AWS.
type consumedCapacity struct {
	CapacityUnits          float64
	GlobalSecondaryIndexes map[string]capacityUnits
	LocalSecondaryIndexes  map[string]capacityUnits
	Table                  *capacityUnits
	TableName              string
}

// usage counts the capacity that an operation uses of one table.
type usage struct {
	table   *table
	own     float64
	indexes map[*index]float64
}

func newUsage(t *table) *usage { return &usage{table: t, indexes: map[*index]float64{}} }

const (
	readUnit  = 4096 // bytes
	writeUnit = 1024
)

func units(size, unit int) float64 { return math.Max(1, math.Ceil(float64(size)/float64(unit))) }

// readUnits are half for a read that need not be consistent.
func readUnits(size int, consistent bool) float64 {
	n := units(size, readUnit)
	if consistent {
		return n
	}
	return n / 2
}

func (u *usage) read(size int, consistent bool) { u.own += readUnits(size, consistent) }

func (u *usage) write(old, new attribute.Item) {
	u.own += units(max(old.Size(), new.Size()), writeUnit)
}

func (u *usage) index(x *index, writes int) {
	if writes > 0 {
		u.indexes[x] += float64(writes)
	}
}

// add counts what another write used of the same table.
func (u *usage) add(other *usage) {
	u.own += other.own
	for x, n := range other.indexes {
		u.indexes[x] += n
	}
}

// double counts everything twice, as transactions do.
func (u *usage) double() {
	u.own *= 2
	for x := range u.indexes {
		u.indexes[x] *= 2
	}
}

// told is what ReturnConsumedCapacity asks for.
func (u *usage) told(wanted string) *consumedCapacity {
	if wanted != "TOTAL" && wanted != "INDEXES" {
		return nil
	}
	c := &consumedCapacity{TableName: u.table.Name, CapacityUnits: u.own}
	if wanted == "INDEXES" {
		c.Table = &capacityUnits{u.own}
	}
	for x, n := range u.indexes {
		c.CapacityUnits += n
		into := &c.LocalSecondaryIndexes
		if x.Global {
			into = &c.GlobalSecondaryIndexes
		}
		if wanted == "INDEXES" {
			if *into == nil {
				*into = map[string]capacityUnits{}
			}
			(*into)[x.Name] = capacityUnits{n}
		}
	}
	return c
}
