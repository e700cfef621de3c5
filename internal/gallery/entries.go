package main

import (
	"slices"
	"time"

	"github.com/stepwell/stepwell/console/view"
)

// entry is a page of the gallery. A name with a dash is a variant: execution-failed.
type entry struct {
	name string
	page view.Page
}

var entries = slices.Concat(
	[]entry{
		{"login", view.Page{Title: "Log in", Content: view.Login{Next: "/console/", Name: "dana"}}},
		{"login-refused", view.Page{Title: "Log in", Content: view.Login{Next: "/console/", Name: "dana"}, Notice: "This name and this password do not belong together.", Failed: true}},
		{"login-ended", view.Page{Title: "Log in", Notice: "You are not logged in any more, so nothing was done. Log in and send the form again.", Failed: true, Content: view.Login{
			Next: "/console/sql", Typed: []view.Pair{{Name: "limit", Value: "10m"}, {Name: "text", Value: "select i_category, sum(ss_net_paid) as paid\nfrom public.store_sales join public.item using (i_item_sk)\nwhere i_category <> '<script>'\ngroup by 1;"}},
		}}},
		{"problem", view.Page{Title: "Not Found", Content: view.Problem{Text: "there is no page /console/nothing", Back: view.Link{Text: "Overview", URL: "/console/"}}}},
	},
	overviewEntries(),
	statementEntries(), sqlEntries(), warehouseEntries(), loadEntries(), tableEntries(), bucketEntries(),
	executionEntries(), machineEntries(), scheduleEntries(), jobEntries(), functionEntries(), topicEntries(), logEntries(), settingEntries(), searchEntries(),
)

// within is a page of a section: its list, which has the list's title, or one of what is listed.
func within(list view.Link, section view.Section, title string, content view.Content) view.Page {
	p := view.Page{Title: title, Section: section, Content: content}
	if title != list.Text {
		p.Crumbs = []view.Link{list}
	}
	return p
}

// at is a moment of the day of all pages.
func at(hour, minute, second int) time.Time {
	return time.Date(2026, 3, 2, hour, minute, second, 0, time.UTC)
}
