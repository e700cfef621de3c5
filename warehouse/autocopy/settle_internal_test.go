package autocopy

import (
	"testing"
	"time"

	"github.com/stepwell/stepwell/bucket"
)

// Each step is what a look at one object saw, and how long the object must wait then.
func TestSettle(t *testing.T) {
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	type look struct {
		at       time.Duration
		size     int64
		modified time.Duration
		growth   bucket.Growth
		want     time.Duration
	}
	for name, c := range map[string]struct {
		inPlace bool
		looks   []look
	}{
		"moved in":      {false, []look{{0, 10, 0, bucket.GrowthClosed, 0}}},
		"moved in, old": {false, []look{{0, 10, -time.Hour, bucket.GrowthClosed, 0}}},
		"being written": {true, []look{
			{0, 10, 0, bucket.GrowthOpen, glance},
			{time.Hour, 10, 0, bucket.GrowthOpen, glance},
			{time.Hour + time.Second, 20, time.Hour, bucket.GrowthClosed, 0},
		}},
		"written in place, closed": {true, []look{
			{0, 10, 0, bucket.GrowthClosed, quiet},
			{quiet / 2, 20, quiet / 2, bucket.GrowthClosed, quiet},
			{quiet, 20, quiet / 2, bucket.GrowthClosed, quiet / 2},
			{3 * quiet / 2, 20, quiet / 2, bucket.GrowthClosed, 0},
		}},
		"empty": {false, []look{
			{0, 0, 0, bucket.GrowthClosed, quiet},
			{quiet / 2, 5, quiet / 2, bucket.GrowthClosed, 0},
		}},
		"nobody knows who writes": {false, []look{
			{0, 10, 0, bucket.GrowthUnknown, bucket.Patience},
			{time.Second, 10, 0, bucket.GrowthUnknown, bucket.Patience - time.Second},
			{2 * time.Second, 11, 2 * time.Second, bucket.GrowthUnknown, bucket.Patience},
			{2*time.Second + bucket.Patience, 11, 2 * time.Second, bucket.GrowthUnknown, 0},
		}},
		"nobody knows, old": {false, []look{{0, 10, -time.Hour, bucket.GrowthUnknown, 0}}},
		"dated in the future": {true, []look{
			{0, 10, time.Hour, bucket.GrowthUnknown, bucket.Patience},
			{bucket.Patience, 10, time.Hour, bucket.GrowthUnknown, 0},
		}},
	} {
		s := &sighting{inPlace: c.inPlace}
		for i, l := range c.looks {
			o := bucket.Object{Key: "k", Size: l.size, LastModified: start.Add(l.modified)}
			if got := s.settle(o, l.growth, start.Add(l.at)); got != l.want {
				t.Errorf("%s: look %d: waits %s, want %s", name, i, got, l.want)
			}
		}
	}
}
