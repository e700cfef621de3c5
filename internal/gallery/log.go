package main

import "github.com/stepwell/stepwell/console/view"

func logEntries() []entry {
	page := func(title string, content view.Content) view.Page {
		return within(view.Link{Text: "Logs", URL: "/console/logs"}, view.LogsSection, title, content)
	}
	group := view.LogGroup{Name: "/aws/batch/job", URL: "/console/logs/x"}
	streams, stream, found, nothing := group, group, group, group
	streams.Streams = []view.LogStreamRow{
		{Link: view.Link{Text: "rsql-load/default/5d3c8a5e3d2c4f0e9c550e8f4d4b3c1f", URL: "/console/logs/x?stream=y"}, First: at(9, 0, 0), Last: at(9, 0, 5)},
		{Link: view.Link{Text: `<img src=x onerror=alert(1)>`, URL: "/console/logs/x?stream=z"}, First: at(8, 0, 0), Last: at(8, 0, 5)},
	}
	streams.Pager.Next = "/console/logs/x?after=y"
	stream.Stream, stream.Lines, stream.Searched, stream.Newer = "rsql-load/default/5d3c8a5e3d2c4f0e9c550e8f4d4b3c1f", jobLog, true, "/console/logs/x?after=z"
	found.Searched, found.Filter.Text = true, "ERROR"
	for _, line := range jobLog[2:] {
		line.Stream = streams.Streams[0].Link
		found.Lines = append(found.Lines, line)
	}
	nothing.Searched, nothing.Filter.Text = true, "nothing like this"
	return []entry{
		{"logs", page("Logs", view.Logs{Groups: []view.LogGroupRow{
			{Link: view.Link{Text: "/aws/batch/job", URL: "/console/logs/x"}, Created: at(6, 0, 0), Bytes: 48_220_113},
			{Link: view.Link{Text: "/aws/lambda/load_files", URL: "/console/logs/y"}, Created: at(6, 0, 0), Days: 30, Bytes: 1220},
		}})},
		{"logs-empty", page("Logs", view.Logs{})},
		{"loggroup", page("/aws/batch/job", streams)}, {"log", page(stream.Stream, stream)}, {"log-found", page("/aws/batch/job", found)}, {"log-nothing", page("/aws/batch/job", nothing)},
	}
}
