package view

import "time"

// Settings is what the server is, and how it is configured.
type Settings struct {
	Groups []SettingGroup
	// Parts are what is in the data folder, and Size all of it in bytes.
	Folder string
	Parts  []FolderPart
	Size   int64
	Counts []Pair
	Backup BackupPart
}

// Template names the page's file.
func (Settings) Template() string { return "settings" }

// SettingGroup are settings that belong together.
type SettingGroup struct {
	Title string
	// Note says what they mean, or what there is when nothing is set.
	Note  string
	Pairs []Pair
}

// FolderPart is a file or folder of the data folder.
type FolderPart struct {
	Name, Meaning string
	Bytes         int64
	// Files is how many there are; More says that not all were counted.
	Files int
	More  bool
}

// BackupPart is the part of the page about backups.
type BackupPart struct {
	Running bool
	Since   time.Time
	Problem string
	Backups []BackupRow
	// Folder is where they are, Data the data folder that they go back to.
	Folder, Data string
}

// BackupRow is a backup that was made.
type BackupRow struct {
	Name  string
	At    time.Time
	Bytes int64
}
