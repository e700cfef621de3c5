package console

import (
	"context"
	"sync"
	"time"
)

// partHeader is what the script asks with for a page that has changed.
const partHeader = "Stepwell-Part"

const (
	// maxParts bounds what is kept, and partAge how old it may be: ages of things are on pages too.
	maxParts = 64
	partAge  = time.Second
)

// parts keeps pages that were asked for because something happened: whoever follows the same page asks at the same moment,
// and it is made once for all of them.
type parts struct {
	mu   sync.Mutex
	kept map[partKey]*part
}

type partKey struct {
	session *session
	address string
}

type part struct {
	news   int64
	made   time.Time
	answer func() answer
}

// of returns the page of a request, made by make unless it was made after the newest event.
func (p *parts) of(r *request, make func(*request) answer) answer {
	key, now := partKey{r.session, r.URL.RequestURI()}, r.console.Now()
	p.mu.Lock()
	found := p.kept[key]
	if found == nil || found.news != r.news || now.Sub(found.made) > partAge {
		// Others wait for the page, so it does not end with the one who asked first.
		lasting := *r
		lasting.Request = r.WithContext(context.WithoutCancel(r.Context()))
		found = &part{r.news, now, sync.OnceValue(func() answer { return make(&lasting) })}
		if len(p.kept) >= maxParts || p.kept == nil {
			p.kept = map[partKey]*part{}
		}
		p.kept[key] = found
	}
	p.mu.Unlock()
	return found.answer()
}
