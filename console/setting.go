package console

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
)

// Backups makes copies of what the server keeps.
type Backups interface {
	// Start begins one. Error: Conflict while one is made.
	Start() error
	State() BackupState
}

// BackupState is what is made, and what became of the last one.
type BackupState struct {
	Running bool
	Since   time.Time
	Problem string // empty: it went well
}

func (c *Console) settingArea() area {
	return area{
		pages:   []page{{"/console/settings", c.settings}},
		actions: []action{{"/console/settings/backup", api.Admin, c.backUp}},
	}
}

func (c *Console) settings(r *request) (view.Page, error) {
	shown := view.Settings{Folder: c.Data}
	if c.Settings != nil {
		shown.Groups = c.Settings()
	}
	for _, g := range shown.Groups {
		for i := range g.Pairs {
			g.Pairs[i].Value = masked(g.Pairs[i].Name, g.Pairs[i].Value)
		}
	}
	shown.Parts = partsOf(c.Data)
	for _, p := range shown.Parts {
		shown.Size += p.Bytes
	}
	shown.Backup = c.backupPart()
	err := c.count(r, &shown)
	return view.Page{Title: "Settings", Section: view.SettingsSection, Live: "all", Content: shown}, err
}

// count adds how many executions there are, by how they ended.
func (c *Console) count(r *request, shown *view.Settings) error {
	tallies, err := c.Engine.Tallies(r.Context(), time.Unix(0, 0))
	numbers := map[machine.Status]int64{}
	for _, t := range tallies {
		numbers[t.Status] += t.Number
	}
	for _, s := range []machine.Status{machine.RunningStatus, machine.Succeeded, machine.Failed, machine.TimedOut, machine.Aborted} {
		shown.Counts = append(shown.Counts, view.Pair{Name: "Executions " + strings.ToLower(strings.ReplaceAll(string(s), "_", " ")), Value: strconv.FormatInt(numbers[s], 10)})
	}
	return err
}

// meanings are what the parts of the data folder hold.
var meanings = map[string]string{
	"state.db": "executions, tables and what services keep", "warehouse.duckdb": "the warehouse", "buckets": "buckets that are no folders of the project",
	"logs": "the server's log, mails and notifications", "dead-letters": "what could not be delivered", "functions": "the code of functions", "jobs": "working folders of jobs",
	"uploads": "parts of unfinished uploads", "backups": "backups",
}

// maxFiles bounds how many files of a part are counted.
const maxFiles = 20_000

// partsOf are the files and folders of the data folder; a database stands with its log.
func partsOf(data string) []view.FolderPart {
	entries, err := os.ReadDir(data)
	if err != nil {
		return nil // there is none yet
	}
	var parts []view.FolderPart
	for _, e := range entries {
		part := sized(filepath.Join(data, e.Name()))
		name := e.Name()
		for _, end := range []string{"-wal", "-shm", ".wal"} {
			name = strings.TrimSuffix(name, end)
		}
		if i := slices.IndexFunc(parts, func(p view.FolderPart) bool { return p.Name == name }); i >= 0 {
			parts[i].Bytes, parts[i].Files = parts[i].Bytes+part.Bytes, parts[i].Files+part.Files
			continue
		}
		part.Name, part.Meaning = name, meanings[name]
		parts = append(parts, part)
	}
	slices.SortFunc(parts, func(a, b view.FolderPart) int { return int(max(-1, min(1, b.Bytes-a.Bytes))) })
	return parts
}

// sized adds up the files of a folder, or of a file alone.
func sized(path string) view.FolderPart {
	var part view.FolderPart
	_ = filepath.WalkDir(path, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil // what went away meanwhile counts nothing
		}
		if part.Files == maxFiles {
			part.More = true
			return fs.SkipAll
		}
		if info, err := e.Info(); err == nil {
			part.Bytes += info.Size()
			part.Files++
		}
		return nil
	})
	return part
}

// backupPart lists the backups, the newest first.
func (c *Console) backupPart() view.BackupPart {
	part := view.BackupPart{Folder: filepath.Join(c.Data, "backups"), Data: c.Data}
	if c.Backups != nil {
		state := c.Backups.State()
		part.Running, part.Since, part.Problem = state.Running, state.Since, state.Problem
	}
	entries, _ := os.ReadDir(part.Folder) // there may be none
	for _, e := range slices.Backward(entries) {
		if at, err := time.Parse(BackupName, e.Name()); err == nil {
			part.Backups = append(part.Backups, view.BackupRow{Name: e.Name(), At: at, Bytes: sized(filepath.Join(part.Folder, e.Name())).Bytes})
		}
	}
	return part
}

// BackupName is how a backup is named by its time.
const BackupName = "2006-01-02T15-04-05Z"

// shortly is how long a form waits for a backup, which is small mostly.
const shortly = 3 * time.Second

func (c *Console) backUp(r *request) (next, notice string, err error) {
	if c.Backups == nil {
		return "", "", fault.New(fault.Unavailable, "this server makes no backups")
	}
	if err := c.Backups.Start(); err != nil {
		return "", "", err
	}
	for until := time.Now().Add(shortly); c.Backups.State().Running && time.Now().Before(until) && pause(r.Context(), gather); {
	}
	switch state := c.Backups.State(); {
	case state.Running:
		notice = "The backup is being made. Load this page again to see its end."
	case state.Problem == "":
		notice = "The backup was made."
	}
	return "/console/settings", notice, nil
}
