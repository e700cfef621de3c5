package console

import (
	"net/url"
	"strings"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/origin"
)

// originLinks lead to what asked for a piece of work, the farthest first.
func originLinks(o origin.Origin) []view.Link {
	var links []view.Link
	add := func(known, text, address string) {
		if known != "" {
			links = append(links, view.Link{Text: text, URL: address})
		}
	}
	add(o.Trigger, o.Trigger, "")
	add(o.MapRun, "map run", "/console/mapruns/"+url.PathEscape(o.MapRun))
	add(o.Execution, lastPart(o.Execution), executionURL(o.Execution))
	add(o.State, o.State, executionURL(o.Execution)+"?state="+url.QueryEscape(o.State))
	add(o.Job, "job "+o.Job, "/console/jobs/"+url.PathEscape(o.Job))
	add(o.Function, "function "+o.Function, "/console/functions/"+url.PathEscape(o.Function))
	add(o.Client, o.Client, "")
	return links
}

// lastPart is the name at the end of an ARN.
func lastPart(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }
