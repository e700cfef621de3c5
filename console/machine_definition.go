package console

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/value"
)

// definitionFile is the name under which definitions are read: both forms, YAML and JSON, are.
const definitionFile = "definition.yaml"

// machineDefinition shows the source with what the check of definitions finds in it.
func (c *Console) machineDefinition(r *request) (view.Page, error) {
	answer, p, head, err := r.described(view.DefinitionTab)
	if err != nil {
		return p, err
	}
	shown := view.MachineDefinition{MachineHead: head}
	definition := text(answer, "definition")
	definition, shown.Indented = laidOut(definition)
	m, err := asl.Parse(definition, asl.Options{File: definitionFile, Express: head.Type == "EXPRESS"})
	var found asl.Findings
	if err == nil {
		found, shown.Valid = m.Warnings, true
		shown.Graph, _ = drawing(value.OfMembers(member("definition", value.OfString(definition))), head, r)
	} else if !errors.As(err, &found) {
		return p, err
	}
	shown.Source = view.Source{Text: definition, URL: head.URL + "/definition.txt", Remarks: remarks(found)}
	shown.Checked = checked(found, shown.Valid)
	p.Content = shown
	return p, nil
}

// laidOut breaks a definition into lines that was given as one.
func laidOut(definition string) (text string, changed bool) {
	var out bytes.Buffer
	if strings.Contains(strings.TrimSpace(definition), "\n") || json.Indent(&out, []byte(definition), "", "  ") != nil {
		return definition, false
	}
	return out.String(), true
}

func remarks(found asl.Findings) []view.Remark {
	var all []view.Remark
	for _, f := range found {
		message := f.Message
		if f.Hint != "" {
			message += " (" + f.Hint + ")"
		}
		all = append(all, view.Remark{Line: f.Position.Line, Column: f.Position.Column, Severity: string(f.Severity), Text: message})
	}
	return all
}

func checked(found asl.Findings, valid bool) string {
	switch {
	case !valid:
		return "The definition has " + counted(len(found), "mistake") + "."
	case len(found) > 0:
		return "The definition is valid, with " + counted(len(found), "warning") + "."
	}
	return "The definition is valid."
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// machineSource is the definition as it is stored.
func (c *Console) machineSource(w http.ResponseWriter, r *request) error {
	answer, _, _, err := r.described(view.DefinitionTab)
	if err != nil {
		return err
	}
	return plain(w, text(answer, "definition"))
}

// plain writes a text of which no browser makes anything else.
func plain(w http.ResponseWriter, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, text) // the reader may have gone
	return nil
}
