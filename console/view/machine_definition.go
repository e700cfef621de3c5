package view

import (
	"html/template"
	"time"
)

// MachineDefinition is a state machine's source.
type MachineDefinition struct {
	MachineHead
	Source Source
	Graph  template.HTML
	// Checked says what the check of the definition came to.
	Checked string
	Valid   bool
	// Indented says that the definition is one long line, and laid out to be read.
	Indented bool
}

// Template names the page's file.
func (MachineDefinition) Template() string { return "machine_definition" }

// MachineVersions are the versions and aliases of a state machine, and what changed between two of them.
type MachineVersions struct {
	MachineHead
	Versions []VersionRow
	Aliases  []AliasRow
	// From and To are the choices of what is compared.
	From, To   []Option
	Difference []DifferenceLine
	// Compared says that two were.
	Compared bool
	Pager    Pager
}

// Template names the page's file.
func (MachineVersions) Template() string { return "machine_versions" }

// VersionRow is a version.
type VersionRow struct {
	Number, Description, Revision string
	Created                       time.Time
	// Compare leads to what changed until the next one.
	Compare string
}

// AliasRow is an alias with the versions that it leads to.
type AliasRow struct {
	Name, Description string
	Routes            []string
	Updated           time.Time
}

// MachineDetails is what there is to know about a state machine beside what it does.
type MachineDetails struct {
	MachineHead
	Created        time.Time
	Status         string
	Role, Revision string
	Description    string
	// Level is what is logged, LogGroup where; DataLogged says that inputs and outputs are.
	Level      string
	LogGroup   Link
	DataLogged bool
	Tags       []Pair
	Triggers   []Trigger
}

// Template names the page's file.
func (MachineDetails) Template() string { return "machine_details" }

// Pair is a name with its value.
type Pair struct{ Name, Value string }

// MachineStart is the form that starts an execution.
type MachineStart struct {
	MachineHead
	Form StartForm
	// Targets are the state machine itself, and its versions and aliases.
	Targets []Option
	// Source says where the input that stands in the form comes from.
	Source Link
}

// Template names the page's file.
func (MachineStart) Template() string { return "machine_start" }

// Choose marks the target that was chosen, and returns it: one of the targets, else the state machine itself.
func (s MachineStart) Choose(target string) string {
	for i := range s.Targets {
		if s.Targets[i].Chosen = s.Targets[i].Value == target; s.Targets[i].Chosen {
			return target
		}
	}
	return s.ARN
}

// StartForm is the form of a new execution, as it was typed.
type StartForm struct {
	Name, Input string
	// Error says what is wrong with it.
	Error string
}
