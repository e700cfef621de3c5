package main

import "github.com/stepwell/stepwell/console/view"

func settingEntries() []entry {
	page := func(s view.Settings) view.Page {
		return view.Page{Title: "Settings", Section: view.SettingsSection, Content: s}
	}
	settings := view.Settings{
		Groups: []view.SettingGroup{
			{Title: "Server", Pairs: []view.Pair{{Name: "Project", Value: "examples/sales-pipeline"}, {Name: "Version", Value: "v0.8.0"}, {Name: "APIs and console", Value: "http://127.0.0.1:8083"}, {Name: "PostgreSQL", Value: "127.0.0.1:5439"}, {Name: "Access keys", Value: "none: everybody on this machine may do everything"}}},
			{Title: "Buckets", Note: "Other buckets are folders of the data folder.", Pairs: []view.Pair{{Name: "sales-data", Value: "folder data"}, {Name: "archive", Value: "S3 https://s3.example.com eu-central-1 archive-2026"}}},
			{Title: "Mail", Note: "No server is set: mails go to the file logs/mailbox of the data folder."},
		},
		Folder: "examples/sales-pipeline/.stepwell", Size: 61_331_000,
		Parts:  []view.FolderPart{{Name: "warehouse.duckdb", Meaning: "the warehouse", Bytes: 48_220_113, Files: 2}, {Name: "state.db", Meaning: "executions, tables and what services keep", Bytes: 12_110_887, Files: 3}, {Name: "buckets", Bytes: 1_000_000, Files: 20000, More: true}},
		Counts: []view.Pair{{Name: "Executions running", Value: "1"}, {Name: "Executions succeeded", Value: "18423"}, {Name: "Executions failed", Value: "2"}},
		Backup: view.BackupPart{Folder: "examples/sales-pipeline/.stepwell/backups", Data: "examples/sales-pipeline/.stepwell", Backups: []view.BackupRow{{Name: "2026-03-01T22-00-00Z", At: at(22, 0, 0).AddDate(0, 0, -1), Bytes: 31_220_000}}},
	}
	running := settings
	running.Backup = view.BackupPart{Running: true, Since: at(9, 29, 0), Folder: settings.Backup.Folder, Data: settings.Folder}
	failed := settings
	failed.Backup = view.BackupPart{Problem: "back up the warehouse: no space left on device", Folder: settings.Backup.Folder, Data: settings.Folder}
	return []entry{{"settings", page(settings)}, {"settings-running", page(running)}, {"settings-failed", page(failed)}}
}

func searchEntries() []entry {
	page := func(s view.Search) view.Page { return view.Page{Title: "Search", Search: s.Words, Content: s} }
	return []entry{
		{"search", page(view.Search{Words: "sales", Groups: []view.SearchGroup{
			{Title: "Executions", Hits: []view.SearchHit{{Link: view.Link{Text: "sales-2026-03-02", URL: "/console/executions/x"}, Status: "FAILED", Note: "RefreshSales, 2026-03-02 09:00:00"}}, More: true},
			{Title: "State machines", Hits: []view.SearchHit{{Link: view.Link{Text: "RefreshSales", URL: machineHead.URL}}}},
			{Title: "Tables and views", Problem: "the warehouse is busy and did not answer within 2s"},
			{Title: "Statements", Hits: []view.SearchHit{{Link: view.Link{Text: "insert into public.sales_fact select * from stage_sales where note <> '<script>alert(1)</script>'", URL: "/console/statements/77"}, Status: "success", Note: "2026-03-02 09:00:00"}}},
		}})},
		{"search-nothing", page(view.Search{Words: "<b>nothing</b>"})}, {"search-empty", page(view.Search{})},
	}
}
