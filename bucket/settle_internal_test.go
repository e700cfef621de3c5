package bucket

import (
	"testing"
	"time"
)

// Each step is what a look at one object saw, and how long the object must wait then.
func TestSettle(t *testing.T) {
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	type look struct {
		at       time.Duration
		size     int64
		modified time.Duration
		growth   Growth
		want     time.Duration
	}
	for name, c := range map[string]struct {
		inPlace bool
		looks   []look
	}{
		"moved in":      {false, []look{{0, 10, 0, GrowthClosed, 0}}},
		"moved in, old": {false, []look{{0, 10, -time.Hour, GrowthClosed, 0}}},
		"being written": {true, []look{
			{0, 10, 0, GrowthOpen, Glance},
			{time.Hour, 10, 0, GrowthOpen, Glance},
			{time.Hour + time.Second, 20, time.Hour, GrowthClosed, 0},
		}},
		"written in place, closed": {true, []look{
			{0, 10, 0, GrowthClosed, quiet},
			{quiet / 2, 20, quiet / 2, GrowthClosed, quiet},
			{quiet, 20, quiet / 2, GrowthClosed, quiet / 2},
			{3 * quiet / 2, 20, quiet / 2, GrowthClosed, 0},
		}},
		"empty": {false, []look{
			{0, 0, 0, GrowthClosed, quiet},
			{quiet / 2, 5, quiet / 2, GrowthClosed, 0},
		}},
		"nobody knows who writes": {false, []look{
			{0, 10, 0, GrowthUnknown, Patience},
			{time.Second, 10, 0, GrowthUnknown, Patience - time.Second},
			{2 * time.Second, 11, 2 * time.Second, GrowthUnknown, Patience},
			{2*time.Second + Patience, 11, 2 * time.Second, GrowthUnknown, 0},
		}},
		"nobody knows, old": {false, []look{{0, 10, -time.Hour, GrowthUnknown, 0}}},
		"dated in the future": {true, []look{
			{0, 10, time.Hour, GrowthUnknown, Patience},
			{Patience, 10, time.Hour, GrowthUnknown, 0},
		}},
	} {
		s := &Sighting{InPlace: c.inPlace}
		for i, l := range c.looks {
			o := Object{Key: "k", Size: l.size, LastModified: start.Add(l.modified)}
			if got := s.Settle(o, l.growth, start.Add(l.at)); got != l.want {
				t.Errorf("%s: look %d: waits %s, want %s", name, i, got, l.want)
			}
		}
	}
}
