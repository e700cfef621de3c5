package console

import (
	"strings"
	"unicode/utf8"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
)

func (c *Console) searchArea() area {
	return area{pages: []page{{"/console/search", c.search}}}
}

const (
	// maxHits is how many things of one kind are shown, maxWords how many characters are looked for.
	maxHits  = 10
	maxWords = 200
)

// finder looks for one kind of things. The words are not empty, and not longer than maxWords.
type finder struct {
	title string
	find  func(r *request, words string) ([]view.SearchHit, error)
}

func (c *Console) finders() []finder {
	return []finder{
		{"Executions", c.findExecutions}, {"State machines", c.findMachines}, {"Tables and views", c.findTables}, {"Functions", c.findFunctions},
		{"Jobs", c.findJobs}, {"Schedules and rules", c.findSchedules}, {"Topics", c.findTopics}, {"DynamoDB tables", c.findDynamo}, {"Log groups", c.findLogGroups},
		{"Statements", c.findStatements},
	}
}

// search looks for some words everywhere. A kind that does not answer says so in its part.
func (c *Console) search(r *request) (view.Page, error) {
	words := strings.TrimSpace(strings.ToValidUTF8(r.URL.Query().Get("q"), ""))
	if utf8.RuneCountInString(words) > maxWords {
		words = string([]rune(words)[:maxWords])
	}
	shown := view.Search{Words: words}
	if words != "" {
		for _, f := range c.finders() {
			shown.Groups = append(shown.Groups, f.group(r, words))
		}
	}
	return view.Page{Title: "Search", Search: words, Content: shown}, nil
}

func (f finder) group(r *request, words string) view.SearchGroup {
	hits, err := f.find(r, words)
	g := view.SearchGroup{Title: f.title, Hits: hits}
	if len(hits) > maxHits {
		g.Hits, g.More = hits[:maxHits], true
	}
	switch kind := fault.KindOf(err); {
	case err == nil || kind == fault.NotFound || kind == fault.Invalid || kind == fault.Denied: // the words are not of this kind, or it is not for this user
	case kind == fault.Internal:
		r.console.Log.Error("search", "for", f.title, "error", err)
		g.Problem = "This could not be searched; the server's log says why."
	default:
		g.Problem = err.Error()
	}
	return g
}

// has reports whether a name has the words in it, in any letters.
func has(name, words string) bool {
	return strings.Contains(strings.ToLower(name), strings.ToLower(words))
}
