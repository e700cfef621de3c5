package view

// Search is what was found for some words.
type Search struct {
	Words  string
	Groups []SearchGroup
}

// Template names the page's file.
func (Search) Template() string { return "search" }

// SearchGroup is what was found of one kind.
type SearchGroup struct {
	Title string
	Hits  []SearchHit
	// More says that there are others, and Problem why nothing was looked for.
	More    bool
	Problem string
}

// SearchHit is one thing that was found.
type SearchHit struct {
	Link
	Note   string
	Status string
}

// Found counts the hits.
func (s Search) Found() int {
	n := 0
	for _, g := range s.Groups {
		n += len(g.Hits)
	}
	return n
}
